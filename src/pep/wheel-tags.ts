import type { WheelName } from './wheel-name.ts';

/** An interpreter on a platform that wheels are chosen for. */
export interface TagTarget {
  /** `3.13` */
  readonly python: string;
  readonly implementation: 'cpython' | 'pypy';
  readonly platform: 'x86_64-linux' | 'aarch64-linux' | 'x86_64-darwin' | 'aarch64-darwin';
  /** N of the glibc 2.N that a Linux platform has; missing: not known. */
  readonly glibc?: number;
}

/** Whether the wheel can be installed there by its tags (PEP 425, 513, 571, 599, 600); musllinux never, because the targets have glibc. */
export function wheelFits(wheel: WheelName, target: TagTarget): boolean {
  return wheelRank(wheel, target) !== null;
}

/**
 * How well the wheel fits: lower is better, null when it does not fit. As installers do, wheels for this interpreter come before
 * abi3 ones, those before pure ones, newer abi3 before older. Of equal ones those for the newest C library that the platform has come first, and those that
 * demand the older macOS, or the older C library where it is not known which one will be there.
 */
export function wheelRank(wheel: WheelName, target: TagTarget): number | null {
  const platform = lowest(wheel.platform.map((tag) => platformRank(tag, target)));
  const binary = rankOf(lowestInterpreter(wheel, wheel.abi, target), platform);
  if (!wheel.platform.includes('any')) return binary;
  // What is compiled for an ABI is compiled for a platform: `cp313-cp313-any` fits nowhere.
  const pure = rankOf(lowestInterpreter(wheel, wheel.abi.filter(isNone), target), ANY_PLATFORM);
  return lowest([binary, pure]);
}

function lowestInterpreter(wheel: WheelName, abis: readonly string[], target: TagTarget): number | null {
  return lowest(wheel.python.flatMap((python) => abis.map((abi) => interpreterRank(python, abi, target))));
}

function rankOf(interpreter: number | null, platform: number | null): number | null {
  return interpreter === null || platform === null ? null : interpreter * PLATFORM_RANKS + platform;
}

function isNone(abi: string): boolean {
  return abi === 'none';
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

function platformRank(tag: string, { platform, glibc }: TagTarget): number | null {
  const [machine = '', system] = platform.split('-');
  return system === 'linux' ? linuxRank(tag, machine, glibc) : macosRank(tag, machine);
}

/** glibc versions behind the names that came before PEP 600. */
const OLD_MANYLINUX: ReadonlyMap<string, number> = new Map([
  ['manylinux1', 5],
  ['manylinux2010', 12],
  ['manylinux2014', 17],
]);

function linuxRank(tag: string, machine: string, newest: number | undefined): number | null {
  if (tag === `linux_${machine}`) return ANY_PLATFORM - 1;
  const parts = /^(manylinux(?:1|2010|2014)|manylinux_2_(0|[1-9]\d{0,2}))_(x86_64|aarch64)$/.exec(tag);
  if (parts === null || parts[3] !== machine) return null;
  const glibc = parts[2] === undefined ? OLD_MANYLINUX.get(parts[1] ?? '') : Number(parts[2]);
  // The oldest ones that were ever meant: PEP 513 for Intel, PEP 599 for all other machines.
  if (glibc === undefined || glibc < (machine === 'x86_64' ? 5 : 17)) return null;
  if (newest === undefined) return glibc;
  return glibc > newest ? null : newest - glibc;
}

/** Kinds of binaries that run natively, the smallest first. */
const MACOS_KINDS: Readonly<Record<string, readonly string[]>> = {
  aarch64: ['arm64', 'universal2'],
  x86_64: ['x86_64', 'intel', 'fat64', 'fat3', 'universal2', 'universal'],
};

// Until macOS 10.16, alias 11, each year raised the second number; from 11 on the first, and tags have 0 for the second.
// The first to run 64-bit Intel programs is 10.4. ARM came with 11, but `universal2` may name an older one for its Intel half.
function macosRank(tag: string, machine: string): number | null {
  const parts = /^macosx_([1-9]\d)_(0|[1-9]\d?)_([a-z0-9_]+)$/.exec(tag);
  const kind = parts?.[3] ?? '';
  const kindRank = MACOS_KINDS[machine]?.indexOf(kind) ?? -1;
  if (parts === null || kindRank < 0) return null;
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  const exists =
    major === 10 ? minor >= 4 && minor <= 16 && (machine === 'x86_64' || kind === 'universal2') : minor === 0;
  return exists ? (major * 100 + minor) * 10 + kindRank : null;
}

function lowest(ranks: readonly (number | null)[]): number | null {
  return ranks.reduce((best, rank) => (rank === null ? best : best === null ? rank : Math.min(best, rank)), null);
}
