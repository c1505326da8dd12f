import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, conditionOfMarker, conditionOfRequiresPython, negate } from '../../src/nix/condition.ts';
import { conditionExpression } from '../../src/nix/condition-expression.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { printExpression } from '../../src/nix/print.ts';
import { functionScope, setScope } from '../../src/nix/scope.ts';
import { evaluateMarker, parseMarker } from '../../src/pep/marker.ts';
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
    ['platform_machine == "ppc64le"', 'stdenv.hostPlatform.parsed.cpu.name == "ppc64le"'],
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
  const systems = [
    { linux: true, cpu: 'x86_64' },
    { linux: true, cpu: 'aarch64' },
    { linux: false, cpu: 'aarch64' },
  ];
  const worlds = pythons.flatMap((full) =>
    systems.flatMap((system) => [true, false].map((pypy) => ({ full, ...system, pypy }))),
  );

  const version = fc.constantFrom('3', '3.9', '3.9.0', '3.9.1', '3.10', '3.11', '3.13.1', '2.7', '4');
  const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
  const comparison = fc.oneof(
    fc
      .tuple(fc.constantFrom('python_version', 'python_full_version'), operator, version)
      .map(([name, op, text]) => `${name} ${op} "${text}"`),
    fc.tuple(operator, version).map(([op, text]) => `"${text}" ${op} python_version`),
    fc.constantFrom(
      'python_version ~= "3.9"',
      'python_full_version ~= "3.9.1"',
      'python_version == "3.*"',
      'python_full_version != "3.9.*"',
    ),
    fc
      .tuple(
        fc.constantFrom(
          'sys_platform',
          'platform_system',
          'os_name',
          'platform_machine',
          'implementation_name',
          'platform_python_implementation',
        ),
        fc.constantFrom('==', '!=', 'in', 'not in'),
        fc.constantFrom(
          'linux',
          'darwin',
          'win32',
          'Linux',
          'Darwin',
          'posix',
          'nt',
          'x86_64',
          'arm64',
          'aarch64',
          'cpython',
          'CPython',
          'PyPy',
          'pypy',
        ),
      )
      .map(([name, op, text]) => `${name} ${op} "${text}"`),
  );
  const markers = fc.sample(
    fc.letrec<{ marker: string }>((tie) => ({
      marker: fc.oneof(
        { maxDepth: 2 },
        comparison,
        fc
          .tuple(tie('marker'), fc.constantFrom('and', 'or'), tie('marker'))
          .map(([a, word, b]) => `(${a}) ${word} (${b})`),
      ),
    })).marker,
    { numRuns: 300, seed: 3 },
  );

  it('hold where the markers hold, on every interpreter and platform', async () => {
    const conditions = markers.map((marker) => modern(conditionOfMarker(parseMarker(marker)).condition));
    const nixWorlds = worlds.map(({ full, linux, cpu, pypy }) => `(world "${full}" ${linux} "${cpu}" ${pypy})`);
    const value = await evaluateNix(`
      let
        lib = rec {
          versionOlder = a: b: builtins.compareVersions b a == 1;
          versionAtLeast = a: b: !(versionOlder a b);
        };
        world = version: isLinux: cpu: isPyPy:
          let
            python = { inherit version; pythonVersion = builtins.head (builtins.match "([0-9]+[.][0-9]+).*" version); };
            pythonOlder = lib.versionOlder python.pythonVersion;
            pythonAtLeast = lib.versionAtLeast python.pythonVersion;
            stdenv.hostPlatform = {
              inherit isLinux;
              isDarwin = !isLinux;
              isx86_64 = cpu == "x86_64";
              isAarch64 = cpu == "aarch64";
              parsed.cpu.name = if cpu == "aarch64" && !isLinux then "arm64" else cpu;
            };
          in
          [ ${conditions.map((condition) => `(${condition})`).join('\n')} ];
      in
      [ ${nixWorlds.join('\n')} ]`);
    const expected = worlds.map(({ full, linux, cpu, pypy }) => {
      const environment = {
        python_version: full.split('.').slice(0, 2).join('.'),
        python_full_version: full,
        os_name: 'posix',
        sys_platform: linux ? 'linux' : 'darwin',
        platform_system: linux ? 'Linux' : 'Darwin',
        platform_machine: !linux && cpu === 'aarch64' ? 'arm64' : cpu,
        implementation_name: pypy ? 'pypy' : 'cpython',
        platform_python_implementation: pypy ? 'PyPy' : 'CPython',
      };
      return markers.map((marker) => evaluateMarker(parseMarker(marker), environment));
    });
    for (const [index, world] of worlds.entries()) {
      const wrong = markers.filter((_, at) => (value as boolean[][])[index]?.[at] !== expected[index]?.[at]);
      expect({ world, wrong }).toEqual({ world, wrong: [] });
    }
  });

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
