import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, conditionOfMarker } from '../../src/nix/condition.ts';
import { conditionExpression } from '../../src/nix/condition-expression.ts';
import { dialectFor, RELEASES } from '../../src/nix/dialect.ts';
import { printExpression } from '../../src/nix/print.ts';
import { functionScope, setScope } from '../../src/nix/scope.ts';
import { targetsOf } from '../../src/nixpkgs/targets.ts';
import { evaluateMarker, parseMarker } from '../../src/pep/marker.ts';
import { describeWithNix } from '../support/nix.ts';
import { conditionHolds, type World, worldEnvironment, worldsOf } from './support/condition-worlds.ts';
import { evaluateNix } from './support/nix.ts';

/** Markers of some 170 projects, those of extras without the extra. */
const CORPUS = readFileSync(new URL('support/corpus-markers.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '');

const VERSIONS = ['3', '3.9', '3.9.0', '3.9.1', '3.10', '3.11', '3.13.1', '3.11.0rc1', '2.7', '2.7.18', '4'];
const OPERATORS = ['<', '<=', '>', '>=', '==', '!='];
const TEXT_VARIABLES = [
  ...['sys_platform', 'platform_system', 'os_name', 'platform_machine'],
  ...['implementation_name', 'platform_python_implementation'],
];
const TEXTS = [
  ...['linux', 'linux2', 'darwin', 'win32', 'cygwin', 'Linux', 'Darwin', 'Windows', 'posix', 'nt', 'java'],
  ...['x86_64', 'arm64', 'aarch64', 'AMD64', 'i686', 'ppc64le', 'cpython', 'CPython', 'PyPy', 'pypy', 'linux darwin'],
];
const quoted = (texts: readonly string[]) => fc.constantFrom(...texts.map((text) => `"${text}"`));
const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('python_version', 'python_full_version'), fc.constantFrom(...OPERATORS), quoted(VERSIONS)),
  fc.tuple(quoted(VERSIONS), fc.constantFrom(...OPERATORS), fc.constantFrom('python_version', 'python_full_version')),
  fc.tuple(
    fc.constant('python_version'),
    fc.constantFrom('~=', '===', '=='),
    quoted(['3.9', '3.9.0', '2.7', '3.10.1']),
  ),
  fc.tuple(fc.constant('python_full_version'), fc.constantFrom('~=', '==='), quoted(['3.9', '3.9.1', '3.10.0'])),
  fc.tuple(
    fc.constantFrom('python_version', 'python_full_version'),
    fc.constantFrom('==', '!='),
    quoted(['3.*', '3.9.*', '2.*']),
  ),
  fc.tuple(fc.constant('python_version'), fc.constantFrom('in', 'not in'), quoted(['3.8 3.9', '2.7,3.11', '3.10'])),
  fc.tuple(quoted(['3', '3.1', '2.', '7']), fc.constantFrom('in', 'not in'), fc.constant('python_version')),
  fc.tuple(fc.constantFrom(...TEXT_VARIABLES), fc.constantFrom('in', 'not in', ...OPERATORS), quoted(TEXTS)),
  fc.tuple(quoted(TEXTS), fc.constantFrom('in', 'not in', '==', '!='), fc.constantFrom(...TEXT_VARIABLES)),
);
const RANDOM = fc.sample(
  fc.letrec<{ marker: string }>((tie) => ({
    marker: fc.oneof(
      { maxDepth: 2 },
      comparison.map((parts) => parts.join(' ')),
      fc
        .tuple(tie('marker'), fc.constantFrom('and', 'or'), tie('marker'))
        .map(([a, word, b]) => `(${a}) ${word} (${b})`),
    ),
  })).marker,
  { numRuns: 700, seed: 5 },
);
const MARKERS = [...CORPUS, ...RANDOM];

/** The first releases with each way to ask for interpreter and platform, and the newest. */
const ASKING = ['16.03', '17.03', '18.03', '21.11', 'unstable'];

