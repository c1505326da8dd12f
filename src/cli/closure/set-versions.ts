import type { EntryTarget, PackageSetEntry } from '../../nixpkgs/package-set.ts';
import { evaluateMarker, type Marker, type MarkerEnvironment } from '../../pep/marker.ts';
import { tryParseVersion, type Version } from '../../pep/version.ts';

/** A package of the set where a requirement holds. */
export interface SetVersion {
  /** Null where none is known. */
  readonly version: Version | null;
  readonly lack: EntryTarget['lack'];
  /** `Python 3.6`, `PyPy`; null where the set was not read for single interpreters. */
  readonly where: string | null;
  readonly binds: boolean;
}

/**
 * What the set has of a project for the interpreters on which a requirement with this marker holds: all of a run that was read, or the one version that a list of names tells.
 */
export function setVersions(
  entry: PackageSetEntry,
  { marker, environments }: { readonly marker: Marker | null; readonly environments: readonly MarkerEnvironment[] },
): readonly SetVersion[] {
  const { targets } = entry;
  if (targets === undefined) return [{ version: parsed(entry.version), lack: null, where: null, binds: true }];
  return targets
    .filter(
      (target) => marker === null || environments.some((each) => isOf(each, target) && evaluateMarker(marker, each)),
    )
    .map(({ version, lack, implementation, python, binds }) => ({
      version: parsed(version),
      lack,
      where: implementation === 'pypy' ? 'PyPy' : `Python ${python}`,
      binds,
    }));
}

function isOf({ python_version, implementation_name }: MarkerEnvironment, target: EntryTarget): boolean {
  if (implementation_name !== target.implementation) return false;
  // The markers of PyPy are those of the oldest interpreter.
  return target.implementation === 'pypy' || python_version === target.python;
}

/** Versions such as `2016-03-01`, which no release can have, tell nothing. */
function parsed(version: string | null): Version | null {
  return version === null ? null : tryParseVersion(version);
}

/** `has it marked as broken`, for a sentence about the set. */
export function lackText(lack: NonNullable<EntryTarget['lack']>): string {
  switch (lack) {
    case 'missing':
      return 'does not have it';
    case 'broken':
      return 'has it marked as broken';
    case 'disabled':
      return 'has it disabled';
  }
}
