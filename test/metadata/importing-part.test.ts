import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allImports, importedModules, readModules } from '../../src/metadata/python/import-scan.ts';
import { importingPart } from '../../src/metadata/python/importing-part.ts';
import { parsePython } from '../../src/metadata/python/syntax.ts';

const FILES: readonly (readonly [string, string])[] = [
  ['imports between functions', 'import a\n\ndef test_x():\n    assert 1\n\nimport b\n\ndef test_y():\n    import c\n'],
  ['a guarded import', 'try:\n    import a\nexcept ImportError:\n    a = None\n\nx = 1\nfrom b import c\n'],
  ['a guard in the line of its branch', 'try: import a\nexcept ImportError: a = None\nelse: x = 1\n'],
  ['a branch below comments', 'try:\n    import a\n# why\n\n# not\nexcept ImportError:\n    pass\n'],
  ['an import in a text', 'x = """\nimport a\ny = 1\nimport b\n"""\nimport c\n'],
  ['a text that goes on behind a backslash', "x = 'it\\\nimport a'\nimport b\n"],
  ['brackets over lines without indentation', 'x = f(\n1,\n)\nfrom a import (\n  b,\n# c\n)\n'],
  ['a bracket in a text and one in a comment', 'x = "("  # (\nimport a\n'],
  [
    'a text that begins in one statement and ends after another',
    "def f():\n    '''\nz = 1\nimport a\n    '''\n\nimport b\n",
  ],
  ['a decorated function', '@mark\ndef test_x():\n    from a.b import c\n\n@mark\ndef test_y():\n    pass\n'],
  ['importorskip', 'import pytest\nx = 1\na = pytest.importorskip("a")\n'],
  ['importorskip in a decorator', 'import pytest\n\n@x(pytest.importorskip("a"))\ndef f():\n    return 1\n'],
  ['importorskip in a format string', 'import pytest\nx = f"{pytest.importorskip(\'a\')}"\n'],
  [
    'an import below branches',
    'def f():\n    if a:\n        x()\n    elif b:\n        import c\n    else:\n        y()\n',
  ],
  ['an import below match', 'match x:\n    case 1:\n        import a\n    case _:\n        y()\n'],
  ['two statements in a line', 'x = 1; import a\n'],
  ['the word at the end without a line break', 'x = 1\nimport a'],
  ['line breaks of Windows', 'def f():\r\n\tx = 1\r\n\timport a\r\n\r\nimport b\r\n'],
  ['a byte order mark', '\ufeffx = 1\nimport a\n'],
  ['no import', 'x = 1\ndef test_x():\n    pass\n'],
];

describe('the importing part of a Python file', () => {
  it.each(FILES)('has the imports of the whole, at their lines: %s', (_what, text) => {
    expect(importsOf(importingPart(text))).toEqual(importsOf(text));
  });

  it('has the imports of the whole for any nesting of statements', () => {
    fc.assert(
      fc.property(fc.array(statement(3), { minLength: 1, maxLength: 6 }), (statements) => {
        const text = statements.flat().join('\n');
        expect(importsOf(importingPart(text))).toEqual(importsOf(text));
      }),
    );
  });

  it('leaves statements without imports out', () => {
    expect(importingPart('def long():\n    pass\n\nimport a\nx = 1\n')).toBe('\n\n\nimport a\n');
  });

  it('keeps what stands around an import, and none of its neighbours', () => {
    const text =
      'def f(a):\n    """Does it."""\n    if a:\n        b()\n    else:\n        import c\n    return c\n\ng()\n';
    expect(importingPart(text)).toBe('def f(a):\n\n    if a:\n        pass\n    else:\n        import c\n');
  });

  it.each([
    ['an open text', 'x = "\nimport a\n'],
    ['an open bracket', 'import a\nx = (\n'],
    ['indentation that fits nowhere', 'if a:\n        b()\n    import c\n'],
    ['a closing bracket too many', 'import a\nx = )\nimport b\n'],
  ])('is the whole where only the grammar can tell: %s', (_what, text) => {
    expect(importingPart(text)).toBe(text);
  });

  it('is found in time that grows with the text alone', () => {
    const deep = Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}if a:`).join('\n');
    const texts = `${'"'.repeat(200_000)}\n${"'\\\\".repeat(100_000)}\nimport a`;
    const wide = `${'x = {"a": (1, [2])}  # it\n'.repeat(20_000)}import a\n`;
    expect(importingPart(`${deep}\n${' '.repeat(3000)}import a\n`)).toContain('import a');
    expect(importingPart(texts)).toContain('import a');
    expect(importingPart(wide).trim()).toBe('import a');
  });
});

function importsOf(text: string): unknown {
  const source = parsePython('test_it.py', text);
  return [allImports(source), importedModules(source), readModules(source)];
}

/** The lines of one statement, without indentation. */
function statement(depth: number): fc.Arbitrary<readonly string[]> {
  const simple = fc.constantFrom(
    ...[
      'x = 1',
      'import a',
      'import b.c as d, e',
      'from .f import g',
      'from h import (i,',
      'y = [',
      '# import j',
      '',
    ].map((line) =>
      line.endsWith(',') ? [line, '  k)  # import'] : line.endsWith('[') ? [line, '1', '    ]'] : [line],
    ),
    ['"""', 'import l', 'z = 1', '"""'],
    ["u = 'import m' \\", '    + "#("'],
    ['v = importorskip("n")'],
    ['w = 1; import o'],
    ["r = r'\\'import p'"],
  );
  if (depth === 0) return simple;
  const block = fc
    .tuple(fc.array(statement(depth - 1), { minLength: 1, maxLength: 3 }), fc.constantFrom('  ', '    ', '\t'))
    .map(([inner, indentation]) => [
      // A block needs a statement, and lines within brackets and texts may stand anywhere.
      ...inner.flat().map((line) => (line === '' ? '' : indentation + line)),
      `${indentation}pass`,
    ]);
  const heads = fc.constantFrom(
    ['if a:'],
    ['if a:', 'else:'],
    ['if a:', 'elif b:', 'else:'],
    ['if __name__ == "__main__":'],
    ['try:', 'except ImportError:'],
    ['try:', 'except (ValueError, KeyError):', 'else:'],
    ['try:', 'finally:'],
    ['for a in b:'],
    ['while a:'],
    ['with a as b:'],
    ['@c', 'def f(a,', 'class D:'],
    ['async def f():'],
  );
  const compound = fc
    .tuple(heads, fc.array(block, { minLength: 3, maxLength: 3 }))
    .map(([lines, blocks]) =>
      lines[0] === '@c'
        ? ['@c', 'def f(a,', '  b):  # (', ...(blocks[0] ?? []), 'class D:', ...(blocks[1] ?? [])]
        : lines.flatMap((head, index) => [head, ...(blocks[index] ?? [])]),
    );
  return fc.oneof({ weight: 2, arbitrary: simple }, { weight: 1, arbitrary: compound });
}
