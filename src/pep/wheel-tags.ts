import type { WheelName } from './wheel-name.ts';

/** An interpreter on a platform that wheels are chosen for. */
export interface TagTarget {
  /** `3.13` */
  readonly python: string;
  readonly implementation: 'cpython' | 'pypy';
  readonly platform: 'x86_64-linux' | 'aarch64-linux' | 'x86_64-darwin' | 'aarch64-darwin';
}

/** Whether the wheel can be installed there by its tags (PEP 425, 513, 571, 599, 600); musllinux never, because the targets have glibc. */
export function wheelFits(wheel: WheelName, target: TagTarget): boolean {
  return wheelRank(wheel, target) !== null;
}

/**
 * How well the wheel fits: lower is better, null when it does not fit. As installers do, wheels for this interpreter come before
 * abi3 ones, those before pure ones, newer abi3 before older; of equal ones those that demand the older C library or macOS come first,
 * because which one will be there is not known.
 */
export function wheelRank(wheel: WheelName, target: TagTarget): number | null {
  const interpreter = lowest(
    wheel.python.flatMap((python) => wheel.abi.map((abi) => interpreterRank(python, abi, target))),
  );
  const platform = lowest(wheel.platform.map((tag) => platformRank(tag, target)));
  return interpreter === null || platform === null ? null : interpreter * PLATFORM_RANKS + platform;
}

/** Above every rank that a platform can have. */
const PLATFORM_RANKS = 10_000_000;
const ANY_PLATFORM = PLATFORM_RANKS - 1;
/** Above every rank of a tag for the interpreter itself. */
const GENERIC = 10_000;

function interpreterRank(python: string, abi: string, target: TagTarget): number | null {
  const [major = 0, minor = 0] = target.python.split('.').map(Number);
  const tag = /^(cp|pp|py)(\d)(\d*)$/.exec(python);
  if (tag === null || Number(tag[2]) !== major) return null;
  const tagMinor = tag[3] === '' ? null : Number(tag[3]);
  if (tag[1] === 'py') return abi === 'none' ? genericRank(tagMinor, minor) : null;
  if (tag[1] !== (target.implementation === 'cpython' ? 'cp' : 'pp') || tagMinor === null) return null;
  if (tagMinor === minor && abi === 'none') return 2;
  if (target.implementation === 'pypy') return tagMinor === minor && isPyPyAbi(abi, major, minor) ? 0 : null;
  if (abi === 'abi3') return major === 3 && tagMinor >= 2 && tagMinor <= minor ? 1 + 2 * (minor - tagMinor) : null;
  return tagMinor === minor && abi === cpythonAbi(major, minor, target) ? 0 : null;
}

// The first for the very version, then `py3`, then older versions from new to old.
function genericRank(tagMinor: number | null, minor: number): number | null {
  if (tagMinor === null) return GENERIC + 1;
  if (tagMinor > minor) return null;
  return GENERIC + (tagMinor === minor ? 0 : 1 + minor - tagMinor);
}

// Python 3.7 and older mark pymalloc (m), and Python 2 on Linux wide Unicode (u). Free-threaded builds (t) are other interpreters.
function cpythonAbi(major: number, minor: number, target: TagTarget): string {
  const plain = `cp${major}${minor}`;
  if (major === 2) return target.platform.endsWith('-linux') ? `${plain}mu` : `${plain}m`;
  return minor < 8 ? `${plain}m` : plain;
}

// `pypy310_pp73`; PyPy for Python 2.7 also `pypy_73`, older ones for 3 `pypy3_71`.
function isPyPyAbi(abi: string, major: number, minor: number): boolean {
  const [name, release] = abi.split('_');
  return release !== undefined && [`pypy${major}${minor}`, major === 2 ? 'pypy' : `pypy${major}`].includes(name ?? '');
}

function platformRank(tag: string, { platform }: TagTarget): number | null {
  if (tag === 'any') return ANY_PLATFORM;
  const [machine = '', system] = platform.split('-');
  return system === 'linux' ? linuxRank(tag, machine) : macosRank(tag, machine);
}

/** glibc versions behind the names that came before PEP 600. */
const OLD_MANYLINUX: ReadonlyMap<string, number> = new Map([
  ['manylinux1', 5],
  ['manylinux2010', 12],
  ['manylinux2014', 17],
]);

function linuxRank(tag: string, machine: string): number | null {
  if (tag === `linux_${machine}`) return ANY_PLATFORM - 1;
  const parts = /^(manylinux(?:1|2010|2014)|manylinux_2_(\d{1,3}))_(x86_64|aarch64)$/.exec(tag);
  if (parts === null || parts[3] !== machine) return null;
  const glibc = parts[2] === undefined ? OLD_MANYLINUX.get(parts[1] ?? '') : Number(parts[2]);
  // PEP 513 and 571 know Intel machines only.
  return glibc === undefined || (machine !== 'x86_64' && parts[2] === undefined && glibc < 17) ? null : glibc;
}

/** Kinds of binaries that run natively, the smallest first. */
const MACOS_KINDS: Readonly<Record<string, readonly string[]>> = {
  aarch64: ['arm64', 'universal2'],
  x86_64: ['x86_64', 'intel', 'fat64', 'fat32', 'fat3', 'universal2', 'universal'],
};

function macosRank(tag: string, machine: string): number | null {
  const parts = /^macosx_(\d{1,2})_(\d{1,2})_([a-z0-9_]+)$/.exec(tag);
  const kind = MACOS_KINDS[machine]?.indexOf(parts?.[3] ?? '') ?? -1;
  if (parts === null || kind < 0) return null;
  return (Number(parts[1]) * 100 + Number(parts[2])) * 10 + kind;
}

function lowest(ranks: readonly (number | null)[]): number | null {
  return ranks.reduce((best, rank) => (rank === null ? best : best === null ? rank : Math.min(best, rank)), null);
}
