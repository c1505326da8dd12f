import type { MarkerEnvironment } from '../pep/marker.ts';
import { type Generation, generationOf } from './releases.ts';

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

/** The interpreters and platforms of a release. */
export function targetsOf(release: string): Targets {
  return TARGETS[generationOf(release)];
}

const PLATFORMS = ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'] as const;

const TARGETS: Readonly<Record<Generation, Targets>> = {
  '16.03': {
    pythons: ['2.7', '3.3', '3.4', '3.5'],
    defaultPython: '3.5',
    implementations: ['cpython', 'pypy'],
    platforms: PLATFORMS,
  },
  '18.03': {
    pythons: ['2.7', '3.4', '3.5', '3.6'],
    defaultPython: '3.6',
    implementations: ['cpython', 'pypy'],
    platforms: PLATFORMS,
  },
  modern: {
    pythons: ['3.11', '3.12', '3.13', '3.14', '3.15'],
    defaultPython: '3.13',
    implementations: ['cpython'],
    platforms: PLATFORMS,
  },
};

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
