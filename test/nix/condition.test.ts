import { describe, expect, it } from 'vitest';
import { type Condition, conditionOfMarker, conditionOfRequiresPython, negate } from '../../src/nix/condition.ts';
import { conditionExpression } from '../../src/nix/condition-expression.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { printExpression } from '../../src/nix/print.ts';
import { functionScope, setScope } from '../../src/nix/scope.ts';
import { parseMarker } from '../../src/pep/marker.ts';
import { parseSpecifierSet, specifierAllows } from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';
import { describeWithNix } from '../support/nix.ts';
import { evaluateNix } from './support/nix.ts';

const SCOPE = functionScope({
  shadowed: () => false,
  shadowedBy: 'pkgs',
  pythonSet: ['python', 'pkgs'],
  defined: new Set(),
  python: new Set(),
});

function modern(condition: Condition): string {
  if (typeof condition === 'boolean') return String(condition);
  return printExpression(conditionExpression(condition, { scope: SCOPE, dialect: dialectFor('24.05') }))
    .replace(/\s+/gu, ' ')
    .trim();
}

function old(condition: Condition): string {
  if (typeof condition === 'boolean') return String(condition);
  const scope = setScope({ defined: new Set() });
  return printExpression(conditionExpression(condition, { scope, dialect: dialectFor('16.03') }))
    .replace(/\s+/gu, ' ')
    .trim();
}

describe('a marker in the form of 24.05', () => {
  it.each([
    ['python_version < "3.11"', 'pythonOlder "3.11"'],
    ['"3.11" > python_version', 'pythonOlder "3.11"'],
    ['python_version >= "3.8"', 'pythonAtLeast "3.8"'],
    ['python_version <= "3.10"', 'pythonOlder "3.11"'],
    ['python_version > "3.10"', 'pythonAtLeast "3.11"'],
    ['python_version == "3.8"', 'python.pythonVersion == "3.8"'],
    ['python_version != "3.8"', 'python.pythonVersion != "3.8"'],
    ['python_version == "3.*"', 'pythonAtLeast "3" && pythonOlder "4"'],
    ['python_version ~= "3.8"', 'pythonAtLeast "3.8" && pythonOlder "4"'],
    ['python_version in "3.8 3.9"', 'python.pythonVersion == "3.8" || python.pythonVersion == "3.9"'],
    ['python_version not in "3.8"', 'python.pythonVersion != "3.8"'],
    ['python_version < "3"', 'pythonOlder "3"'],
    ['python_full_version < "3.9.1"', 'lib.versionOlder python.version "3.9.1"'],
    ['python_full_version >= "3.9.1"', 'lib.versionAtLeast python.version "3.9.1"'],
    ['python_full_version <= "3.9.1"', 'lib.versionAtLeast "3.9.1" python.version'],
    ['python_full_version > "3.9.1"', 'lib.versionOlder "3.9.1" python.version'],
    ['python_full_version < "3.11.0a7"', 'pythonOlder "3.11"'],
    ['python_full_version == "3.9.1"', 'python.version == "3.9.1"'],
    ['sys_platform == "darwin"', 'stdenv.hostPlatform.isDarwin'],
    ['sys_platform != "darwin"', '!stdenv.hostPlatform.isDarwin'],
    ['sys_platform == "win32"', 'false'],
    ['sys_platform != "win32"', 'true'],
    ['"linux" in sys_platform', 'stdenv.hostPlatform.isLinux'],
    ['sys_platform in "linux darwin"', 'stdenv.hostPlatform.isLinux || stdenv.hostPlatform.isDarwin'],
    ['os_name == "nt"', 'false'],
    ['os_name == "posix"', 'true'],
    ['platform_system == "Linux"', 'stdenv.hostPlatform.isLinux'],
    ['platform_machine == "x86_64"', 'stdenv.hostPlatform.isx86_64'],
    ['platform_machine == "arm64"', 'stdenv.hostPlatform.isAarch64 && stdenv.hostPlatform.isDarwin'],
    ['platform_machine == "ppc64le"', 'stdenv.hostPlatform.parsed.cpu.name == "powerpc64le"'],
    ['platform_python_implementation == "PyPy"', 'isPyPy'],
    ['implementation_name == "cpython"', '!isPyPy'],
    ['implementation_name == "jython"', 'false'],
    [
      'python_version < "3.11" and (sys_platform == "darwin" or implementation_name == "pypy")',
      'pythonOlder "3.11" && (stdenv.hostPlatform.isDarwin || isPyPy)',
    ],
    ['sys_platform == "win32" or python_version < "3.11"', 'pythonOlder "3.11"'],
    ['sys_platform == "win32" and python_version < "3.11"', 'false'],
  ])('%s is %s', (marker, nix) => {
    const { condition, unknown } = conditionOfMarker(parseMarker(marker));
    expect(modern(condition)).toBe(nix);
    expect(unknown).toEqual([]);
  });

  it.each([
    ['python_version < "3.9.1"', 'pythonOlder "3.10"'],
    ['python_version >= "3.9.1"', 'pythonAtLeast "3.10"'],
    ['python_version == "3.9.1"', 'false'],
  ])('never gives %s with its patch number to a comparison of X.Y: it is %s', (marker, nix) => {
    expect(modern(conditionOfMarker(parseMarker(marker)).condition)).toBe(nix);
  });

  it.each([
    ['"3" in python_version', 'pythonAtLeast "3"'],
    ['"3.1" in python_version', '3.10 to 3.19'],
    ['python_version in "3.10"', 'python.pythonVersion == "3.10"'],
    ['"3.9" ~= python_version', 'pythonAtLeast "3" && pythonOlder "4" && pythonOlder "3.10"'],
    ['python_version === "3.9.0"', 'false'],
    ['python_full_version in "3.9.1, 3.9.2"', 'python.version == "3.9.1" || python.version == "3.9.2"'],
    ['python_full_version > "3.11.0a7"', 'pythonAtLeast "3.11"'],
    ['python_full_version == "3.11.0rc1"', 'false'],
    ['python_full_version == "3.9.1.*"', 'python.version == "3.9.1"'],
    ['python_version >= "any"', 'false'],
    ['sys_platform >= "linux"', 'stdenv.hostPlatform.isLinux'],
    ['sys_platform < "win32"', 'false'],
  ])('of an unusual kind, %s, is %s', (marker, nix) => {
    const { condition } = conditionOfMarker(parseMarker(marker));
    const tens = Array.from({ length: 10 }, (_, index) => `python.pythonVersion == "3.1${index}"`).join(' || ');
    expect(modern(condition)).toBe(nix === '3.10 to 3.19' ? tens : nix);
  });

  it.each(['platform_release != "5"', 'platform_version not in "a b"', 'python_version ~= "3"'])(
    'that cannot be told, %s, counts as true',
    (marker) => {
      const { condition, unknown } = conditionOfMarker(parseMarker(marker));
      expect({ condition, known: unknown.length === 0 }).toEqual({ condition: true, known: false });
    },
  );

  it('that looks at what Nix does not know counts as true, and says so', () => {
    expect(conditionOfMarker(parseMarker('platform_release >= "5" and python_version < "3.11"'))).toEqual({
      condition: { kind: 'python', is: 'older', version: '3.11' },
      unknown: ['platform_release'],
    });
  });
});

