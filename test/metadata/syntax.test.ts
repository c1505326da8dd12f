import { describe, expect, it } from 'vitest';
import { lineFinder } from '../../src/metadata/line-starts.ts';
import { callsIn, nodesOf, parsePython } from '../../src/metadata/python/syntax.ts';

describe('syntax trees', () => {
  it('are walked however many statements a file has', () => {
    const source = parsePython('setup.py', 'f(1)\n'.repeat(200_000));
    expect([...callsIn(source.root)]).toHaveLength(200_000);
  });

  it('are walked however long a list is', () => {
    const source = parsePython('setup.py', `x = [${'f(1), '.repeat(200_000)}]\n`);
    expect([...callsIn(source.root)]).toHaveLength(200_000);
  });

  it('are walked in the order of the text, and below a node only where that is asked for', () => {
    const source = parsePython('setup.py', 'a = 1\ndef f():\n    b = 2\nc = 3\n');
    const names = [...nodesOf(source.root, ({ name }) => name !== 'FunctionDefinition')]
      .filter(({ name }) => name === 'VariableName')
      .map(({ from, to }) => source.text.slice(from, to));
    expect(names).toEqual(['a', 'c']);
  });
});

it('lines of a text count from 1, and a line break belongs to the line that it ends', () => {
  const line = lineFinder('ab\n\nc');
  expect([0, 2, 3, 4, 5].map(line)).toEqual([1, 1, 2, 3, 3]);
});
