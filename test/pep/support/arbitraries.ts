import fc from 'fast-check';
import type { Marker, MarkerEnvironment, MarkerOperator, MarkerVariable } from '../../../src/pep/marker.ts';
import { type SpecifierSet, tryParseSpecifierSet } from '../../../src/pep/specifier.ts';
import { parseVersion, type Version } from '../../../src/pep/version.ts';

const number = fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, fc.nat(11)).map(String);
const maybe = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant('') }, text);
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));

const release = joined(
  maybe(fc.constantFrom('1!', '0!')),
  fc.array(number, { minLength: 1, maxLength: 4 }).map((all) => all.join('.')),
);
const suffixes = joined(
  maybe(joined(fc.constantFrom('a', 'b', 'rc', '.alpha', '-c'), number)),
  maybe(joined(fc.constantFrom('.post', '-', '.r'), number)),
  maybe(joined(fc.constantFrom('.dev', 'dev'), number)),
);
const local = maybe(fc.constantFrom('+a', '+1', '+a.1', '+1.a', '+ubuntu-10', '+0a'));

/** Spellings of versions that lie close to each other, so that bounds are met. */
export const versionText: fc.Arbitrary<string> = joined(release, suffixes, local);
export const version: fc.Arbitrary<Version> = versionText.map(parseVersion);

const specifierText = fc.oneof(
  joined(fc.constantFrom('>=', '<=', '>', '<'), release, suffixes),
  joined(fc.constantFrom('==', '!='), release, suffixes, local),
  joined(fc.constantFrom('==', '!='), release, fc.constant('.*')),
  joined(fc.constant('~='), release, fc.constant('.'), number, suffixes),
);

/** Sets of up to three specifiers, without `===`. */
export const specifierSet: fc.Arbitrary<SpecifierSet> = fc
  .array(specifierText, { maxLength: 3 })
  .map((texts) => tryParseSpecifierSet(texts.join(',')))
  .filter((set) => set !== null);

const VALUES: readonly (readonly [MarkerVariable, readonly string[]])[] = [
  ['python_version', ['3.8', '3.12', '3.13', '3.14', '3.*', 'x']],
  ['python_full_version', ['3.12.1', '3.13.0', '3.13.0rc1']],
  ['sys_platform', ['linux', 'darwin', 'win32']],
  ['platform_machine', ['x86_64', 'aarch64', 'arm64']],
  ['implementation_name', ['cpython', 'pypy']],
  ['platform_release', ['5.0']],
  ['extra', ['a', 'b', 'a-b', '']],
];

const OPERATORS: readonly MarkerOperator[] = ['<', '<=', '!=', '==', '>=', '>', '~=', '===', 'in', 'not in'];

const comparison: fc.Arbitrary<Marker> = fc
  .tuple(fc.constantFrom(...VALUES), fc.constantFrom(...OPERATORS), fc.nat(20), fc.boolean())
  .map(([[name, values], operator, index, isReversed]): Marker => {
    const variable = { kind: 'variable', name } as const;
    const literal = { kind: 'literal', value: values[index % values.length] ?? '' } as const;
    return isReversed
      ? { kind: 'compare', left: literal, operator, right: variable }
      : { kind: 'compare', left: variable, operator, right: literal };
  });

/** Markers in the form that the parser gives: of the groups only those that need it are marked as parenthesised. */
export const marker: fc.Arbitrary<Marker> = fc.letrec<{ marker: Marker; group: Marker }>((tie) => ({
  marker: fc.oneof({ maxDepth: 3, withCrossShrink: true }, comparison, tie('group')),
  group: fc
    .tuple(fc.constantFrom('and', 'or'), fc.array(tie('marker'), { minLength: 2, maxLength: 3 }))
    .map(([kind, operands]): Marker => ({ kind, operands })),
})).marker;

const PLATFORMS: readonly MarkerEnvironment[] = [
  { sys_platform: 'linux', platform_machine: 'x86_64' },
  { sys_platform: 'linux', platform_machine: 'aarch64' },
  { sys_platform: 'darwin', platform_machine: 'arm64' },
];

/** Some of the environments that expressions are generated for; `platform_release` is never known, `extra` sometimes set. */
export const environments: fc.Arbitrary<readonly MarkerEnvironment[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom(...PLATFORMS),
      fc.constantFrom('3.12', '3.13', '3.14'),
      fc.constantFrom('cpython', 'pypy'),
      fc.option(fc.constantFrom('a', 'b'), { freq: 5, nil: undefined }),
    )
    .map(
      ([platform, python, implementation, extra]): MarkerEnvironment => ({
        ...platform,
        python_version: python,
        python_full_version: `${python}.1`,
        implementation_name: implementation,
        ...(extra === undefined ? {} : { extra }),
      }),
    ),
  { minLength: 1, maxLength: 6 },
);
