import { sortedUnique } from '../base/text.ts';
import {
  compareOthers,
  type EntryTarget,
  isBetterName,
  NIXPKGS_HELPERS,
  type OtherPackage,
  type PackageSetEntry,
  type PackageSetNames,
} from './package-set.ts';
import type { Interpreter } from './read-nixpkgs.ts';
import type { SetPackage, SetRecord } from './set-record.ts';
import { NESTED_SYSTEM_PATHS, systemSpellings } from './system-names.ts';

/** The Python set of one interpreter of a run. */
export interface TargetSet {
  readonly interpreter: Interpreter;
  /** Whether the expressions have to work there. */
  readonly binds: boolean;
  readonly record: SetRecord;
}

/** What a run knows of the nixpkgs that it is for. */
export interface EvaluatedNixpkgs {
  /** For the header: `nixpkgs 18.03 (commit 0123456789ab)`. */
  readonly title: string;
  /** In the order of the interpreters: the first decides versions and attributes. At least one. */
  readonly sets: readonly TargetSet[];
  readonly systemNames: ReadonlySet<string>;
  readonly systemPaths: ReadonlySet<string>;
  readonly licences: ReadonlySet<string>;
}

/** The names of a package set that was read. What is broken or disabled has an entry that says so, and no version. */
export function evaluatedSet({ title, sets, systemNames, systemPaths, licences }: EvaluatedNixpkgs): PackageSetNames {
  const certain = projectsOfAttributes(sets);
  const indexed = sets.map((set) => ({ ...set, packages: packagesByProject(set.record, certain) }));
  const all = sets.map((set) => ({ ...set, packages: groupedByProject(set.record, certain) }));
  const [first] = indexed;
  if (first === undefined) throw new Error('no Python set was read');
  const taken = new Map<string, string>();
  const others = new Set<string>();
  for (const { record } of indexed) {
    for (const { attribute, project } of record.packages) taken.set(attribute, certain.get(attribute) ?? project);
    for (const attribute of record.others) others.add(attribute);
  }
  const has = (attribute: string): boolean => taken.has(attribute) || others.has(attribute);
  const entries = new Map<string, PackageSetEntry | null>();

  function attributeOf(project: string): PackageSetEntry | null {
    const known = entries.get(project);
    if (known !== undefined) return known;
    const made = entryOf(project, indexed);
    entries.set(project, made);
    return made;
  }

  function othersOf(project: string): readonly OtherPackage[] {
    const first = attributeOf(project)?.attribute;
    const attributes = all
      .flatMap(({ packages }) => packages.get(project) ?? [])
      .flatMap(({ attribute, version, lack }) =>
        attribute === first || version === null || lack !== null ? [] : [attribute],
      );
    const others = sortedUnique(attributes).flatMap((attribute) => {
      const alone = all.map(({ packages, ...set }): Indexed => {
        const own = packages.get(project)?.find((one) => one.attribute === attribute);
        return { ...set, packages: new Map(own === undefined ? [] : [[project, own]]) };
      });
      const entry = entryOf(project, alone);
      return entry === null ? [] : [{ entry, ...needsOfProject(project, alone) }];
    });
    return others.sort((a, b) => compareOthers(a.entry, b.entry, project));
  }

  /** What belongs to the name of another project, or is no package, must not be replaced. */
  function attributeForGenerated(project: string): string {
    const own = attributeOf(project)?.attribute;
    if (own !== undefined) return own;
    const isTaken = has(project) || NIXPKGS_HELPERS.has(project);
    return isTaken ? `python-${project}` : project;
  }

  return {
    source: title,
    isEvaluated: true,
    attributeOf,
    othersOf,
    has,
    attributeForGenerated,
    shadowedByPython: has,
    projects: () => usable(first.packages).map(([project]) => project),
    versions: () =>
      new Map(
        usable(first.packages).flatMap(([project, { version }]) => (version === null ? [] : [[project, version]])),
      ),
    needsOf: (project) => needsOfProject(project, indexed).needs,
    certainNeedsOf: (project) => needsOfProject(project, indexed).certainNeeds,
    hasLicence: (attribute) => licences.size === 0 || licences.has(attribute),
    systemAttribute: (name) => systemSpellings(name).find((spelling) => leads(spelling)) ?? null,
  };

  function leads(name: string): boolean {
    const [top = '', ...path] = name.split('.');
    if (path.length === 0 || !NESTED_SYSTEM_PATHS.includes(name)) return systemNames.has(top);
    return systemPaths.has(name);
  }
}

