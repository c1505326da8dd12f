import { oneLine } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { evaluateMarker, formatMarker, type MarkerEnvironment } from './marker.ts';
import { normalizeName } from './name.ts';
import type { Pylock, PylockPackage } from './pylock.ts';
import { parseSpecifierSet, specifierAllows } from './specifier.ts';

/** What is to be installed, and where. */
export interface PylockChoice {
  readonly environment: MarkerEnvironment;
  /** None when missing. */
  readonly extras?: readonly string[];
  /** The default groups of the lock when missing. */
  readonly groups?: readonly string[];
}

/**
 * The packages that PEP 751 ("Installation") says are to be installed there, in the order of the file.
 * Throws UserError E_LOCK_UNFIT (exit 1) where the lock is not made for the environment, or a package not for its Python; E_LOCK_FORK (1) for
 * two entries of one name; E_NO_SUCH_EXTRA and E_NO_SUCH_GROUP (1) for what the lock does not have. All faults are told together.
 */
export function selectPackages(lock: Pylock, choice: PylockChoice): readonly PylockPackage[] {
  const { environment } = choice;
  const known = refuseUnknown(lock, choice);
  throwAll(known);
  const why = unfitReason(lock, environment);
  if (why !== null) throw unfit(`the lock is not for this target: ${why}`);

  const faults: UserError[] = [];
  const chosen = new Map<string, PylockPackage>();
  const markers = lockEnvironment(lock, choice);
  for (const entry of lock.packages) {
    if (entry.marker !== null && !evaluateMarker(entry.marker, markers)) continue;
    const { name, requiresPython } = entry;
    if (requiresPython !== null && !pythonFits(requiresPython, environment))
      faults.push(unfit(`${name} is not for this target: it wants Python ${oneLine(requiresPython)}`));
    const other = chosen.get(name);
    if (other === undefined) chosen.set(name, entry);
    else faults.push(fork(name, other, entry));
  }
  throwAll(faults);
  return [...chosen.values()];
}

/** What markers of packages see: the environment with the extras and groups that are asked for. */
export function lockEnvironment(lock: Pylock, { environment, extras = [], groups }: PylockChoice): MarkerEnvironment {
  return { ...environment, extras: extras.join(','), dependency_groups: (groups ?? lock.defaultGroups).join(',') };
}

/** Why the lock as a whole is not made for the environment, as a clause; null where it is. */
export function unfitReason(lock: Pylock, environment: MarkerEnvironment): string | null {
  if (lock.requiresPython !== null && !pythonFits(lock.requiresPython, environment))
    return `it wants Python ${oneLine(lock.requiresPython)}`;
  if (lock.environments.length === 0 || lock.environments.some((marker) => evaluateMarker(marker, environment)))
    return null;
  const [first, ...others] = lock.environments.map(formatMarker);
  return `it is for ${oneLine(first ?? '')}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

/**
 * Whether a specifier set, with its upper bounds, admits the Python of an environment. A `python_full_version` of `X.Y.0` stands for some
 * patch release of X.Y, since that is what targets that name a minor version have. True where the environment has no Python.
 */
export function pythonFits(requiresPython: string, environment: MarkerEnvironment): boolean {
  const { python_version: minor, python_full_version: full } = environment;
  const pythons = [
    full ?? minor,
    minor !== undefined && (full ?? `${minor}.0`) === `${minor}.0` ? `${minor}.999` : undefined,
  ];
  const known = pythons.filter((python) => python !== undefined);
  const specifiers = parseSpecifierSet(requiresPython);
  return known.length === 0 || known.some((python) => specifierAllows(specifiers, python));
}

/** Errors for extras and groups that the lock does not have; `file` names it in the messages. */
export function refuseUnknown(
  lock: Pylock,
  { extras = [], groups = [], file = 'the lock' }: Omit<PylockChoice, 'environment'> & { readonly file?: string },
): UserError[] {
  const knownExtras = lock.extras ?? [];
  const knownGroups = [...(lock.dependencyGroups ?? []), ...lock.defaultGroups];
  return [
    ...missing('extra', extras, { known: knownExtras, file }),
    ...missing('group', groups, { known: knownGroups, file }),
  ];
}

/** E_NO_SUCH_EXTRA or E_NO_SUCH_GROUP (exit 1) for each name that is asked for and not among the known ones of the file. */
export function missing(
  what: 'extra' | 'group',
  asked: readonly string[],
  { known, file }: { readonly known: readonly string[]; readonly file: string },
): UserError[] {
  const names = new Set(known.map(normalizeName));
  return asked
    .filter((name) => !names.has(normalizeName(name)))
    .map(
      (name) =>
        new UserError(`E_NO_SUCH_${what.toUpperCase()}`, `${oneLine(file)} has no ${what} ${oneLine(name)}`, {
          exit: EXIT.unmet,
          hint: names.size === 0 ? `it has no ${what}s at all` : `it has ${[...names].sort().map(oneLine).join(', ')}`,
        }),
    );
}

function unfit(message: string): UserError {
  return new UserError('E_LOCK_UNFIT', message, {
    exit: EXIT.unmet,
    hint: 'narrow the targets with --python and --platform, or make a lock for them',
  });
}

function fork(name: string, a: PylockPackage, b: PylockPackage): UserError {
  const told = [a, b].map(({ version, marker }) => {
    const when = marker === null ? 'always' : `when ${oneLine(formatMarker(marker))}`;
    return `${version ?? 'the one from its source'} (${when})`;
  });
  return new UserError('E_LOCK_FORK', `the lock has two entries of ${name} for this target: ${told.join(' and ')}`, {
    exit: EXIT.unmet,
    hint: 'make the lock again: the entries of a package must exclude each other',
  });
}
