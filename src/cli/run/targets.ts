import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import { glibcOf } from '../../nixpkgs/glibc.ts';
import type { Implementation, Platform, Targets } from '../../nixpkgs/targets.ts';
import { markerEnvironments, targetsOf } from '../../nixpkgs/targets.ts';
import type { MarkerEnvironment } from '../../pep/marker.ts';
import { compareVersions, parseVersion } from '../../pep/version.ts';
import type { TagTarget } from '../../pep/wheel-tags.ts';

/** The interpreters and platforms that expressions are generated for. */
export interface RunTargets {
  /** X.Y, the first decides versions. */
  readonly pythons: readonly string[];
  /** Interpreters that a version has to support: all that were named by hand, else the default one of the release. */
  readonly binding: readonly string[];
  readonly platforms: readonly Platform[];
  /** Whether the platforms were named by hand. */
  readonly platformsBind: boolean;
  readonly environments: readonly MarkerEnvironment[];
  /** For wheels: the binding interpreters on each platform. */
  readonly tags: readonly TagTarget[];
  /** N of the glibc 2.N of the release. */
  readonly glibc: number;
}

const PLATFORMS: readonly Platform[] = ['x86_64-linux', 'aarch64-linux', 'x86_64-darwin', 'aarch64-darwin'];

/**
 * The targets of a run: `--python` and `--platform`, else `defaults`, those of the release (null where none is named) unless a nixpkgs tells them.
 * @throws UserError E_USAGE (exit 2) for what is no interpreter or platform.
 */
export function runTargets(
  release: string | null,
  given: { readonly pythons: readonly string[] | null; readonly platforms: readonly string[] | null },
  defaults: Targets = targetsOf(release),
): RunTargets {
  const implementations: readonly Implementation[] = given.pythons === null ? defaults.implementations : ['cpython'];
  const pythons =
    given.pythons === null ? defaultFirst(defaults.pythons, defaults.defaultPython) : checkedPythons(given.pythons);
  const platforms = given.platforms === null ? defaults.platforms : checkedPlatforms(given.platforms);
  const [first = defaults.defaultPython] = pythons;
  const binding = given.pythons === null ? [first] : pythons;
  const glibc = glibcOf(release ?? DEFAULT_RELEASE);
  return {
    pythons,
    binding,
    platforms,
    platformsBind: given.platforms !== null,
    environments: markerEnvironments(pythons, platforms, implementations),
    tags: tagTargets(binding, { platforms, glibc }),
    glibc,
  };
}

/** For wheels: some interpreters on each platform, the first interpreter first. */
export function tagTargets(
  pythons: readonly string[],
  { platforms, glibc }: Pick<RunTargets, 'platforms' | 'glibc'>,
): readonly TagTarget[] {
  return pythons.flatMap((python) =>
    platforms.map((platform): TagTarget => ({ python, implementation: 'cpython', platform, glibc })),
  );
}

/**
 * The targets without the environments that `keeps` does not want. What was asked for by hand stays, and of an interpreter that binds all where else nothing would: a run that cannot serve
 * these has to fail.
 */
export function narrowedTargets(targets: RunTargets, keeps: (environment: MarkerEnvironment) => boolean): RunTargets {
  const { binding, platformsBind } = targets;
  const ofPython = (python: string) => targets.environments.filter((each) => each.python_version === python);
  const staying = new Set(
    binding.flatMap((python) => {
      const all = ofPython(python);
      return platformsBind || !all.some(keeps) ? all : [];
    }),
  );
  const environments = targets.environments.filter((each) => staying.has(each) || keeps(each));
  if (environments.length === targets.environments.length) return targets;
  const kept = new Set(environments.map((each) => JSON.stringify(each)));
  const isKept = (python: string, platform: Platform): boolean =>
    markerEnvironments([python], [platform]).some((each) => kept.has(JSON.stringify(each)));
  return {
    ...targets,
    pythons: targets.pythons.filter((python) => environments.some((each) => each.python_version === python)),
    platforms: targets.platforms.filter((platform) => targets.pythons.some((python) => isKept(python, platform))),
    environments,
    tags: targets.tags.filter(({ python, platform }) => isKept(python, platform)),
  };
}

/** The targets from the oldest interpreter on that binds. */
export function bindingTargets(targets: RunTargets): RunTargets {
  const least = lowestPython(targets.binding);
  return narrowedTargets(targets, ({ python_version: python = '' }) => comparePythons(python, least) >= 0);
}

/** The lowest of some interpreters (X.Y). */
export function lowestPython(pythons: readonly string[]): string {
  const [lowest] = [...pythons].sort(comparePythons);
  if (lowest === undefined) throw new Error('a run has an interpreter');
  return lowest;
}

function comparePythons(a: string, b: string): number {
  return compareVersions(parseVersion(a), parseVersion(b));
}

function defaultFirst(pythons: readonly string[], first: string): string[] {
  return [first, ...pythons.filter((python) => python !== first)];
}

function checkedPythons(given: readonly string[]): readonly string[] {
  const wrong = given.filter((python) => !/^[23]\.\d{1,2}$/u.test(python));
  throwAll(
    wrong.map(
      (python) =>
        new UserError('E_USAGE', `--python: ${JSON.stringify(python)} is no interpreter version`, {
          exit: EXIT.usage,
          hint: 'write it as 3.13',
        }),
    ),
  );
  return [...new Set(given)];
}

function checkedPlatforms(given: readonly string[]): readonly Platform[] {
  const known = given.flatMap((name) => PLATFORMS.filter((platform) => platform === name));
  const wrong = given.filter((name) => !PLATFORMS.some((platform) => platform === name));
  throwAll(
    wrong.map(
      (name) =>
        new UserError('E_USAGE', `--platform: ${JSON.stringify(name)} is no platform that is known here`, {
          exit: EXIT.usage,
          hint: `known are ${PLATFORMS.join(', ')}`,
        }),
    ),
  );
  return [...new Set(known)];
}
