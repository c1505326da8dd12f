import { compareText } from '../base/text.ts';
import { normalizeName } from '../pep/name.ts';
import { compareVersions, tryParseVersion } from '../pep/version.ts';
import packages1603 from './data/python-packages-16.03.json' with { type: 'json' };
import packages1803 from './data/python-packages-18.03.json' with { type: 'json' };
import packagesModern from './data/python-packages-modern.json' with { type: 'json' };
import { PACKAGES_SINCE } from './oldest-release.ts';
import { certainPackageNeeds, packageNeeds } from './package-needs.ts';
import { type Generation, generationOf, standIn } from './releases.ts';
import { systemAttribute } from './system-names.ts';

/** A Python package of a set. */
export interface PackageSetEntry {
  /** For example `dateutil`; not always an identifier (`3to2`). */
  readonly attribute: string;
  /** As the set spells it; null where only the name is known. */
  readonly version: string | null;
  /** Its extras, normalised; missing: not known. */
  readonly extras?: readonly string[];
  /** Missing: not known. */
  readonly broken?: boolean;
  /** Whether the interpreter that decides cannot have it; missing: not known. */
  readonly disabled?: boolean;
  /** What was read of it for each interpreter of a run; missing: nothing was read. */
  readonly targets?: readonly EntryTarget[];
}

/** A package of the set for one interpreter. */
export interface EntryTarget {
  /** X.Y. */
  readonly python: string;
  readonly implementation: 'cpython' | 'pypy';
  /** Whether the expressions have to work there. */
  readonly binds: boolean;
  readonly version: string | null;
  /** Why it cannot be used there; null when it can. */
  readonly lack: 'missing' | 'broken' | 'disabled' | null;
}

/** A package that a set has of a project under another attribute, mostly in another version: `django_4` beside `django`. */
export interface OtherPackage {
  readonly entry: PackageSetEntry;
  /** As `needsOf` of the set. */
  readonly needs: readonly string[] | null;
  /** As `certainNeedsOf` of the set. */
  readonly certainNeeds: readonly string[] | null;
}

/** The names of a Python package set of nixpkgs: what it has, and how its attributes are called. */
export interface PackageSetNames {
  /** For the header and messages, for example `the builtin list`. */
  readonly source: string;
  /** The package of a project (PEP 503 name), null when the set has none. Of several attributes the PEP 503 name, else the shortest. */
  attributeOf(project: string): PackageSetEntry | null;
  /** What it has of a project (PEP 503 name) besides that, as far as the version is known: the newest first, and of these the better names. */
  othersOf(project: string): readonly OtherPackage[];
  /** Whether the set has an attribute of this very name, packages, helpers and hooks alike. */
  has(attribute: string): boolean;
  /**
   * The attribute under which a generated package of the project goes into the set: that of the package that it replaces, else the PEP 503 name;
   * `python-NAME` where the set or nixpkgs has a helper of that name (`lib`, `fetchurl`), which a package must not hide from the expressions that take it as an argument.
   */
  attributeForGenerated(project: string): string;
  /** Whether `callPackage` gives a member of the Python set for this name, and not the system library of nixpkgs (`libxml2`). */
  shadowedByPython(attribute: string): boolean;
  /** The projects that it has, PEP 503 names in no order. */
  projects(): Iterable<string>;
  /** The projects (PEP 503 names) whose versions are known, each with the version as the set spells it. */
  versions(): ReadonlyMap<string, string>;
  /** Whether the set itself was read: what it lists is known to be there in that version, and nothing else is. */
  readonly isEvaluated: boolean;
  /**
   * What the package of a project (PEP 503 name) may need to be built, tested and run, by the same names; null when that is not known. It may name too much: leaving
   * a check input out is safe, and recursing for ever is not.
   */
  needsOf(project: string): readonly string[] | null;
  /** As `needsOf`, but only what is certain: for what ends a run. */
  certainNeedsOf(project: string): readonly string[] | null;
  /** The attribute (or path with dots) of a system library or tool, from its attribute in a current nixpkgs; null where it is known that there is none. */
  systemAttribute(name: string): string | null;
  /** Whether `lib.licenses` has an attribute; true where that is not known. */
  hasLicence(attribute: string): boolean;
}

/** The shipped list of names that stands for a release. The same on every machine; nothing of the user's nixpkgs is read. */
export function builtinSet(release: string): PackageSetNames {
  const generation = generationOf(release);
  const of = standIn(release);
  const key = `${generation} ${of}`;
  const list = LISTS[generation];
  const known = built.get(key) ?? (of === null ? namesOf(list()) : namesOf(withoutVersions(list()), `of ${of}`));
  built.set(key, known);
  const isThere = (attribute: string): boolean => (PACKAGES_SINCE.get(attribute) ?? '') <= release;
  return {
    ...known,
    attributeOf: (project) => (isThere(project) ? known.attributeOf(project) : null),
    othersOf: (project) =>
      known.others(project).map((entry) => ({
        entry,
        needs: packageNeeds(project, release),
        certainNeeds: certainPackageNeeds(project, release),
      })),
    has: (attribute) => isThere(attribute) && known.has(attribute),
    isEvaluated: false,
    needsOf: (project) => packageNeeds(project, release),
    certainNeedsOf: (project) => certainPackageNeeds(project, release),
    systemAttribute: (name) => systemAttribute(name, release),
    hasLicence: () => true,
  };
}

/** What a shipped list tells by itself. */
type ListedNames = Omit<
  PackageSetNames,
  'isEvaluated' | 'othersOf' | 'needsOf' | 'certainNeedsOf' | 'systemAttribute' | 'hasLicence'