function nixText(condition: Condition, release: string): string {
  if (typeof condition === 'boolean') return String(condition);
  const dialect = dialectFor(release);
  const scope =
    dialect.packageSet === 'set'
      ? setScope({ defined: new Set() })
      : functionScope({
          shadowed: () => false,
          shadowedBy: 'pkgs',
          pythonSet: ['python', 'pkgs'],
          defined: new Set(),
          python: new Set(),
        });
  return printExpression(conditionExpression(condition, { scope, dialect }));
}

function expectedIn(worlds: readonly World[]): boolean[][] {
  const markers = MARKERS.map(parseMarker);
  return worlds.map((world) => markers.map((marker) => evaluateMarker(marker, worldEnvironment(world))));
}

/** The markers whose values differ, with one world each. */
function differences(worlds: readonly World[], actual: readonly (readonly boolean[])[]): string[] {
  const expected = expectedIn(worlds);
  return MARKERS.flatMap((marker, at) => {
    const wrong = worlds.filter((_, index) => actual[index]?.[at] !== expected[index]?.[at]);
    return wrong.length === 0 ? [] : [`${marker} on ${JSON.stringify(wrong[0])}`];
  });
}

describe('the condition of a marker', () => {
  it('holds where the marker holds, on all targets of all releases', () => {
    const worlds = worldsOf([...new Set(RELEASES.flatMap((release) => targetsOf(release).pythons))]);
    const conditions = MARKERS.map((marker) => conditionOfMarker(parseMarker(marker)).condition);
    const actual = worlds.map((world) => conditions.map((condition) => conditionHolds(condition, world)));
    expect(differences(worlds, actual)).toEqual([]);
  });

  it('can be told for every marker that projects have', () => {
    const untold = CORPUS.flatMap((marker) => {
      const { unknown } = conditionOfMarker(parseMarker(marker));
      return unknown.filter((name) => !/^(?:platform_(?:release|version)|implementation_version)$/u.test(name));
    });
    expect(untold).toEqual([]);
  });
});

describeWithNix('the condition of a marker in Nix', () => {
  it.each(ASKING)('holds where the marker holds, on all targets of %s', async (release) => {
    const worlds = worldsOf(targetsOf(release).pythons);
    const conditions = MARKERS.map((marker) => nixText(conditionOfMarker(parseMarker(marker)).condition, release));
    const value = await evaluateNix(`
      let
        lib = rec {
          versionOlder = a: b: builtins.compareVersions b a == 1;
          versionAtLeast = a: b: !(versionOlder a b);
          hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
        };
        world = { version, system, isPyPy }:
          let
            python = { inherit version; pythonVersion = builtins.head (builtins.match "([0-9]+[.][0-9]+).*" version); };
            pythonOlder = lib.versionOlder python.pythonVersion;
            pythonAtLeast = lib.versionAtLeast python.pythonVersion;
            cpu = builtins.head (builtins.match "([a-z0-9_]+)-.*" system);
            isDarwin = builtins.match ".*-darwin" system != null;
            flags = { inherit isDarwin; isLinux = !isDarwin; isx86_64 = cpu == "x86_64"; };
            # What each release has, and nothing more.
            stdenv = { inherit system; } // ${
              dialectFor(release).platform.length > 1
                ? '{ hostPlatform = flags // { isAarch64 = cpu == "aarch64"; parsed.cpu.name = cpu; }; }'
                : 'flags'
            };
            self = { inherit python isPyPy pythonOlder pythonAtLeast; };
            pkgs = { inherit lib stdenv; };
          in
          [ ${conditions.map((condition) => `(${condition})`).join('\n')} ];
      in
      map world [ ${worlds
        .map(({ full, system, pypy }) => `{ version = "${full}"; system = "${system}"; isPyPy = ${pypy}; }`)
        .join('\n')} ]`);
    expect(differences(worlds, value as boolean[][])).toEqual([]);
  });
});
