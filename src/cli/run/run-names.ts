import type { Note } from '../../base/note.ts';
import { bootstrapProjects } from '../../nixpkgs/bootstrap.ts';
import {
  builtinSet,
  type EntryTarget,
  type OtherPackage,
  type PackageSetEntry,
  type PackageSetNames,
} from '../../nixpkgs/package-set.ts';
import type { GenerateOptions } from '../options.ts';

/** What the package set of a run has and how it calls things. */
export interface RunNames
  extends Pick<
    PackageSetNames,
    | 'attributeForGenerated'
    | 'shadowedByPython'
    | 'isEvaluated'
    | 'needsOf'
    | 'certainNeedsOf'
    | 'systemAttribute'
    | 'hasLicence'
    | 'versions'
  > {
  /** What the builder of the set needs for itself (PEP 503 names), so that the set has it. */
  readonly bootstrap: ReadonlySet<string>;
  /** The package of a project (PEP 503 name) that the set has and that can be used on some interpreter that binds; null when it has none. */
  inSet(project: string): PackageSetEntry | null;
  /** As `inSet`, but an interpreter that does not bind is enough: for what is needed only there. */
  onSomeInterpreter(project: string): PackageSetEntry | null;
  /** What the set has of a project besides what it gives first, and can be used on some interpreter that binds. */
  othersInSet(project: string): readonly OtherPackage[];
  /** From here on the set's package of a project is another one than what it gives first; the note says why. */
  take(project: string, other: OtherPackage, note: Note): void;
  /** Projects (PEP 503 names) for which that happened, each with its note: grows. */
  readonly taken: ReadonlyMap<string, Note>;
  /** The package of a project that the set has, but not so that it could be used on any interpreter; null for another. */
  unusableInSet(project: string): PackageSetEntry | null;
  /** Whether the set has an attribute of this very name, package or hook. */
  hasAttribute(attribute: string): boolean;
  /** For the header: which list of names was used; null when none was. */
  readonly source: string | null;
}

/** Where no release is asked for, expressions go by the names of today: these are what a contributor to nixpkgs needs. The header tells from which release on they are there. */
export const NAMES_OF_NO_RELEASE = 'unstable';

/**
 * The package set that `--nixpkgs` names: `evaluated`, where a nixpkgs was read; the shipped list of the release; or a set of which nothing is known but that it has the
 * bootstrap packages. With `--bootstrap` it has no Python package at all.
 */
export function runNames(
  release: string,
  options: Pick<GenerateOptions, 'nixpkgs' | 'bootstrap'> & Partial<Pick<GenerateOptions, 'release'>>,
  evaluated: PackageSetNames | null = null,
): RunNames {
  const set = evaluated ?? builtinSet(options.release === null ? NAMES_OF_NO_RELEASE : release);
  const bootstrap = bootstrapProjects(release);
  const nothingTaken = { othersInSet: () => [], take: () => undefined, taken: new Map<string, Note>() };
  const shared = { ...set, ...nothingTaken, bootstrap, unusableInSet: () => null };
  if (options.bootstrap)
    return { ...shared, inSet: () => null, onSomeInterpreter: () => null, hasAttribute: () => false, source: null };
  if (options.nixpkgs.kind === 'none') {
    const inSet = (project: string): PackageSetEntry | null =>
      bootstrap.has(project) ? (set.attributeOf(project) ?? { attribute: project, version: null }) : null;
    return {
      ...shared,
      inSet,
      onSomeInterpreter: inSet,
      hasAttribute: (attribute) => bootstrap.has(attribute),
      source: null,
    };
  }
  const taken = new Map<string, Note>();
  const chosen = new Map<string, OtherPackage>();
  const entryOf = (project: string): PackageSetEntry | null => chosen.get(project)?.entry ?? set.attributeOf(project);
  const binds = (target: EntryTarget): boolean => target.binds;
  return {
    ...set,
    bootstrap,
    taken,
    take(project, other, note) {
      chosen.set(project, other);
      taken.set(project, note);
    },
    othersInSet: (project) => set.othersOf(project).filter(({ entry }) => usable(entry, binds) !== null),
    needsOf: (project) => (chosen.get(project) ?? { needs: set.needsOf(project) }).needs,
    certainNeedsOf: (project) => (chosen.get(project) ?? { certainNeeds: set.certainNeedsOf(project) }).certainNeeds,
    inSet: (project) => usable(entryOf(project), binds),
    onSomeInterpreter: (project) => usable(entryOf(project), () => true),
    unusableInSet: (project) => {
      const entry = entryOf(project);
      return usable(entry, () => true) === null ? entry : null;
    },
    hasAttribute: set.has,
  };
}

/** Whether it can be used wherever it is needed depends on the markers of who needs it; `misfitsOf` looks at that. */
function usable(entry: PackageSetEntry | null, counts: (target: EntryTarget) => boolean): PackageSetEntry | null {
  const counted = entry?.targets?.filter(counts);
  return counted === undefined || counted.some(({ lack }) => lack === null) ? entry : null;
}
