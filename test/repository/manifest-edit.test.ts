import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tomlString } from '../../src/pep/pylock-toml.ts';
import { readToml } from '../../src/pep/toml-text.ts';
import { editList, editOption } from '../../src/repository/manifest-edit.ts';

interface Edit {
  readonly changed?: readonly (readonly [number, string | null])[];
  readonly added?: readonly string[];
}

function edit(text: string, { changed = [], added = [] }: Edit): string {
  return editList(text, { key: 'requirements', changed: new Map(changed), added });
}

describe('editing the list of requirements', () => {
  it.each<[string, string, Edit, string]>([
    [
      'adds behind the last',
      'requirements = [\n    "a",\n]\n',
      { added: ['b'] },
      'requirements = [\n    "a",\n    "b",\n]\n',
    ],
    ['adds to an empty list', 'requirements = []\n', { added: ['b'] }, 'requirements = [\n    "b",\n]\n'],
    [
      'adds to an empty list of two lines',
      'requirements = [\n]\n',
      { added: ['b'] },
      'requirements = [\n    "b",\n]\n',
    ],
    [
      'adds on the same line where the list is on one',
      'requirements = ["a"]\n',
      { added: ['b'] },
      'requirements = ["a", "b"]\n',
    ],
    [
      'adds a missing comma, before the comment',
      'requirements = [\n  "a" # mine, really\n]\n',
      { added: ['b'] },
      'requirements = [\n  "a", # mine, really\n  "b",\n]\n',
    ],
    [
      'keeps comments, order and blanks',
      '# head\nrequirements = [ # these\n\t"z", # last letter\n\n\t# first letter\n\t"a",\n\t# end\n]\n# tail\n',
      { changed: [[1, 'a>=1']], added: ['b'] },
      '# head\nrequirements = [ # these\n\t"z", # last letter\n\n\t# first letter\n\t"a>=1",\n\t# end\n\t"b",\n]\n# tail\n',
    ],
    [
      'removes a line with its comment',
      'requirements = [\n  "a", # x\n  "b",\n]\n',
      { changed: [[0, null]] },
      'requirements = [\n  "b",\n]\n',
    ],
    [
      'removes from one line',
      'requirements = ["a", "b", "c"]\n',
      { changed: [[1, null]] },
      'requirements = ["a", "c"]\n',
    ],
    ['removes the last of one line', 'requirements = ["a", "b"]\n', { changed: [[1, null]] }, 'requirements = ["a"]\n'],
    ['removes all', 'requirements = ["a"]\n', { changed: [[0, null]] }, 'requirements = []\n'],
    [
      'makes a list where none is',
      '# head\n\n[options]\npre = true\n',
      { added: ['a'] },
      '# head\n\nrequirements = [\n    "a",\n]\n\n[options]\npre = true\n',
    ],
    ['makes a list in an empty file', '', { added: ['a'] }, 'requirements = [\n    "a",\n]\n'],
    [
      'keeps the line ends of the file',
      'requirements = [\r\n  "a",\r\n]\r\n',
      { added: ['b'] },
      'requirements = [\r\n  "a",\r\n  "b",\r\n]\r\n',
    ],
    [
      'reads literal and long strings',
      `requirements = ['a', """b"""]\n`,
      { changed: [[1, 'c']] },
      `requirements = ['a', "c"]\n`,
    ],
  ])('%s', (_behaviour, text, change, expected) => {
    expect(edit(text, change)).toBe(expected);
  });

  it('says what to write by hand where the text has another form', () => {
    expect(() => edit('requirements = "a"\n', { added: ['b'] })).toThrow(
      expect.objectContaining({
        code: 'E_CANNOT_EDIT',
        exit: 78,
        hint: 'write this in it by hand, then run pypi2nix add without names: requirements = ["b"]',
      }),
    );
  });

  it('says what the list should say, whatever the layout', () => {
    const entry = fc.constantFrom('a', 'b>=1', 'c[x]; python_version < "3.9"', './d', "e ; sys_platform == 'win32'");
    const comment = fc.constantFrom('', ' # "x", ]', ' # note');
    const blank = fc.constantFrom('', ' ', '\n', '\n    ', '\n\t# [ "y"\n');
    const item = fc.record({ entry, comment, blank, comma: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 5 }),
        fc.array(fc.option(entry), { maxLength: 5 }),
        fc.array(entry, { maxLength: 3 }),
        (items, changes, added) => {
          const lines = items.map(
            ({ entry: each, comment: behind, blank: before, comma }, index) =>
              `${before}${tomlString(each)}${comma || index < items.length - 1 ? ',' : ''}${behind === '' ? '' : `${behind}\n`}`,
          );
          const text = `# head\nrequirements = [${lines.join('')}]\n\n[pins]\n`;
          const changed = changes.slice(0, items.length).map((each, index) => [index, each] as const);
          const edited = readToml(edit(text, { changed, added }));
          const wanted = items.flatMap(({ entry: each }, index) => {
            const change = changed[index];
            return change === undefined ? [each] : change[1] === null ? [] : [change[1]];
          });
          expect(edited).toEqual({ table: { requirements: [...wanted, ...added], pins: {} } });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('editing an option', () => {
  it.each([
    [
      'sets it behind the header',
      '[options] # mine\nrelease = "24.05"\n[pins]\n',
      '[options] # mine\npre = true\nrelease = "24.05"\n[pins]\n',
    ],
    ['makes the table', 'requirements = []\n', 'requirements = []\n\n[options]\npre = true\n'],
    ['changes a value', '[options]\npre = false # no\n', '[options]\npre = true # no\n'],
  ])('%s', (_behaviour, text, expected) => {
    expect(editOption(text, { name: 'pre', value: 'true' })).toBe(expected);
  });

  it('changes a list of several lines', () => {
    const text = '[options]\nextra-index-url = [\n  "https://a.test/", # old\n]\n';
    expect(editOption(text, { name: 'extra-index-url', value: '["https://b.test/"]' })).toBe(
      '[options]\nextra-index-url = ["https://b.test/"]\n',
    );
  });

  it('says what to write by hand where the table has another form', () => {
    expect(() => editOption('options = { pre = false }\n', { name: 'release', value: '"24.05"' })).toThrow(
      expect.objectContaining({ hint: 'write this in its table [options] by hand: release = "24.05"' }),
    );
  });
});