describe('a marker in the form of 16.03', () => {
  it.each([
    ['python_version < "3.4"', 'pkgs.lib.versionOlder self.python.pythonVersion "3.4"'],
    ['python_version == "2.7"', 'self.python.pythonVersion == "2.7"'],
    ['sys_platform == "darwin"', 'pkgs.stdenv.isDarwin'],
    ['platform_machine == "aarch64"', 'pkgs.lib.hasPrefix "aarch64-" pkgs.stdenv.system && pkgs.stdenv.isLinux'],
    ['platform_python_implementation != "PyPy"', '!self.isPyPy'],
  ])('%s is %s', (marker, nix) => {
    expect(old(conditionOfMarker(parseMarker(marker)).condition)).toBe(nix);
  });
});

describe('requires-python', () => {
  it.each([
    ['>=3.9', 'pythonOlder "3.9"'],
    ['>=3.9,<4', 'pythonOlder "3.9" || pythonAtLeast "4"'],
    ['>=3.9.1', 'lib.versionOlder python.version "3.9.1"'],
    ['>=2.7, !=3.0.*, !=3.1.*', 'pythonOlder "2.7" || python.pythonVersion == "3.0" || python.pythonVersion == "3.1"'],
    ['~=3.8', 'pythonOlder "3.8" || pythonAtLeast "4"'],
    ['==3.*', 'pythonOlder "3" || pythonAtLeast "4"'],
    ['!=3.9.7', 'python.version == "3.9.7"'],
  ])('%s disables where %s', (specifiers, nix) => {
    expect(modern(negate(conditionOfRequiresPython(specifiers).condition))).toBe(nix);
  });
});

describeWithNix('conditions in Nix', () => {
  const pythons = ['2.7.18', '3.8.0', '3.9.0', '3.9.1', '3.9.18', '3.10.4', '3.11.0', '3.13.9', '3.14.2'];

  it('disable exactly the interpreters that requires-python excludes', async () => {
    const specifiers = [
      '>=3.9',
      '>=3.9.1',
      '<4,>=3.9',
      '!=3.9.*,>=2.7',
      '>3.9.1',
      '<=3.9.1',
      '<=3.9',
      '~=3.9.1',
      '==3.9.*',
      '!=3.9.1',
      '>3.9',
    ];
    const disabled = specifiers.map((text) => modern(negate(conditionOfRequiresPython(text).condition)));
    const value = await evaluateNix(`
      let
        lib = rec {
          versionOlder = a: b: builtins.compareVersions b a == 1;
          versionAtLeast = a: b: !(versionOlder a b);
        };
        world = version:
          let
            python = { inherit version; pythonVersion = builtins.head (builtins.match "([0-9]+[.][0-9]+).*" version); };
            pythonOlder = lib.versionOlder python.pythonVersion;
            pythonAtLeast = lib.versionAtLeast python.pythonVersion;
          in
          [ ${disabled.map((each) => `(${each})`).join('\n')} ];
      in
      map world [ ${pythons.map((full) => `"${full}"`).join(' ')} ]`);
    const expected = pythons.map((full) =>
      specifiers.map((text) => !specifierAllows(parseSpecifierSet(text), parseVersion(full))),
    );
    expect(value).toEqual(expected);
  });
});
