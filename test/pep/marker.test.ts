import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evaluateMarker,
  formatMarker,
  type Marker,
  type MarkerEnvironment,
  parseMarker,
  tryParseMarker,
  undefinedComparisons,
} from '../../src/pep/marker.ts';
import { environments, marker } from './support/arbitraries.ts';

const LINUX: MarkerEnvironment = {
  python_version: '3.13',
  python_full_version: '3.13.1',
  os_name: 'posix',
  sys_platform: 'linux',
  platform_system: 'Linux',
  platform_machine: 'x86_64',
  platform_python_implementation: 'CPython',
  implementation_name: 'cpython',
  implementation_version: '3.13.1',
};

describe('evaluating a marker', () => {
  it.each([
    ['python_version >= "3.9"', true],
    ['python_version < "3.9"', false],
    ['"3.9" <= python_version', true],
    ['python_version ~= "3.10"', true],
    ['python_version == "3.*"', true],
    ['python_version in "3.12 3.13"', true],
    ['python_version not in "2.7, 3.13"', false],
    ['python_full_version >= "3.13.0rc1"', true],
    ['sys_platform == "linux"', true],
    ['"lin" in sys_platform', true],
    ['sys_platform < "zzz"', false],
    ['sys_platform <= "linux"', true],
    ['os.name == "posix" and python_implementation == "CPython"', true],
    ['os_name == "nt" or sys_platform == "linux" and platform_machine == "x86_64"', true],
    ['(os_name == "nt" or sys_platform == "linux") and platform_machine == "arm64"', false],
    ['sys_platform == sys_platform', false],
  ])('%s is %s on Linux with Python 3.13', (text, expected) => {
    expect(evaluateMarker(parseMarker(text), LINUX)).toBe(expected);
  });

  it('compares versions as texts where they are none', () => {
    const unreadable = { platform_release: '6.1.0-amd64' };
    expect(evaluateMarker(parseMarker('platform_release >= "5.0"'), unreadable)).toBe(false);
    expect(evaluateMarker(parseMarker('platform_release == "6.1.0-amd64"'), unreadable)).toBe(true);
  });

  it('reads the version of an untagged Python, which ends in a plus', () => {
    expect(evaluateMarker(parseMarker('python_full_version > "3.12"'), { python_full_version: '3.13.0+' })).toBe(true);
  });

  it('compares names of extras in normal form', () => {
    expect(evaluateMarker(parseMarker('extra == "Foo_Bar"'), { extra: 'foo.bar' })).toBe(true);
    expect(evaluateMarker(parseMarker('"Foo.Bar" == extra'), { extra: 'foo-bar' })).toBe(true);
  });

  it('has no extra unless the environment has one', () => {
    expect(evaluateMarker(parseMarker('extra == "test"'), LINUX)).toBe(false);
    expect(evaluateMarker(parseMarker('extra != "test"'), LINUX)).toBe(true);
  });

  it('looks for names in the sets of extras and groups of a lock file', () => {
    const environment = { extras: 'dev, Test', dependency_groups: 'docs' };
    expect(evaluateMarker(parseMarker("'test' in extras and 'Docs' in dependency_groups"), environment)).toBe(true);
    expect(evaluateMarker(parseMarker("'es' in extras"), environment)).toBe(false);
    expect(evaluateMarker(parseMarker("'' in extras"), { extras: '' })).toBe(false);
    expect(evaluateMarker(parseMarker("'docs' not in dependency_groups"), environment)).toBe(false);
  });

  it('counts a comparison with a variable that the environment lacks as true, whatever it says', () => {
    expect(evaluateMarker(parseMarker('platform_release >= "5" and platform_release < "5"'), LINUX)).toBe(true);
  });

  it.each(['os_name ~= "1"', 'sys_platform === "linux"', '"a" == "b"', 'extras == "a"', 'python_version ~= "x"'])(
    'counts %s as true and tells that it has no meaning',
    (text) => {
      const parsed = parseMarker(text);
      expect(evaluateMarker(parsed, LINUX)).toBe(true);
      expect(undefinedComparisons(parsed, LINUX)).toEqual([parsed]);
    },
  );

  it('finds a meaning in ordinary markers', () => {
    expect(
      undefinedComparisons(parseMarker('python_version ~= "3.9" and os_name == "nt" or extra == "x"'), LINUX),
    ).toEqual([]);
  });
});

describe('reading a marker', () => {
  it('gives "and" more weight than "or"', () => {
    const compare = (value: string): Marker => ({
      kind: 'compare',
      left: { kind: 'variable', name: 'os_name' },
      operator: '==',
      right: { kind: 'literal', value },
    });
    expect(parseMarker("os_name=='a' or os_name=='b' and os_name=='c'")).toEqual({
      kind: 'or',
      operands: [compare('a'), { kind: 'and', operands: [compare('b'), compare('c')] }],
    });
  });

  it.each([
    'python_version',
    'python_version < 3',
    'python_version =< "3"',
    'python.version < "3"',
    'os_name == "nt" &&  extra == "x"',
    'os_name == "nt" and',
    '(os_name == "nt"',
    'os_name == "nt")',
    'os_name == "nt',
    'os_name notin "nt"',
    'os_name == "a\nb"',
    'os_name == "\\x1"',
    '',
  ])('%j is none', (text) => {
    expect(tryParseMarker(text)).toBeNull();
  });

  it('shows the place of the fault', () => {
    expect(() => parseMarker('python_version < 3.9')).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_MARKER',
        exit: 65,
        message: `not a marker: expected a variable or a quoted text\n    python_version < 3.9\n    ${' '.repeat(17)}^`,
      }),
    );
    expect(() => parseMarker('foo == "1"')).toThrow('not a marker: there is no variable foo\n    foo == "1"\n    ~~~^');
  });
});

describe('writing a marker', () => {
  it.each([
    ["os.name=='nt'", 'os_name == "nt"'],
    ['python_implementation == "PyPy"', 'platform_python_implementation == "PyPy"'],
    ["extra=='A_b'", 'extra == "a-b"'],
    [`os_name == 'say "hi"'`, `os_name == 'say "hi"'`],
    ['((os_name=="a"))', 'os_name == "a"'],
    ['(os_name=="a" or os_name=="b") and extra=="x"', '(os_name == "a" or os_name == "b") and extra == "x"'],
    ['(os_name=="a" and os_name=="b") or extra=="x"', '(os_name == "a" and os_name == "b") or extra == "x"'],
    ['os_name=="a" and os_name=="b" or extra=="x"', 'os_name == "a" and os_name == "b" or extra == "x"'],
    ['os_name=="a" and (os_name=="b" and extra=="x")', 'os_name == "a" and (os_name == "b" and extra == "x")'],
    ['os_name not   in "a"', 'os_name not in "a"'],
    ['os_name == "\\x41"', 'os_name == "A"'],
    ['os_name == "\\n\\"', null],
    ['os_name == "\\n\\x22"', 'os_name == "\\x0a\\x22"'],
  ])('%s becomes %s', (text, expected) => {
    const parsed = tryParseMarker(text);
    expect(parsed && formatMarker(parsed)).toBe(expected);
  });

  it('gives a text that reads back as the same marker', () => {
    fc.assert(
      fc.property(marker, environments, (one, all) => {
        const again = parseMarker(formatMarker(one));
        expect(formatMarker(again)).toBe(formatMarker(one));
        for (const environment of all)
          expect(evaluateMarker(again, environment)).toBe(evaluateMarker(one, environment));
      }),
    );
  });
});
