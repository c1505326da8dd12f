import type { MarkerEnvironment } from '../pep/marker.ts';
import { generationOf } from './releases.ts';

export type Implementation = 'cpython' | 'pypy';

/** Systems of nixpkgs by their double. */
export type Platform = 'x86_64-linux' | 'aarch64-linux' | 'x86_64-darwin' | 'aarch64-darwin';

/** What expressions for a release are meant for, unless the user says otherwise. */
export interface Targets {
  /** X.Y of the interpreters, ascending. */
  readonly pythons: readonly string[];
  /** The one of `python3`: versions are chosen for it. */
  readonly defaultPython: string;
  readonly implementations: readonly Implementation[];
  readonly platforms: readonly Platform[];
}

/** The interpreters and platforms of a release (`16.03`, `unstable`); null: of no release in particular. Throws UserError E_UNKNOWN_RELEASE. */
export function targetsOf(release: string | null): Targets {
  // What is no release is refused in one place.
  if (release !== null) generationOf(release);
  const found = INTERPRETERS.findLast(([first]) => release === null || first <= release) ?? INTERPRETERS[0];
  if (found === undefined) throw new Error('there are no interpreters');
  const [, pythons, defaultPython] = found;
  return {
    pythons: pythons.split(' '),
    defaultPython,
    // PyPy implements Python 2.7 in the old sets; of the new ones hardly any package is built for it.
    implementations: pythons.startsWith('2.7 ') ? ['cpython', 'pypy'] : ['cpython'],
    platforms: PLATFORMS,
  };
}

const PLATFORMS = ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'] as const;

/**
 * From a release on: the X.Y with a package set of their own, without those that were not yet released, and the one that versions are chosen for. This is the
 * interpreter `python3`, but for 15.09 and 16.03, which have the most packages for 3.5. The sets of Python 2.7 have shrunk to next to nothing after 20.09.
 */
const INTERPRETERS: readonly (readonly [release: string, pythons: string, defaultPython: string])[] = [
  ['15.09', '2.7 3.3 3.4 3.5', '3.5'],
  ['17.03', '2.7 3.3 3.4 3.5 3.6', '3.5'],
  ['17.09', '2.7 3.4 3.5 3.6', '3.6'],
  ['18.03', '2.7 3.4 3.5 3.6', '3.6'],
  ['18.09', '2.7 3.4 3.5 3.6 3.7', '3.6'],
  ['19.03', '2.7 3.5 3.6 3.7', '3.7'],
  ['19.09', '2.7 3.5 3.6 3.7 3.8', '3.7'],
  ['20.09', '2.7 3.6 3.7 3.8 3.9', '3.8'],
  ['21.05', '3.6 3.7 3.8 3.9', '3.8'],
  ['21.11', '3.7 3.8 3.9 3.10', '3.9'],
  ['22.11', '3.7 3.8 3.9 3.10 3.11', '3.10'],
  ['23.05', '3.8 3.9 3.10 3.11', '3.10'],
  ['23.11', '3.8 3.9 3.10 3.11 3.12', '3.11'],
  ['24.05', '3.9 3.10 3.11 3.12', '3.11'],
  ['24.11', '3.9 3.10 3.11 3.12 3.13', '3.12'],
  ['25.05', '3.10 3.11 3.12 3.13', '3.12'],
  ['25.11', '3.10 3.11 3.12 3.13 3.14', '3.13'],
  ['26.05', '3.11 3.12 3.13 3.14 3.15', '3.13'],
];

/**
 * What markers see on each combination of interpreter, implementation and platform. Versions of the kernel are unknown and left out.
 * Python 2 calls Linux `linux2`; those who write `sys_platform == "linux"` mean it too, so it is `linux` everywhere.
 * PyPy counts as the first of the Pythons, which is the one it implements in old releases and near enough in new ones.
 */
export function markerEnvironments(
  pythons: readonly string[],
  platforms: readonly Platform[],
  implementations: readonly Implementation[] = ['cpython'],
): MarkerEnvironment[] {
  return implementations.flatMap((implementation) =>
    (implementation === 'cpython' ? pythons : pythons.slice(0, 1)).flatMap((python) =>
      platforms.map((platform) => environmentOf(python, implementation, platform)),
    ),
  );
}

function environmentOf(python: string, implementation: Implementation, platform: Platform): MarkerEnvironment {
  const isLinux = platform.endsWith('-linux');
  const cpu = platform.startsWith('x86_64') ? 'x86_64' : 'aarch64';
  return {
    python_version: python,
    python_full_version: `${python}.0`,
    os_name: 'posix',
    sys_platform: isLinux ? 'linux' : 'darwin',
    platform_system: isLinux ? 'Linux' : 'Darwin',
    platform_machine: isLinux || cpu === 'x86_64' ? cpu : 'arm64',
    implementation_name: implementation,
    implementation_version: `${python}.0`,
    platform_python_implementation: implementation === 'cpython' ? 'CPython' : 'PyPy',
  };
}
