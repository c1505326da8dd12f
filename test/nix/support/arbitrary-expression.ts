import fc from 'fast-check';
import {
  apply,
  assign,
  type Binding,
  binary,
  type Expression,
  identifier,
  ifElse,
  indented,
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
} from '../../../src/nix/expression.ts';

/** The variables that the trees use besides those that they bind. */
export const VARIABLES = [
  'self',
  'pkgs',
  'callPackage',
  'fetchPypi',
  'final',
  'pname',
  'version',
  'a',
  'lib',
  'numpy',
  'python-dateutil',
  'buildPythonPackage',
  'setuptools-git-versioning',
  'pytestCheckHook',
];

const NAME = fc.constantFrom(
  'a',
  'lib',
  'numpy',
  'python-dateutil',
  'buildPythonPackage',
  'setuptools-git-versioning',
  'pytestCheckHook',
);
const VARIABLE = NAME.map((name) => identifier(name));
const TEXT = fc.oneof(fc.constantFrom('3.11', 'a b'), fc.string({ maxLength: 12 })).map((text) => string(text));
const SELECTED = fc.tuple(VARIABLE, NAME).map(([from, name]) => select(from, name));
const ATOM = fc.oneof(
  VARIABLE,
  VARIABLE,
  TEXT,
  SELECTED,
  SELECTED.map((from) => select(from, '3d')),
);

const { condition: CONDITION } = fc.letrec<{ condition: Expression }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    fc.tuple(VARIABLE, TEXT).map(([func, text]) => apply(func, text)),
    SELECTED,
    fc.tuple(SELECTED, TEXT).map(([version, text]) => binary('==', [version, text])),
    fc
      .tuple(fc.constantFrom('&&' as const, '||' as const), fc.array(tie('condition'), { minLength: 2, maxLength: 3 }))
      .map(([operator, operands]) => binary(operator, operands)),
    tie('condition').map((operand) => not(operand)),
  ),
}));

const ITEM = fc.oneof(
  ATOM,
  fc.tuple(VARIABLE, ATOM).map(([func, argument]) => apply(func, argument)),
);
const COMMENTED_LIST = fc
  .array(fc.tuple(ITEM, fc.boolean()), { maxLength: 4 })
  .map((items) =>
    list(items.map(([value, isCommented]) => (isCommented ? { value, comments: ['a comment'] } : { value }))),
  );
const PLAIN_LIST = fc.array(ITEM, { minLength: 1, maxLength: 3 }).map((items) => list(items));
const OPTIONALS = fc
  .tuple(CONDITION, PLAIN_LIST)
  .map(([condition, items]) => apply(select(identifier('lib'), 'optionals'), condition, items));
const CHAIN = fc
  .tuple(
    fc.array(COMMENTED_LIST, { maxLength: 1 }),
    fc.array(
      fc.oneof(
        OPTIONALS,
        SELECTED.map((from) => select(from, 'optional-dependencies', 'all')),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([first, rest]) => (first.length + rest.length === 0 ? list([]) : binary('++', [...first, ...rest])));
const LINES = fc
  .array(fc.oneof(fc.constantFrom('echo hi\n', '  two\n', '\n', 'a'), VARIABLE), { maxLength: 6 })
  .map((parts) => indented(...parts, '\n'));
const LEAF = fc.oneof(
  COMMENTED_LIST,
  CHAIN,
  CHAIN.map((chain) => withScope(identifier('self'), chain)),
  fc
    .tuple(PLAIN_LIST, PLAIN_LIST)
    .map(([first, second]) => binary('++', [first, withScope(identifier('self'), second)])),
  LINES,
  TEXT,
  CONDITION,
  OPTIONALS,
  fc
    .uniqueArray(NAME, { minLength: 2, maxLength: 2 })
    .map((names) =>
      apply(identifier('callPackage'), path('./pkgs/foo'), inlineSet([inherit(identifier('pkgs'), names)])),
    ),
  fc.constant(
    apply(identifier('fetchPypi'), set([inherit(null, ['pname', 'version']), assign('hash', string('sha256-x'))])),
  ),
  fc.tuple(CONDITION, ATOM, COMMENTED_LIST).map(([condition, then, otherwise]) => ifElse(condition, then, otherwise)),
);

const { value: VALUE } = fc.letrec<{ value: Expression; set: Expression; bindings: readonly Binding[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    LEAF,
    tie('set'),
    fc.tuple(VARIABLE, tie('set')).map(([func, argument]) => apply(func, argument)),
    fc.tuple(VARIABLE, tie('set')).map(([first, second]) => binary('//', [first, second])),
    fc.tuple(tie('bindings'), VARIABLE).map(([bindings, body]) => letIn(bindings, body)),
    tie('set').map((body) => lambda('final', lambda('prev', body))),
    fc
      .tuple(fc.uniqueArray(NAME, { minLength: 1, maxLength: 4 }), tie('set'))
      .map(([names, body]) => packageCall(names, body)),
  ),
  set: tie('bindings').map((bindings) => set(bindings)),
  bindings: fc
    .uniqueArray(fc.tuple(fc.oneof(NAME, fc.constantFrom('3d', 'with')), tie('value'), fc.nat({ max: 5 })), {
      minLength: 1,
      maxLength: 4,
      selector: ([name]) => name,
    })
    .map((entries) =>
      entries.map(([name, value, extra]) =>
        assign(name, value, { spaced: extra === 0, comments: extra === 1 ? ['why not'] : [] }),
      ),
    ),
}));

function packageCall(names: readonly string[], body: Expression): Expression {
  const formals = names.map((name, index) => (index === 1 ? { name, comments: ['tests'], spaced: true } : { name }));
  const func = lambda(formals, apply(identifier('buildPythonPackage'), body), { spaced: true });
  return apply(select(identifier('final'), 'callPackage'), func, inlineSet([]));
}

/** Whole files of the shapes that this program writes. */
export const ANY_FILE: fc.Arbitrary<Expression> = VALUE.map((value) =>
  lambda(
    [{ name: 'pkgs', default: apply(identifier('import'), path('<nixpkgs>'), set([])) }],
    set([assign('v', value)]),
  ),
);
