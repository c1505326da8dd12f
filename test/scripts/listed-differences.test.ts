import { describe, expect, it } from 'vitest';
import { parseListedDifferences } from '../../scripts/support/listed-differences.ts';

describe('the table of judged differences', () => {
  it('is found by its header, with any columns after it', () => {
    const text = `# Classification

| attribute | meaning |
|---|---|
| tests | what tests need |

| Project | Attribute | Name | Who is right | Why |
|:--|---|---|---|---|
| kettle | dependencies | \`six\`, \`attrs\` | here | nothing imports them |
| pot | tests | which | choice | |

The end.
`;
    expect(parseListedDifferences(text)).toEqual([
      { project: 'kettle', attribute: 'dependencies', name: 'six', right: 'here' },
      { project: 'kettle', attribute: 'dependencies', name: 'attrs', right: 'here' },
      { project: 'pot', attribute: 'tests', name: 'which', right: 'choice' },
    ]);
  });

  it('lists nothing where there is none', () => {
    expect(parseListedDifferences('# Nothing\n')).toEqual([]);
  });

  it.each([
    ['| kettle | deps | six | here |', 'line 3: "deps" is none of dependencies, build-system'],
    ['| kettle | tests | six | us |', 'line 3: "us" is none of here, choice, nixpkgs'],
  ])('is refused with the line of a row that means nothing: %s', (row, message) => {
    const head = '| project | attribute | name | who is right |\n|---|---|---|---|\n';
    expect(() => parseListedDifferences(head + row)).toThrow(message);
  });
});
