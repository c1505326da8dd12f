import type { Place } from '../release-facts.ts';

/**
 * When something in setup.py holds, as far as it depends on the interpreter and platform that run it.
 * `one-of`: an environment variable of PEP 508 has one of these values, of all that it can have;
 * `version`: the interpreter is older than, or at least, the bound; `unknown`: it depends on something else.
 */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'one-of'; readonly variable: PlatformVariable; readonly values: readonly string[] }
  | { readonly kind: 'version'; readonly operator: '<' | '>='; readonly bound: readonly number[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'unknown'; readonly why: string; readonly place: Place };

export const ALWAYS: Condition = { kind: 'always' };
export const NEVER: Condition = { kind: 'never' };

/** What each variable can be. A value that no interpreter gives is never true, so the lists are long. */
export const PLATFORM_VALUES = {
  sys_platform: [
    ...['linux', 'linux2', 'darwin', 'win32', 'cygwin', 'msys', 'aix', 'sunos5', 'freebsd', 'openbsd', 'netbsd'],
    ...['java', 'emscripten', 'wasi', 'android', 'ios'],
  ],
  os_name: ['posix', 'nt', 'java'],
  platform_system: [
    ...['Linux', 'Darwin', 'Windows', 'Java', 'FreeBSD', 'OpenBSD', 'NetBSD', 'SunOS', 'AIX', 'Emscripten'],
    ...['Android', 'iOS'],
  ],
  platform_machine: [
    ...['x86_64', 'aarch64', 'arm64', 'AMD64', 'ARM64', 'i386', 'i686', 'x86', 'armv6l', 'armv7l', 'ppc64', 'ppc64le'],
    ...['s390x', 'riscv64', 'wasm32'],
  ],
  platform_python_implementation: ['CPython', 'PyPy', 'Jython', 'IronPython', 'GraalVM'],
  implementation_name: ['cpython', 'pypy', 'jython', 'ironpython', 'graalpy', 'micropython'],
} as const satisfies Record<string, readonly string[]>;

export type PlatformVariable = keyof typeof PLATFORM_VALUES;

/** The variable has one of the values; `always` or `never` where that leaves no question. */
export function oneOf(variable: PlatformVariable, values: readonly string[]): Condition {
  const possible = PLATFORM_VALUES[variable].filter((value) => values.includes(value));
  if (possible.length === 0) return NEVER;
  if (possible.length === PLATFORM_VALUES[variable].length) return ALWAYS;
  return { kind: 'one-of', variable, values: possible };
}

export function not(condition: Condition): Condition {
  switch (condition.kind) {
    case 'always':
      return NEVER;
    case 'never':
      return ALWAYS;
    case 'one-of':
      return oneOf(
        condition.variable,
        PLATFORM_VALUES[condition.variable].filter((value) => !condition.values.includes(value)),
      );
    case 'version':
      return { ...condition, operator: condition.operator === '<' ? '>=' : '<' };
    case 'and':
      return or(condition.parts.map(not));
    case 'or':
      return and(condition.parts.map(not));
    case 'unknown':
      return condition;
  }
}

export function and(conditions: readonly Condition[]): Condition {
  return combine('and', conditions);
}

export function or(conditions: readonly Condition[]): Condition {
  return combine('or', conditions);
}

/** The first thing in it that cannot be known. */
export function unknownIn(condition: Condition): { readonly why: string; readonly place: Place } | null {
  if (condition.kind === 'unknown') return condition;
  if (condition.kind !== 'and' && condition.kind !== 'or') return null;
  for (const part of condition.parts) {
    const found = unknownIn(part);
    if (found !== null) return found;
  }
  return null;
}

/** Orders release numbers as Python orders tuples. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Joins conditions; those on the same variable become one, so that an `if` with its `else` is seen to be always. */
function combine(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const [neutral, dominant] = kind === 'and' ? [ALWAYS, NEVER] : [NEVER, ALWAYS];
  let parts: Condition[] = [];
  for (const condition of conditions.flatMap((one) => (one.kind === kind ? one.parts : [one]))) {
    if (condition.kind === neutral.kind) continue;
    let open = condition;
    const rest: Condition[] = [];
    for (const before of parts) {
      const part = reduced(kind, before, open);
      open = reduced(kind, open, part);
      const joined = join(kind, part, open);
      if (joined === null) rest.push(part);
      else open = joined;
    }
    if (open.kind === dominant.kind) return dominant;
    if (open.kind !== neutral.kind) rest.push(open);
    parts = rest;
  }
  const [first] = parts;
  if (first === undefined) return neutral;
  if (parts.length === 1) return first;
  const joined: Condition = { kind, parts };
  if (sizeOf(joined) <= MAX_SIZE) return joined;
  return { kind: 'unknown', why: 'it depends on too many conditions', place: { file: '' } };
}

/** What is left of `condition` beside `other`: `a or (not a and b)` says no more than `a or b`, and likewise with both swapped. */
function reduced(kind: 'and' | 'or', condition: Condition, other: Condition): Condition {
  const inner = kind === 'and' ? 'or' : 'and';
  if (condition.kind !== inner || (other.kind !== 'one-of' && other.kind !== 'version')) return condition;
  const dominant = kind === 'and' ? 'never' : 'always';
  const parts = condition.parts.filter((part) => join(kind, part, other)?.kind !== dominant);
  return parts.length === condition.parts.length ? condition : combine(inner, parts);
}

/** One condition for two, or null where they stay two. */
function join(kind: 'and' | 'or', a: Condition, b: Condition): Condition | null {
  if (sameCondition(a, b)) return a;
  // One reason is enough.
  if (a.kind === 'unknown' && b.kind === 'unknown') return a;
  if (a.kind === 'one-of' && b.kind === 'one-of' && a.variable === b.variable) {
    const both = a.values.filter((value) => b.values.includes(value));
    return oneOf(a.variable, kind === 'and' ? both : [...a.values, ...b.values]);
  }
  if (a.kind === b.kind && (a.kind === 'and' || a.kind === 'or')) return a.kind === kind ? null : factored(kind, a, b);
  if (a.kind !== 'version' || b.kind !== 'version') return null;
  const order = compareNumbers(a.bound, b.bound);
  if (a.operator === b.operator) {
    const tighter = order < 0 === (a.operator === '<') ? a : b;
    return (kind === 'and') === (tighter === a) ? a : b;
  }
  const [older, newer] = a.operator === '<' ? [a, b] : [b, a];
  const overlap = compareNumbers(newer.bound, older.bound) < 0;
  if (kind === 'and') return overlap ? null : NEVER;
  return compareNumbers(newer.bound, older.bound) <= 0 ? ALWAYS : null;
}

/** `(a and b) or (a and c)` as `a and (b or c)`, where b and c join to one; null elsewhere. Likewise with both swapped. */
function factored(kind: 'and' | 'or', a: Condition, b: Condition): Condition | null {
  if ((a.kind !== 'and' && a.kind !== 'or') || (b.kind !== 'and' && b.kind !== 'or')) return null;
  const isIn = (part: Condition, whole: readonly Condition[]) => whole.some((other) => sameCondition(part, other));
  const common = a.parts.filter((part) => isIn(part, b.parts));
  const [own, ...moreOwn] = a.parts.filter((part) => !isIn(part, common));
  const [other, ...moreOther] = b.parts.filter((part) => !isIn(part, common));
  if (common.length === 0 || moreOwn.length > 0 || moreOther.length > 0) return null;
  if (own === undefined || other === undefined) return combine(a.kind, common);
  const joined = join(kind, own, other);
  return joined === null ? null : combine(a.kind, [...common, joined]);
}

export function sameCondition(a: Condition, b: Condition): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'one-of':
      return b.kind === 'one-of' && a.variable === b.variable && a.values.join() === b.values.join();
    case 'version':
      return b.kind === 'version' && a.operator === b.operator && a.bound.join() === b.bound.join();
    case 'and':
    case 'or':
      return (
        b.kind === a.kind && a.parts.length === b.parts.length && a.parts.every((part, i) => same(part, b.parts[i]))
      );
    case 'unknown':
      return b.kind === 'unknown' && a.why === b.why && a.place.file === b.place.file && a.place.line === b.place.line;
    default:
      return a.kind === b.kind;
  }
}

function same(a: Condition, b: Condition | undefined): boolean {
  return b !== undefined && sameCondition(a, b);
}

function sizeOf(condition: Condition): number {
  if (condition.kind !== 'and' && condition.kind !== 'or') return 1;
  return condition.parts.reduce((size, part) => size + sizeOf(part), 1);
}

// Far above what a setup.py asks, and small enough that joining conditions stays cheap.
const MAX_SIZE = 100;
