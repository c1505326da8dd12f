import { describe, expect, it } from 'vitest';
import { allImports, readModules, topLevelImports } from '../../src/metadata/python/import-scan.ts';
import { parsePython } from '../../src/metadata/python/syntax.ts';

function optionalIn(text: string): Record<string, boolean> {
  const statements = allImports(parsePython('tests/test_it.py', text));
  return Object.fromEntries(statements.map(({ module, optional, line }) => [`${module}:${line}`, optional]));
}

describe('imports of a test file', () => {
  it('are needless behind a call of importorskip for them, and needed before it', () => {
    const text = 'import early\nx = pytest.importorskip("early")\nfrom early.deep import it\nimport other\n';
    expect(optionalIn(text)).toEqual({ 'early:1': false, 'early:2': true, 'early.deep:3': true, 'other:4': false });
  });

  it('are needed where only a function calls importorskip for them', () => {
    const text = 'def test_it():\n    pytest.importorskip("late")\n\nimport late\n';
    expect(optionalIn(text)).toEqual({ 'late:2': true, 'late:4': false });
  });

  it('are needless where the file is to be run as a program for them', () => {
    const text = 'if __name__ == "__main__":\n    import docopt\n';
    const source = parsePython('tests/test_it.py', text);
    expect(optionalIn(text)).toEqual({ 'docopt:2': true });
    expect(readModules(source)).toEqual([]);
    expect(topLevelImports(source).map(({ module }) => module)).toEqual(['docopt']);
  });
});
