import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateMarker, formatMarker, type MarkerEnvironment, parseMarker } from '../../src/pep/marker.ts';
import { simplifyMarker } from '../../src/pep/marker-simplify.ts';
import { environments, marker } from './support/arbitraries.ts';

const TARGETS: readonly MarkerEnvironment[] = ['3.12', '3.13', '3.14'].flatMap((python) =>
  [
    ['linux', 'x86_64'],
    ['linux', 'aarch64'],
    ['darwin', 'arm64'],
  ].map(([platform = '', machine = '']) => ({
    python_version: python,
    python_full_version: `${python}.0`,
    os_name: 'posix',
    sys_platform: platform,
    platform_machine: machine,
  })),
);

describe('a marker relative to the targets', () => {
  it.each([
    ['python_version >= "3.9"', true],
    ['sys_platform == "win32"', false],
    ['python_version < "3.13"', 'python_version < "3.13"'],
    ['python_version < "3.13" and os_name == "posix"', 'python_version < "3.13"'],
    ['python_version < "3.13" or os_name == "nt"', 'python_version < "3.13"'],
    ['sys_platform != "win32" and (sys_platform == "darwin" or sys_platform == "cygwin")', 'sys_platform == "darwin"'],
    ['python_version < "3.13" and python_version < "3.13"', 'python_version < "3.13"'],
    ['python_version >= "3.13" and python_full_version >= "3.13"', 'python_version >= "3.13"'],
    ['python_version >= "3.13" and python_version >= "3.14"', 'python_version >= "3.14"'],
    ['python_version < "3.13" or python_version < "3.13" and sys_platform == "linux"', 'python_version < "3.13"'],
    ['python_version < "3.13" or python_version >= "3.13"', true],
    ['sys_platform == "linux" and sys_platform == "darwin"', false],
    ['(os_name == "posix" and sys_platform == "linux") and extra == "x"', 'sys_platform == "linux" and extra == "x"'],
  ])('%s is %s', (text, expected) => {
    const simple = simplifyMarker(parseMarker(text), TARGETS);
    expect(typeof simple === 'boolean' ? simple : formatMarker(simple)).toBe(expected);
  });

  it.each([
    ['extra == "x" and os_name == "posix"', 'extra == "x"'],
    ['python_version < "3.13" and extra == "x" or python_version >= "3.13" and extra == "x"', 'extra == "x"'],
    ['extra == "x" or extra == "X"', 'extra == "x"'],
    ['extra == "x" and extra == "y"', false],
    ['extra == "x" or extra != "x"', true],
    ['extra == "x" and extra != "y"', 'extra == "x"'],
    ['"x" in extra and os_name == "posix"', '"x" in extra'],
  ])('keeps what depends on the extra: %s is %s', (text, expected) => {
    const simple = simplifyMarker(parseMarker(text), TARGETS);
    expect(typeof simple === 'boolean' ? simple : formatMarker(simple)).toBe(expected);
  });

  it('knows the extra when every environment sets it', () => {
    expect(simplifyMarker(parseMarker('extra == "x"'), [{ extra: 'X' }])).toBe(true);
    expect(simplifyMarker(parseMarker('extra == "x"'), [{ extra: '' }])).toBe(false);
  });

  it('leaves the marker alone when there is no environment', () => {
    const one = parseMarker('os_name == "nt"');
    expect(simplifyMarker(one, [])).toBe(one);
  });

  it('has the same value as the marker in every environment, for every extra', () => {
    fc.assert(
      fc.property(marker, environments, fc.constantFrom('', 'a', 'b', 'a-b', 'other', 'xa'), (one, all, extra) => {
        const simple = simplifyMarker(one, all);
        for (const environment of all) {
          const complete = { extra, ...environment };
          const value = typeof simple === 'boolean' ? simple : evaluateMarker(simple, complete);
          expect(value).toBe(evaluateMarker(one, complete));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is never longer than the marker, and stays as it is when it is simplified again', () => {
    fc.assert(
      fc.property(marker, environments, (one, all) => {
        const simple = simplifyMarker(one, all);
        if (typeof simple === 'boolean') return;
        expect(formatMarker(simple).length).toBeLessThanOrEqual(formatMarker(one).length);
        expect(simplifyMarker(simple, all)).toEqual(simple);
      }),
      { numRuns: 300 },
    );
  });
});
