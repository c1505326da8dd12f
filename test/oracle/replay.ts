import {
  evaluateMarker,
  formatMarker,
  type MarkerEnvironment,
  tryParseMarker,
  undefinedComparisons,
} from '../../src/pep/marker.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { tryParseRequirement } from '../../src/pep/requirement.ts';
import {
  formatSpecifierSet,
  type SpecifierSet,
  specifierAllows,
  tryParseSpecifierSet,
} from '../../src/pep/specifier.ts';
import { compareVersions, tryParseVersion } from '../../src/pep/version.ts';
import { rangeHas, rangeOfSpecifiers } from '../../src/pep/version-range.ts';

/** What Python's `packaging` says: the form of the table that the oracle prints. Null: it refuses. */
export interface OracleTable {
  /** Text of a version -> its normal form. */
  readonly valid: Readonly<Record<string, string | null>>;
  readonly order: readonly (readonly [string, string, number])[];
  /** A specifier set; by version, whether it has it with pre-releases and by default. */
  readonly contains: readonly (readonly [string, Readonly<Record<string, readonly [boolean, boolean]>> | null])[];
  readonly markers: readonly (readonly [string, MarkerEnvironment, boolean | null])[];
  readonly requirements: readonly (readonly [string, OracleRequirement | null])[];
}

interface OracleRequirement {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  readonly marker: string | null;
  readonly url: string | null;
}

/** A cell of the table where this project's code gives another answer. */
export interface Difference {
  readonly table: keyof OracleTable;
  readonly input: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface Replay {
  readonly checked: number;
  readonly differences: readonly Difference[];
}

/** Asks this project's code everything that the table answers. */
export function replay(table: OracleTable): Replay {
  const cells = [...versions(table), ...order(table), ...contains(table), ...markers(table), ...requirements(table)];
  return {
    checked: cells.length,
    differences: cells.filter(({ expected, actual }) => JSON.stringify(expected) !== JSON.stringify(actual)),
  };
}

/** Whether a decoded JSON value has the tables; their cells are not looked at. */
export function isOracleTable(value: unknown): value is OracleTable {
  if (typeof value !== 'object' || value === null) return false;
  const tables = new Map<string, unknown>(Object.entries(value));
  const valid = tables.get('valid');
  return (
    typeof valid === 'object' &&
    valid !== null &&
    ['order', 'contains', 'markers', 'requirements'].every((key) => Array.isArray(tables.get(key)))
  );
}

function* versions(table: OracleTable): Generator<Difference> {
  for (const [input, expected] of Object.entries(table.valid)) {
    yield { table: 'valid', input, expected, actual: tryParseVersion(input)?.text ?? null };
  }
}

function* order(table: OracleTable): Generator<Difference> {
  for (const [a, b, expected] of table.order) {
    const left = tryParseVersion(a);
    const right = tryParseVersion(b);
    yield { table: 'order', input: `${a} | ${b}`, expected, actual: left && right && compareVersions(left, right) };
  }
}

function* contains(table: OracleTable): Generator<Difference> {
  for (const [text, answers] of table.contains) {
    const set = tryParseSpecifierSet(text);
    yield { table: 'contains', input: text, expected: answers !== null, actual: set !== null };
    if (set === null || answers === null) continue;
    for (const [version, expected] of Object.entries(answers)) {
      const actual = [specifierAllows(set, version, { prereleases: true }), specifierAllows(set, version)];
      yield { table: 'contains', input: `${text} | ${version}`, expected, actual };
      yield* inRange(text, set, version, expected[0]);
    }
  }
}

// A range knows versions only, not their spelling, which `===` asks for.
function* inRange(text: string, set: SpecifierSet, spelled: string, expected: boolean): Generator<Difference> {
  const version = tryParseVersion(spelled);
  if (version === null || set.some(({ operator }) => operator === '===')) return;
  yield {
    table: 'contains',
    input: `range of ${text} | ${spelled}`,
    expected,
    actual: rangeHas(rangeOfSpecifiers(set), version),
  };
}

function* markers(table: OracleTable): Generator<Difference> {
  for (const [text, environment, expected] of table.markers) {
    const marker = tryParseMarker(text);
    const isRefused = marker === null || undefinedComparisons(marker, environment).length > 0;
    const actual = isRefused ? null : evaluateMarker(marker, environment);
    yield { table: 'markers', input: `${text} | ${JSON.stringify(environment)}`, expected, actual };
  }
}

function* requirements(table: OracleTable): Generator<Difference> {
  for (const [input, answer] of table.requirements) {
    const requirement = tryParseRequirement(input);
    const actual = requirement && {
      name: requirement.spelled,
      extras: requirement.extras,
      specifier: formatSpecifierSet(requirement.specifier),
      marker: requirement.marker && formatMarker(requirement.marker),
      url: requirement.url,
    };
    // `packaging` keeps the spelling of extras, this project their normal form (PEP 685).
    const expected = answer && {
      name: answer.name,
      extras: [...new Set(answer.extras.map(normalizeName))].sort(),
      specifier: answer.specifier,
      marker: answer.marker,
      url: answer.url,
    };
    yield { table: 'requirements', input, expected, actual };
  }
}