> & {
  /** As `othersOf`. */
  others(project: string): readonly PackageSetEntry[];
};

const built = new Map<string, ListedNames>();

function withoutVersions(list: PackageList): PackageList {
  return { ...list, packages: list.packages.map((entry) => ({ ...entry, version: null })) };
}

interface PackageList {
  /** Attributes of packages whose project has the same name, versions unknown. */
  readonly plain: ReadonlySet<string>;
  /** Every other attribute with its project and version. */
  readonly packages: readonly (PackageSetEntry & { readonly project: string })[];
  /** Attributes that are no packages of a project: helpers and hooks. */
  readonly others: readonly string[];
}

const LISTS: Readonly<Record<Generation, () => PackageList>> = {
  '16.03': () => versionedList(packages1603),
  '18.03': () => versionedList(packages1803),
  modern: modernList,
};

/** Values are `VERSION`, or `PROJECT VERSION` where the project's PEP 503 name is not that of the attribute. */
function versionedList(data: {
  readonly packages: Readonly<Record<string, string>>;
  readonly others: string;
}): PackageList {
  const packages = Object.entries(data.packages).map(([attribute, value]) => {
    const [version, project] = value.split(' ').reverse();
    return { attribute, project: project ?? normalizeName(attribute), version: version ?? null };
  });
  return { plain: new Set(), packages, others: data.others.split(' ') };
}

/** From 20.09 on the attribute is the PEP 503 name; these are the projects whose attribute is another. */
const MODERN_EXCEPTIONS: Readonly<Record<string, string>> = {
  'faiss-cpu': 'faiss',
  'mysql-connector-python': 'mysql-connector',
  pygobject: 'pygobject3',
};

function modernList(): PackageList {
  const plain = new Set(packagesModern.packages.flatMap((line) => line.split(' ')));
  const packages: (PackageSetEntry & { project: string })[] = [];
  for (const attribute of plain) {
    if (IS_PROJECT_NAME.test(attribute)) continue;
    packages.push({ attribute, project: normalizeName(attribute), version: null });
  }
  for (const [project, attribute] of Object.entries(MODERN_EXCEPTIONS)) {
    if (!plain.has(attribute)) continue;
    plain.delete(project);
    packages.push({ attribute, project, version: null });
  }
  for (const { attribute } of packages) if (!IS_PROJECT_NAME.test(attribute)) plain.delete(attribute);
  return { plain, packages, others: packagesModern.others.split(' ') };
}

/** PEP 503 form: thousands of names have it, and need no normalising. */
const IS_PROJECT_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;

/** What `callPackage` gives besides packages under names that projects can have, too: expressions of the set and ours take them as arguments. */
export const NIXPKGS_HELPERS: ReadonlySet<string> = new Set([
  ...['config', 'final', 'lib', 'overlays', 'path', 'pkgs', 'prev', 'python', 'self', 'stdenv', 'super', 'system'],
  ...['fetchbzr', 'fetchcvs', 'fetchdarcs', 'fetchfossil', 'fetchgit', 'fetchhg', 'fetchipfs', 'fetchmtn'],
  ...['fetchpatch', 'fetchpatch2', 'fetchsvn', 'fetchtorrent', 'fetchurl', 'fetchzip', 'substitute'],
]);

function namesOf(list: PackageList, which = ''): ListedNames {
  const others = new Set(list.others);
  const named = new Set(list.packages.map((entry) => entry.attribute));
  const has = (attribute: string): boolean =>
    list.plain.has(attribute) || named.has(attribute) || others.has(attribute);
  const byProject = new Map<string, PackageSetEntry>();
  for (const { project, attribute, version } of list.packages) {
    const other = byProject.get(project);
    if (other === undefined || isBetterName(attribute, other.attribute, project))
      byProject.set(project, { attribute, version });
  }
  const attributeOf = (project: string): PackageSetEntry | null =>
    list.plain.has(project) ? { attribute: project, version: null } : (byProject.get(project) ?? null);
  return {
    source: ['the builtin list', which].join(' ').trim(),
    attributeOf,
    others: (project) =>
      list.packages
        .filter((entry) => entry.project === project && entry.version !== null)
        .filter(({ attribute }) => attribute !== attributeOf(project)?.attribute)
        .map(({ attribute, version }) => ({ attribute, version }))
        .sort((a, b) => compareOthers(a, b, project)),
    has,
    attributeForGenerated: (project) =>
      attributeOf(project)?.attribute ??
      (others.has(project) || NIXPKGS_HELPERS.has(project) ? `python-${project}` : project),
    shadowedByPython: has,
    projects: () => [...list.plain, ...byProject.keys()],
    versions: () =>
      new Map([...byProject].flatMap(([project, { version }]) => (version === null ? [] : [[project, version]]))),
  };
}

/** The order of other packages of a project: the newest first, what is no version last, and of these the better names. */
export function compareOthers(
  a: Pick<PackageSetEntry, 'attribute' | 'version'>,
  b: Pick<PackageSetEntry, 'attribute' | 'version'>,
  project: string,
): number {
  const [first, second] = [tryParseVersion(a.version ?? ''), tryParseVersion(b.version ?? '')];
  const byVersion =
    first === null || second === null
      ? Number(first === null) - Number(second === null)
      : compareVersions(second, first);
  return byVersion || (isBetterName(a.attribute, b.attribute, project) ? -1 : 1);
}

/** Whether an attribute names a project (PEP 503 name) better than another: the PEP 503 name does, else the shortest. */
export function isBetterName(attribute: string, than: string, project: string): boolean {
  if (attribute === project || than === project) return attribute === project;
  return attribute.length - than.length < 0 || (attribute.length === than.length && compareText(attribute, than) < 0);
}
