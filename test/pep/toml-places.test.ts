import fc from 'fast-check';
import { parse } from 'toml';
import { describe, expect, it } from 'vitest';
import { type TextKey, tomlPlaces } from '../../src/pep/toml-text.ts';

const TEXT = `# [[rule]] in a comment
[[rule]]
reason = "a # no comment, \\"quoted\\" ]"
buildInputs.add = ["x", # first
  'y']
postPatch = """
[[rule]]
a = 1 \\"""
"""

[[rule]]
when = { version = ">=2", 'nixpkgs' = ">=22.11" }
[rule."env"]
A = ''''one quote before'''
B = true
`;

describe('tomlPlaces', () => {
  it.each<[readonly TextKey[], number, number]>([
    [['rule', 0], 2, 1],
    [['rule', 0, 'reason'], 3, 1],
    [['rule', 0, 'buildInputs', 'add'], 4, 1],
    [['rule', 0, 'buildInputs', 'add', 0], 4, 20],
    [['rule', 0, 'buildInputs', 'add', 1], 5, 3],
    [['rule', 0, 'postPatch'], 6, 1],
    [['rule', 1], 11, 1],
    [['rule', 1, 'when', 'version'], 12, 10],
    [['rule', 1, 'when', 'nixpkgs'], 12, 27],
    [['rule', 1, 'env', 'A'], 14, 1],
    [['rule', 1, 'env', 'B'], 15, 1],
  ])('finds %j', (path, line, column) => {
    expect(tomlPlaces(TEXT).at(path)).toEqual({ line, column });
  });

  it('gives the place of what is around a key that is missing', () => {
    expect(tomlPlaces(TEXT).at(['rule', 1, 'reason'])).toEqual({ line: 11, column: 1 });
  });

  it('gives the start of the text for a path that begins nowhere', () => {
    expect(tomlPlaces('').at(['rule'])).toEqual({ line: 1, column: 1 });
  });

  it('finds every rule whatever texts stand before it', () => {
    const value = fc.oneof(
      fc.string().map((content) => JSON.stringify(content).replaceAll('\u007f', '')),
      fc.constantFrom("'''\n[[rule]]\n'''", '"""\n\\"\\"\\"[[rule]]"""', '[["[", "]"], {a = "}"}]', "'\"'", '1.5e3'),
    );
    const rules = fc.array(fc.tuple(value, value), { maxLength: 6 });
    fc.assert(
      fc.property(rules, (pairs) => {
        const text = pairs.map(([a, b]) => `[[rule]]\nfirst = ${a} # "\nthen.more = [${b}, ${a}]\n`).join('');
        parse(text);
        const places = tomlPlaces(text);
        const lines = text.split('\n');
        for (const index of pairs.keys()) {
          const { line } = places.at(['rule', index]);
          expect(lines[line - 1]).toBe('[[rule]]');
          expect(lines[places.at(['rule', index, 'first']).line - 1]).toMatch(/^first = /u);
          expect(lines[places.at(['rule', index, 'then', 'more', 1]).line - 1]).toBeDefined();
          expect(lines[places.at(['rule', index, 'then']).line - 1]).toMatch(/^then\.more = /u);
        }
      }),
    );
  });
});