type Indexed = TargetSet & { readonly packages: ReadonlyMap<string, SetPackage> };

function needsOfProject(project: string, sets: readonly Indexed[]): Pick<OtherPackage, 'needs' | 'certainNeeds'> {
  const needs = (among: readonly Indexed[], choose: (found: SetPackage) => readonly string[]) => {
    const found = among.flatMap(({ packages }) => packages.get(project) ?? []);
    return found.every((own) => own.needs === null) ? null : sortedUnique(found.flatMap(choose));
  };
  return {
    needs: needs(sets, (own) => own.needs ?? []),
    // What only another interpreter needs ends no run.
    certainNeeds: needs(
      sets.filter(({ binds }) => binds),
      (own) => (own.needs ?? []).filter((name) => !own.variants.includes(name)),
    ),
  };
}

/** The project of each attribute that some interpreter tells: what is disabled for one of them tells nothing of itself there. */
function projectsOfAttributes(sets: readonly TargetSet[]): ReadonlyMap<string, string> {
  const certain = new Map<string, string>();
  for (const { record } of sets)
    for (const { attribute, project, isGuessed } of record.packages)
      if (!isGuessed && !certain.has(attribute)) certain.set(attribute, project);
  return certain;
}

/** Of several attributes of a project one that can be used, and of these the one with the better name. */
function packagesByProject(record: SetRecord, certain: ReadonlyMap<string, string>): ReadonlyMap<string, SetPackage> {
  return new Map(
    [...groupedByProject(record, certain)].map(([project, packages]) => [
      project,
      packages.reduce((best, each) => (isBetter(each, best, project) ? each : best)),
    ]),
  );
}

function groupedByProject(
  { packages }: SetRecord,
  certain: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly SetPackage[]> {
  const found = new Map<string, SetPackage[]>();
  for (const each of packages) {
    const project = certain.get(each.attribute) ?? each.project;
    const others = found.get(project);
    if (others === undefined) found.set(project, [each]);
    else others.push(each);
  }
  return found;
}

function isBetter(one: SetPackage, than: SetPackage, project: string): boolean {
  if ((one.lack === null) !== (than.lack === null)) return one.lack === null;
  return isBetterName(one.attribute, than.attribute, project);
}

function entryOf(project: string, sets: readonly Indexed[]): PackageSetEntry | null {
  const found = sets.flatMap(({ packages }) => packages.get(project) ?? []);
  const chosen = found.find(({ lack }) => lack === null) ?? found[0];
  if (chosen === undefined) return null;
  const targets = sets.map(({ interpreter, binds, packages }): EntryTarget => {
    const own = packages.get(project);
    return {
      python: interpreter.version,
      implementation: interpreter.implementation,
      binds,
      version: own?.lack === null ? own.version : null,
      // Another attribute there would be another argument.
      lack: own === undefined || (own.lack === null && own.attribute !== chosen.attribute) ? 'missing' : own.lack,
    };
  });
  const [first] = targets;
  return {
    attribute: chosen.attribute,
    version: chosen.lack === null ? chosen.version : null,
    extras: chosen.extras,
    broken: first?.lack === 'broken',
    disabled: first?.lack === 'disabled',
    targets,
  };
}

function usable(packages: ReadonlyMap<string, SetPackage>): [string, SetPackage][] {
  return [...packages].filter(([, { lack }]) => lack === null);
}
