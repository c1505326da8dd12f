import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALWAYS,
  and,
  type Condition,
  compareNumbers,
  NEVER,
  not,
  oneOf,
  or,
} from '../../src/metadata/python/condition.ts';
import { markerOf, mayHoldOnUnix, withMarker } from '../../src/metadata/python/condition-marker.ts';

interface World {
  readonly version: readonly number[];
  readonly sys_platform: string;
  readonly os_name: string;
}

function holds(condition: Condition, world: World): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'version':
      return compareNumbers(world.version, condition.bound) < 0 === (condition.operator === '<');
    case 'one-of':
      return condition.values.includes(condition.variable === 'os_name' ? world.os_name : world.sys_platform);
    case 'and':
      return condition.parts.every((part) => holds(part, world));
    case 'or':
      return condition.parts.some((part) => holds(part, world));
    case 'unknown':
      throw new Error('no unknown conditions here');
  }
}

const atom: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('version' as const),
    operator: fc.constantFrom('<' as const, '>=' as const),
    bound: fc.constantFrom([3], [3, 4], [3, 7, 1], [2, 7]),
  }),
  fc.subarray(['linux', 'darwin', 'win32'], { minLength: 1 }).map((values) => oneOf('sys_platform', values)),
  fc.constantFrom('posix', 'nt').map((value) => oneOf('os_name', [value])),
);
const world: fc.Arbitrary<World> = fc.record({
  version: fc.constantFrom([2, 6, 9], [2, 7, 18], [3, 3, 0], [3, 4, 0], [3, 7, 0], [3, 7, 1], [3, 12, 4]),
  sys_platform: fc.constantFrom('linux', 'darwin', 'win32', 'cygwin'),
  os_name: fc.constantFrom('posix', 'nt', 'java'),
});

interface Built {
  readonly condition: Condition;
  readonly truth: (world: World) => boolean;
}

const { built } = fc.letrec<{ built: Built }>((tie) => ({
  built: fc.oneof(
    { maxDepth: 4 },
    atom.map((condition) => ({ condition, truth: (one: World) => holds(condition, one) })),
    tie('built').map((inner) => ({ condition: not(inner.condition), truth: (one: World) => !inner.truth(one) })),
    fc.array(tie('built'), { maxLength: 3 }).map((parts) => ({
      condition: and(parts.map((part) => part.condition)),
      truth: (one: World) => parts.every((part) => part.truth(one)),
    })),
    fc.array(tie('built'), { maxLength: 3 }).map((parts) => ({
      condition: or(parts.map((part) => part.condition)),
      truth: (one: World) => parts.some((part) => part.truth(one)),
    })),
  ),
}));

describe('conditions', () => {
  it('keep their meaning while they are joined', () => {
    fc.assert(
      fc.property(built, world, ({ condition, truth }, one) => {
        expect(holds(condition, one)).toBe(truth(one));
      }),
      { numRuns: 2000 },
    );
  });

  it('are always or never where that is so', () => {
    const old: Condition = { kind: 'version', operator: '<', bound: [3] };
    expect(or([old, not(old)])).toEqual(ALWAYS);
    expect(and([old, not(old)])).toEqual(NEVER);
    expect(or([and([old, oneOf('os_name', ['nt'])]), and([old, not(oneOf('os_name', ['nt']))])])).toEqual(old);
  });

  it.each([
    [oneOf('sys_platform', ['win32']), 'sys_platform == "win32"', false],
    [not(oneOf('sys_platform', ['win32'])), 'sys_platform != "win32"', true],
    [oneOf('os_name', ['nt']), 'os_name == "nt"', false],
    [oneOf('sys_platform', ['darwin', 'win32']), 'sys_platform == "darwin" or sys_platform == "win32"', true],
    [
      and([oneOf('os_name', ['posix']), oneOf('sys_platform', ['win32'])]),
      'os_name == "posix" and sys_platform == "win32"',
      false,
    ],
  ])('become marker texts and tell what only Windows has (%#)', (condition, marker, unix) => {
    expect(markerOf(condition)).toBe(marker);
    expect(mayHoldOnUnix(condition)).toBe(unix);
  });

  it('are put behind a URL with a blank, since a URL may hold a semicolon', () => {
    const condition: Condition = { kind: 'version', operator: '<', bound: [3, 4] };
    expect(withMarker('a @ https://files.test/a;b.zip', condition)).toBe(
      'a @ https://files.test/a;b.zip ; python_version < "3.4"',
    );
  });
});
