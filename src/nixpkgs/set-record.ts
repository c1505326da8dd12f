import * as v from 'valibot';
import { sortedUnique } from '../base/text.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { BOOTSTRAP_PROJECTS } from './bootstrap.ts';
import { hasPrefix, projectOf, versionOf } from './project-of.ts';

/** Why a package of a set cannot be used: `disabled` stands for all that Nix refuses to evaluate for this interpreter. */
export type Lack = 'broken' | 'disabled';

/** A package of the Python set of one interpreter. */
export interface SetPackage {
  readonly attribute: string;
  /** PEP 503 name. */
  readonly project: string;
  /** Null where it says none that a version could be. */
  readonly version: string | null;
  /** Its extras, normalised. */
  readonly extras: readonly string[];
  readonly lack: Lack | null;
  /** What it needs to be built, tested and run of its set, PEP 503 names; null where that could not be read. */
  readonly needs: readonly string[] | null;
  /** Those of its needs that it has in a form of its own (`hypothesis.override { doCheck = false; }`), which may need less than the member of the set. */
  readonly variants: readonly string[];
  /** Only the attribute tells the project: another set may know better. */
  readonly isGuessed: boolean;
}

/** What was read of the Python set of one interpreter. */
export interface SetRecord {
  readonly packages: readonly SetPackage[];
  /** Attributes that are no packages of projects: helpers, hooks, interpreters. */
  readonly others: readonly string[];
  /** Attributes on which Nix gives up altogether. */
  readonly unreadable: readonly string[];
}

/**
 * Makes a record of what `PYTHON_SETS` evaluated to. Names and versions come from outside: what is no name of an attribute or of a project is left out, and what is
 * no version counts as not known. Throws v.ValiError for what has another shape.
 */
export function setRecordOf(
  evaluated: unknown,
  { prefix, unreadable }: { readonly prefix: string; readonly unreadable: readonly string[] },
): SetRecord {
  const members = v.parse(v.array(Member), evaluated).filter(({ attribute }) => isAttributeName(attribute));
  const needsOf = needsReader(members, prefix);
  const packages: SetPackage[] = [];
  const others: string[] = [];
  for (const member of members) {
    const made = packageOf(member, { prefix, needsOf });
    if (made === null) others.push(member.attribute);
    else packages.push(made);
  }
  for (const attribute of unreadable) {
    const refused = isAttributeName(attribute) ? refusedPackage(attribute) : null;
    if (refused !== null) packages.push(refused);
  }
  return { packages, others, unreadable: unreadable.filter(isAttributeName) };
}

/** Records of the cache, null for what is none. */
export function readSetRecords(value: unknown): readonly SetRecord[] | null {
  const read = v.safeParse(v.array(KeptRecord), value);
  return read.success ? read.output : null;
}

const KeptRecord = v.object({
  packages: v.array(
    v.object({
      attribute: v.string(),
      project: v.string(),
      version: v.nullable(v.string()),
      extras: v.array(v.string()),
      lack: v.nullable(v.picklist(['broken', 'disabled'])),
      needs: v.nullable(v.array(v.string())),
      variants: v.array(v.string()),
      isGuessed: v.boolean(),
    }),
  ),
  others: v.array(v.string()),
  unreadable: v.array(v.string()),
});

const Text = v.nullable(v.string());

const Package = v.object({
  attribute: v.string(),
  kind: v.literal('package'),
  name: Text,
  pname: Text,
  version: Text,
  url: Text,
  python: v.boolean(),
  extras: v.array(v.string()),
  broken: v.boolean(),
  disabled: v.boolean(),
  tests: v.boolean(),
  /** Names of the inputs, each with whether its tests run. */
  needs: v.nullable(v.array(v.tuple([v.string(), v.boolean()]))),
});
type Package = v.InferOutput<typeof Package>;

const Member = v.variant('kind', [
  Package,
  v.object({ attribute: v.string(), kind: v.picklist(['null', 'throws', 'other']) }),
]);
type Member = v.InferOutput<typeof Member>;

/** What an attribute can be called that an expression of ours names: the characters of identifiers, and those that nixpkgs has in quotes. */
export function isAttributeName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_'.+-]{0,199}$/u.test(text);
}

function packageOf(
  member: Member,
  { prefix, needsOf }: { readonly prefix: string; readonly needsOf: (member: Package) => Needs },
): SetPackage | null {
  if (member.kind === 'other') return null;
  if (member.kind !== 'package') return refusedPackage(member.attribute);
  if (!isPython(member, prefix)) return null;
  const names = { ...member, name: member.name ?? member.attribute };
  const project = projectOf(names, prefix);
  if (project === null) return null;
  return {
    attribute: member.attribute,
    project,
    version: versionOf(names, prefix),
    extras: sortedUnique(member.extras.filter(isProjectName).map(normalizeName)),
    lack: member.broken ? 'broken' : member.disabled ? 'disabled' : null,
    ...needsOf(member),
    isGuessed: false,
  };
}

/** What throws, and what is null, stands for a package that this interpreter does not have. */
function refusedPackage(attribute: string): SetPackage | null {
  if (!isProjectName(attribute)) return null;
  const project = normalizeName(attribute);
  return {
    attribute,
    project,
    version: null,
    extras: [],
    lack: 'disabled',
    needs: null,
    variants: [],
    isGuessed: true,
  };
}

/** Sets before 17.09 do not mark what is made for their interpreter, but name it so. */
function isPython({ name, python }: Package, prefix: string): boolean {
  return python || (name !== null && hasPrefix(name, prefix));
}

/**
 * What a package needs, from the names of its inputs. An input that is another member of the set but no Python package (`pytestCheckHook`) stands for what it needs
 * itself; the packages that the builder is made with are in every package by its hooks, in a form of their own that no overlay replaces, so they count only where
 * the package names them.
 */
function needsReader(members: readonly Member[], prefix: string): (member: Package) => Needs {
  const packages = members.flatMap((member) => (member.kind === 'package' ? [member] : []));
  const projects = new Map<string, { readonly project: string; readonly tests: boolean }>();
  const hooks = new Map<string, Package | null>();
  for (const member of packages) {
    if (member.name === null) continue;
    const isMember = isPython(member, prefix);
    const project = isMember ? projectOf({ ...member, name: member.name }, prefix) : null;
    if (project !== null) projects.set(member.name, { project, tests: member.tests });
    // Hooks of old releases are all called `hook`, which tells nothing.
    else if (!isMember) hooks.set(member.name, hooks.has(member.name) ? null : member);
  }
  return (member) => {
    if (member.needs === null) return { needs: null, variants: [] };
    const own = member.name === null ? undefined : projects.get(member.name)?.project;
    const reached = new Set<string>();
    const collect = (inputs: Package['needs'], byHook: boolean): { project: string; isVariant: boolean }[] =>
      (inputs ?? []).flatMap(([name, tests]) => {
        const found = projects.get(name);
        if (found !== undefined) {
          const { project } = found;
          return byHook && BOOTSTRAP_PROJECTS.has(project) ? [] : [{ project, isVariant: tests !== found.tests }];
        }
        if (reached.has(name)) return [];
        reached.add(name);
        return collect(hooks.get(name)?.needs ?? [], true);
      });
    const found = collect(member.needs, false).filter(({ project }) => project !== own);
    return {
      needs: sortedUnique(found.map(({ project }) => project)),
      variants: sortedUnique(found.flatMap(({ project, isVariant }) => (isVariant ? [project] : []))),
    };
  };
}

type Needs = Pick<SetPackage, 'needs' | 'variants'>;
