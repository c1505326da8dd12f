import type { Condition } from '../../../src/nix/condition.ts';
import type { MarkerEnvironment } from '../../../src/pep/marker.ts';
import { compareVersions, parseVersion } from '../../../src/pep/version.ts';

/** An interpreter on a system, as Nix sees it. */
export interface World {
  /** X.Y.Z */
  readonly full: string;
  readonly system: string;
  readonly pypy: boolean;
}

const SYSTEMS = ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'];

/** Some interpreters (X.Y) with two patch levels, as CPython and PyPy, on the systems of nixpkgs. */
export function worldsOf(pythons: readonly string[]): readonly World[] {
  return pythons.flatMap((python) =>
    ['0', '1'].flatMap((patch) =>
      SYSTEMS.flatMap((system) => [true, false].map((pypy) => ({ full: `${python}.${patch}`, system, pypy }))),
    ),
  );
}

/** What markers see there. Python 2 counts as `linux`, too. */
export function worldEnvironment({ full, system, pypy }: World): MarkerEnvironment {
  const isLinux = system.endsWith('-linux');
  const cpu = system.split('-')[0] ?? '';
  return {
    python_version: xy(full),
    python_full_version: full,
    os_name: 'posix',
    sys_platform: isLinux ? 'linux' : 'darwin',
    platform_system: isLinux ? 'Linux' : 'Darwin',
    platform_machine: cpu === 'aarch64' && !isLinux ? 'arm64' : cpu,
    implementation_name: pypy ? 'pypy' : 'cpython',
    platform_python_implementation: pypy ? 'PyPy' : 'CPython',
  };
}

/** Whether a condition holds there, without Nix. */
export function conditionHolds(condition: Condition, world: World): boolean {
  if (typeof condition === 'boolean') return condition;
  switch (condition.kind) {
    case 'and':
      return condition.operands.every((operand) => conditionHolds(operand, world));
    case 'or':
      return condition.operands.some((operand) => conditionHolds(operand, world));
    case 'python':
      return compares(xy(world.full), condition.is, condition.version);
    case 'full':
      return compares(world.full, condition.is, condition.version);
    case 'platform':
      return flagsOf(world.system).includes(condition.flag) !== condition.negated;
    case 'cpu':
      return (world.system.split('-')[0] === condition.name) !== condition.negated;
    case 'pypy':
      return world.pypy !== condition.negated;
  }
}

function xy(full: string): string {
  return full.split('.').slice(0, 2).join('.');
}

function compares(version: string, is: string, bound: string): boolean {
  const order = compareVersions(parseVersion(version), parseVersion(bound));
  switch (is) {
    case 'older':
      return order < 0;
    case 'atLeast':
      return order >= 0;
    case 'newer':
      return order > 0;
    case 'atMost':
      return order <= 0;
    case 'equal':
      return version === bound;
    default:
      return version !== bound;
  }
}

function flagsOf(system: string): string[] {
  return [system.endsWith('-linux') ? 'isLinux' : 'isDarwin', system.startsWith('x86_64') ? 'isx86_64' : 'isAarch64'];
}
