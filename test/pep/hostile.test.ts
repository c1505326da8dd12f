import { describe, expect, it } from 'vitest';
import { descriptionOf, parseCoreMetadata } from '../../src/pep/core-metadata.ts';
import { evaluateMarker, tryParseMarker } from '../../src/pep/marker.ts';
import { simplifyMarker } from '../../src/pep/marker-simplify.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { tryParseRequirement } from '../../src/pep/requirement.ts';
import { parseRequirementsFile } from '../../src/pep/requirements-file.ts';
import { parseSdistName } from '../../src/pep/sdist-name.ts';
import { specifierAllows, tryParseSpecifierSet } from '../../src/pep/specifier.ts';
import { compareVersions, tryParseVersion } from '../../src/pep/version.ts';
import { formatRange, rangeOfSpecifiers } from '../../src/pep/version-range.ts';
import { parseWheelName } from '../../src/pep/wheel-name.ts';

const MANY = 100_000;

const LONG = [
  '1'.repeat(MANY),
  '1.'.repeat(MANY),
  `${'1.'.repeat(MANY)}1`,
  `1.0a${'1'.repeat(MANY)}x`,
  `1+${'a.'.repeat(MANY)}`,
  `1+${'a'.repeat(MANY)}!`,
  `1${' '.repeat(MANY)}x`,
  '1-'.repeat(MANY),
  '1post'.repeat(MANY),
  '1!'.repeat(MANY),
  '-'.repeat(MANY),
  '_.'.repeat(MANY),
  '('.repeat(MANY),
  '[a,'.repeat(MANY),
  '"'.repeat(MANY),
  '\\'.repeat(MANY),
  '#'.repeat(MANY),
  '$\u007b'.repeat(MANY),
  'and '.repeat(MANY),
];

// A regular expression that backtracks would not come back within the time limit of a test.
describe.each(LONG.map((text) => [text.slice(0, 12), text]))('a text of a hundred thousand times %j', (_, text) => {
  it('is read or refused as a version and a specifier', () => {
    tryParseVersion(text);
    for (const operator of ['==', '~=', '<', '>= ', '===']) {
      const set = tryParseSpecifierSet(`${operator}${text}`);
      if (set === null) continue;
      formatRange(rangeOfSpecifiers(set));
      specifierAllows(set, '1.0');
    }
  });

  it('is read or refused as a requirement and a marker', () => {
    for (const before of ['', 'a', 'a==', 'a[', 'a @ ', 'a;']) tryParseRequirement(`${before}${text}`);
    const marker = tryParseMarker(`python_version < "${text}"`);
    if (marker !== null) evaluateMarker(marker, { python_version: '3.13' });
    tryParseMarker(text);
  });

  it('is read or refused as a name, a file name and metadata', () => {
    normalizeName(text);
    parseSdistName(`a-${text}.zip`, 'a');
    parseWheelName(`a-${text}-py3-none-any.whl`);
    descriptionOf(`${text}: ${text}\n ${text}\n`);
    expect(() => parseCoreMetadata(`${text}\n${text}`)).toThrow('has no field');
  });

  it('is read or refused as a requirements file', async () => {
    const read = (): never => {
      throw new Error('no includes');
    };
    await parseRequirementsFile({ name: 'a', text: `-e ./x\n--no-binary a ${text}` }, { read }).catch(() => null);
    await parseRequirementsFile({ name: 'a', text }, { read }).catch(() => null);
  });
});

describe('a marker of thousands of comparisons', () => {
  it('is read and evaluated, and comes back from simplifying', () => {
    const marker = tryParseMarker(Array.from({ length: 20_000 }, (_, index) => `extra == "e${index}"`).join(' or '));
    expect(marker).not.toBeNull();
    if (marker === null) return;
    expect(evaluateMarker(marker, { extra: 'e19999' })).toBe(true);
    expect(simplifyMarker(marker, [{ os_name: 'posix' }])).toBe(marker);
  });
});

describe('numbers of any length', () => {
  it('are compared by value', () => {
    const zeros = '0'.repeat(MANY);
    const [small, big, padded] = [`1${zeros}`, `2${zeros}`, `${zeros}1${zeros}`].map((text) => tryParseVersion(text));
    expect(small && big && compareVersions(small, big)).toBe(-1);
    expect(small && padded && compareVersions(small, padded)).toBe(0);
  });
});
