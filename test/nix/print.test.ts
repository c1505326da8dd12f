import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apply,
  assign,
  binary,
  type Expression,
  has,
  identifier,
  ifElse,
  inherit,
  inlineSet,
  lambda,
  letIn,
  list,
  not,
  path,
  select,
  set,
  string,
  withScope,
} from '../../src/nix/expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { describeWithNix } from '../support/nix.ts';
import { ANY_FILE, VARIABLES } from './support/arbitrary-expression.ts';
import { parseNix } from './support/nix.ts';

const [a, b, c] = ['a', 'b', 'c'].map((name) => identifier(name)) as [Expression, Expression, Expression];
const long = identifier(`x${'y'.repeat(60)}`);

function optionals(condition: Expression, items: readonly Expression[]): Expression {
  return apply(select(identifier('lib'), 'optionals'), condition, list(items));
}

// Every text here is what nixfmt makes of it.
describe('layout', () => {
  it.each<[string, Expression, string]>([
    ['a list of one on a line', list([a]), '[ a ]'],
    ['a list of two over lines', list([a, b]), '[\n  a\n  b\n]'],
    ['a call in a list in parentheses', list([apply(a, b)]), '[ (a b) ]'],
    ['comments in a list', list([{ value: a, comments: ['why'] }]), '[\n  # why\n  a\n]'],
    ['a set as a value over lines', set([assign('x', set([assign('y', a)]))]), '{\n  x = {\n    y = a;\n  };\n}'],
    ['a set as an argument on a line', apply(a, inlineSet([inherit(b, ['c'])])), 'a { inherit (b) c; }'],
    ['the last argument opened where it stands', apply(a, set([assign('x', b)])), 'a {\n  x = b;\n}'],
    [
      'names quoted where they must be',
      set([assign(['meta', '3to2'], select(a, 'with', 'x'))]),
      '{\n  meta."3to2" = a."with".x;\n}',
    ],
    ['functions of names', lambda('final', lambda('prev', set([]))), 'final: prev: { }'],
    [
      'arguments one a line',
      lambda([{ name: 'x' }, { name: 'y', default: a, comments: ['tests'], spaced: true }], b, { spaced: true }),
      '{\n  x,\n\n  # tests\n  y ? a,\n}:\n\nb',
    ],
    ['let', letIn([assign('x', a)], b), 'let\n  x = a;\nin\nb'],
    ['a choice on a line', ifElse(a, b, c), 'if a then b else c'],
    ['a choice over lines', ifElse(long, long, c), `if ${'x'}${'y'.repeat(60)} then\n  x${'y'.repeat(60)}\nelse\n  c`],
    ['with and a list', withScope(a, list([b, c])), 'with a; [\n  b\n  c\n]'],
    ['paths', apply(identifier('import'), path('<nixpkgs>'), set([])), 'import <nixpkgs> { }'],
  ])('has %s', (_, expression, text) => {
    expect(printExpression(expression)).toBe(`${text}\n`);
  });

  it.each<[string, Expression, string]>([
    ['on a line', binary('++', [list([a]), optionals(b, [c])]), 'v = [ a ] ++ lib.optionals b [ c ];'],
    [
      'below an opened list',
      binary('++', [list([a, b]), optionals(apply(b, string('3.11')), [c])]),
      'v = [\n    a\n    b\n  ]\n  ++ lib.optionals (b "3.11") [ c ];',
    ],
    [
      'on lines of their own without one',
      binary('++', [select(a, 'b'), optionals(c, [a, b])]),
      'v =\n    a.b\n    ++ lib.optionals c [\n      a\n      b\n    ];',
    ],
    [
      'with a long condition opened',
      binary('++', [list([a]), optionals(binary('&&', [long, long]), [c])]),
      `v = [\n    a\n  ]\n  ++ lib.optionals (\n    x${'y'.repeat(60)}\n    && x${'y'.repeat(60)}\n  ) [ c ];`,
    ],
    ['with the second of two sets opened', binary('//', [a, set([assign('x', b)])]), 'v = a // {\n    x = b;\n  };'],
  ])('of joined lists %s', (_, value, text) => {
    expect(printExpression(set([assign('v', value)]))).toBe(`{\n  ${text}\n}\n`);
  });

  it.each<[Expression, string]>([
    [not(binary('&&', [a, b])), '!(a && b)'],
    [binary('||', [binary('&&', [a, b]), c]), '(a && b) || c'],
    [binary('&&', [binary('||', [a, b]), c]), '(a || b) && c'],
    [not(apply(a, b)), '!(a b)'],
    [not(select(a, 'b')), '!a.b'],
    [apply(lambda('x', a), b), '(x: a) b'],
    [select(apply(a, b), 'c'), '(a b).c'],
    [has(a, 'b', 'c'), 'a ? b.c'],
    [apply(a, has(b, 'c')), 'a (b ? c)'],
    [binary('++', [withScope(a, list([b])), list([c])]), '(with a; [ b ]) ++ [ c ]'],
    [binary('++', [list([a]), withScope(a, list([b]))]), '[ a ] ++ (with a; [ b ])'],
    [select(a, b), `a.\${b}`],
  ])('puts parentheses only where they are needed: %#', (expression, text) => {
    expect(printExpression(expression)).toBe(`${text}\n`);
  });

  it('keeps comments on their line, whatever is in them', () => {
    const text = printExpression(set([assign('x', a, { comments: ['a\n b = "${c}"; # */ \u2028 d', ''] })]));
    expect(text).toBe('{\n  # a b = "${c}"; # */ d\n  #\n  x = a;\n}\n');
  });

  it.each(['../x', './a/../b', './a b', './${x}', '<a/b>', '/etc/passwd', './a/..'])('refuses %s as a path', (text) => {
    expect(() => path(text)).toThrow('no plain Nix path');
  });
});

describeWithNix('any tree that is printed', () => {
  it('is read by Nix', async () => {
    const printed = fc.sample(ANY_FILE, { numRuns: 200, seed: 11 }).map((tree) => `(${printExpression(tree)})`);
    expect(await parseNix(`{ ${VARIABLES.join(', ')} }: [ ${printed.join('\n')} ]`)).toBe('');
  });
});

// NIXFMT names an nixfmt of RFC 166, for example that of the crate nixfmt_rs.
describe.skipIf(process.env.NIXFMT === undefined)('any tree that is printed (needs NIXFMT)', () => {
  it('is left as it is by nixfmt', () => {
    for (const tree of fc.sample(ANY_FILE, { numRuns: 300, seed: 11 })) {
      const text = printExpression(tree);
      expect(execFileSync(process.env.NIXFMT ?? 'nixfmt', ['-'], { input: text, encoding: 'utf8' })).toBe(text);
    }
  });
});
