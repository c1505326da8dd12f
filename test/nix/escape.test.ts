import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeName, commentText, isIdentifier } from '../../src/nix/escape.ts';
import { assign, identifier, indented, list, type StringPart, set, string } from '../../src/nix/expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { describeWithNix } from '../support/nix.ts';
import { evaluateNix } from './support/nix.ts';

describe('strings', () => {
  it.each([
    ['plain', 'toolz', '"toolz"'],
    ['quotes and backslashes', String.raw`a "b" \n`, String.raw`"a \"b\" \\n"`],
    ['what would be interpolated', 'a ${builtins.abort "x"}', String.raw`"a \${builtins.abort \"x\"}"`],
    ['dollars before it', '$${x} $$ $x', String.raw`"$\${x} $$ $x"`],
    ['line breaks', 'a\r\n\tb', String.raw`"a\r\n\tb"`],
  ])('with %s are escaped', (_, text, printed) => {
    expect(printExpression(string(text))).toBe(`${printed}\n`);
  });

  it('keep a dollar that stands before an interpolation', () => {
    expect(printExpression(string('$', identifier('x'), '$'))).toBe('"\\$${x}$"\n');
  });

  it('with a NUL are refused, because Nix cannot hold it', () => {
    expect(() => printExpression(string('a\0b'))).toThrow(expect.objectContaining({ code: 'E_TEXT_HAS_NUL' }));
  });
});

describe('texts of whole lines', () => {
  it('open below and keep blank lines and indentation', () => {
    expect(printExpression(indented('if x; then\n  y\n\nfi\n'))).toBe("''\n  if x; then\n    y\n\n  fi\n''\n");
  });

  it('escape pairs of quotes and interpolations', () => {
    expect(printExpression(indented("echo '' '''a' ${x} $${y} '${z}\n"))).toBe(
      "''\n  echo ''' ''\\''''a' ''${x} $''${y} ''\\'''${z}\n''\n",
    );
  });

  it.each([
    ['whose lines are all indented', '  a\n  b\n'],
    ['that do not end with a line break', 'a\nb'],
    ['with blanks at the end of a line', 'a \nb\n'],
    ['of blank lines alone', '\n\n'],
  ])('%s become plain strings, for Nix would change them', (_, text) => {
    expect(printExpression(indented(text))).toBe(`${JSON.stringify(text)}\n`);
  });
});

describe('names', () => {
  it.each([
    ['toolz', 'toolz'],
    ['python-dateutil', 'python-dateutil'],
    ['3to2', '"3to2"'],
    ['with', '"with"'],
    ['or', '"or"'],
    ['a.b', '"a.b"'],
    ['', '""'],
    ['${x}', '"\\${x}"'],
  ])('%j are written %s', (name, written) => {
    expect(attributeName(name)).toBe(written);
  });

  it('that are no identifiers are no variables', () => {
    expect(() => identifier('3to2')).toThrow('no Nix identifier');
    expect(isIdentifier('rec')).toBe(false);
  });
});

describe('comments', () => {
  it.each([
    ['line breaks of every kind', 'a\nb\r\nc\u2028d\u0085e', 'a b c d e'],
    ['terminal escapes and bidirectional marks', 'a\u001b[31m b\u202ec\ufeff', 'a[31m bc'],
  ])('from outside lose %s', (_, text, safe) => {
    expect(commentText(text)).toBe(safe);
  });
});

describeWithNix('what Nix reads', () => {
  // Any text but NUL and lone surrogates, which no UTF-8 file can hold; much of what Nix gives a meaning to.
  const piece = fc.oneof(
    fc.constantFrom(
      '$',
      '{',
      '}',
      "'",
      "''",
      '"',
      '\\',
      '\n',
      '\r',
      '\t',
      ' ',
      '  ',
      '${',
      '$${',
      "''$",
      "''\\",
      'a',
      '#',
      '/*',
      '\u202e',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const text = fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => pieces.join('').replaceAll('\0', ''))
    .filter((value) => !/\p{Surrogate}/u.test(value));
  // `x` is bound to "<x>" below.
  const parts = fc.array(fc.oneof(text, fc.constant(null)), { maxLength: 5 });
  const readBack = (each: readonly (string | null)[]): string => each.map((part) => part ?? '<x>').join('');
  const partsOf = (each: readonly (string | null)[]): StringPart[] => each.map((part) => part ?? identifier('x'));

  it('is the text that was printed, in strings, in texts of lines, and in names', async () => {
    const samples = fc.sample(parts, { numRuns: 1500, seed: 7 });
    const lines = samples.map((each) => [...each, '\n']);
    const names = samples.map((each) => readBack(each));
    const printed = printExpression(
      list([
        list(samples.map((each) => string(...partsOf(each)))),
        list(lines.map((each) => indented(...partsOf(each)))),
        list(names.map((name) => set([assign(name, string())]))),
      ]),
    );
    const value = await evaluateNix(`let x = "<x>"; in ${printed}`);
    expect(value).toEqual([samples.map(readBack), lines.map(readBack), names.map((name) => ({ [name]: '' }))]);
  });
});
