import { describe, expect, it } from 'vitest';
import { allImports } from '../../src/metadata/python/import-scan.ts';
import { parsePython } from '../../src/metadata/python/syntax.ts';
import { importingPart } from '../../src/metadata/test-file-text.ts';

const FILES: readonly (readonly [string, string])[] = [
  ['imports between functions', 'import a\n\ndef test_x():\n    assert 1\n\nimport b\n\ndef test_y():\n    import c\n'],
  ['a guarded import', 'try:\n    import a\nexcept ImportError:\n    a = None\n\nx = 1\nfrom b import c\n'],
  ['an import in a text', 'x = """\nimport a\ny = 1\nimport b\n"""\nimport c\n'],
  [
    'a text that begins in one statement and ends after another',
    "def f():\n    '''\nz = 1\nimport a\n    '''\n\nimport b\n",
  ],
  ['a decorated function', '@mark\ndef test_x():\n    from a.b import c\n\n@mark\ndef test_y():\n    pass\n'],
  ['importorskip', 'import pytest\nx = 1\na = pytest.importorskip("a")\n'],
  ['the word at the end without a line break', 'x = 1\nimport a'],
  ['no import', 'x = 1\ndef test_x():\n    pass\n'],
];

describe('the importing part of a test file', () => {
  it.each(FILES)('has the imports of the whole, at their lines: %s', (_what, text) => {
    const importsOf = (part: string): unknown => allImports(parsePython('test_it.py', part));
    expect(importsOf(importingPart(text))).toEqual(importsOf(text));
  });

  it('leaves statements without imports out', () => {
    expect(importingPart('def long():\n    pass\n\nimport a\nx = 1\n')).toBe('\n\n\nimport a\n');
  });
});
