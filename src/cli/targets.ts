import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import type { Implementation, Platform } from '../nixpkgs/targets.ts';
import { markerEnvironments, targetsOf } from '../nixpkgs/targets.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import type { TagTarget } from '../pep/wheel-tags.ts';

/** The interpreters and platforms that expressions are generated for. */
export interface RunTargets {
  /** X.Y, the first decides versions. */
  readonly pythons: readonly string[];
  /** Interpreters that a version has to support: all that were named by hand, else the default one of the release. */
  readonly binding: readonly string[];
  readonly platforms: readonly Platform[];
  readonly environments: readonly MarkerEnvironment[];
  /** For wheels: the binding interpreters on each platform. */
  readonly tags: readonly TagTarget[];
}

const PLATFORMS: readonly Platform[] = ['x86_64-linux', 'aarch64-linux', 'x86_64-darwin', 'aarch64-darwin'];

/**
 * The targets of a run: `--python` and `--platform`, else those of the release.
 * @throws UserError E_USAGE (exit 2) for what is no interpreter or platform.
 */
export function runTargets(
  release: string,
  given: { readonly pythons: readonly string[] | null; readonly platforms: readonly string[] | null },
): RunTargets {
  const defaults = targetsOf(release);
  const implementations: readonly Implementation[] = given.pythons === null ? defaults.implementations : ['cpython'];
  const pythons =
    given.pythons === null ? defaultFirst(defaults.pythons, defaults.defaultPython) : checkedPythons(given.pythons);
  const platforms = given.platforms === null ? defaults.platforms : checkedPlatforms(given.platforms);
  const [first = defaults.defaultPython] = pythons;
  const binding = given.pythons === null ? [first] : pythons;
  return {
    pythons,
    binding,
    platforms,
    environments: markerEnvironments(pythons, platforms, implementations),
    tags: binding.flatMap((python) =>
      platforms.map((platform): TagTarget => ({ python, implementation: 'cpython', platform })),
    ),
  };
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
