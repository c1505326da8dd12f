import type { Combination, Test } from './condition.ts';
import type { Dialect } from './dialect.ts';
import { apply, binary, type Expression, not, select, string } from './expression.ts';
import type { Scope } from './scope.ts';

/** A condition as a Nix expression; constants are the caller's business. */
export function conditionExpression(
  condition: Test | Combination,
  { scope, dialect }: { readonly scope: Scope; readonly dialect: Dialect },
): Expression {
  if ('operands' in condition) {
    const operands = condition.operands.map((operand) => conditionExpression(operand, { scope, dialect }));
    return binary(condition.kind === 'and' ? '&&' : '||', operands);
  }
  return testExpression(condition, { scope, dialect });
}

function testExpression(
  test: Test,
  { scope, dialect }: { readonly scope: Scope; readonly dialect: Dialect },
): Expression {
  switch (test.kind) {
    case 'python':
      return pythonTest(test, { scope, dialect });
    case 'full':
      return versionTest(test.is, { version: select(scope.helper('python'), 'version'), against: test.version, scope });
    case 'platform':
      return negated(test.negated, platformFlag(test.flag, { scope, dialect }));
    case 'cpu': {
      const name =
        dialect.platform.length > 1
          ? binary('==', [select(scope.helper('stdenv'), 'hostPlatform', 'parsed', 'cpu', 'name'), string(test.name)])
          : hasPrefix(test.name, scope);
      return negated(test.negated, name);
    }
    case 'pypy':
      return negated(test.negated, scope.helper('isPyPy'));
  }
}

function negated(isNegated: boolean, expression: Expression): Expression {
  return isNegated ? not(expression) : expression;
}

/** `pythonOlder` and `pythonAtLeast` compare X.Y and nothing more, so bounds with a patch number never come here. */
function pythonTest(
  test: Test & { readonly kind: 'python' },
  { scope, dialect }: { readonly scope: Scope; readonly dialect: Dialect },
): Expression {
  if (dialect.versionTest === 'pythonOlder' && (test.is === 'older' || test.is === 'atLeast'))
    return apply(scope.helper(test.is === 'older' ? 'pythonOlder' : 'pythonAtLeast'), string(test.version));
  return versionTest(test.is, {
    version: select(scope.helper('python'), 'pythonVersion'),
    against: test.version,
    scope,
  });
}

function versionTest(
  is: (Test & { readonly kind: 'full' })['is'],
  { version, against, scope }: { readonly version: Expression; readonly against: string; readonly scope: Scope },
): Expression {
  const bound = string(against);
  const compare = (name: string, ...args: readonly Expression[]): Expression =>
    apply(select(scope.helper('lib'), name), ...args);
  switch (is) {
    case 'older':
      return compare('versionOlder', version, bound);
    case 'atLeast':
      return compare('versionAtLeast', version, bound);
    case 'newer':
      return compare('versionOlder', bound, version);
    case 'atMost':
      return compare('versionAtLeast', bound, version);
    case 'equal':
      return binary('==', [version, bound]);
    case 'different':
      return binary('!=', [version, bound]);
  }
}

/** Flags that the stdenv of 16.03 has; it tells other processors by the name of the system only. */
const OLD_FLAGS: ReadonlySet<string> = new Set(['isLinux', 'isDarwin', 'isx86_64']);

function platformFlag(
  flag: string,
  { scope, dialect }: { readonly scope: Scope; readonly dialect: Dialect },
): Expression {
  const [, ...path] = dialect.platform;
  if (path.length > 0 || OLD_FLAGS.has(flag)) return select(scope.helper('stdenv'), ...path, flag);
  return hasPrefix(flag.slice('is'.length).toLowerCase(), scope);
}

function hasPrefix(cpu: string, scope: Scope): Expression {
  return apply(select(scope.helper('lib'), 'hasPrefix'), string(`${cpu}-`), select(scope.helper('stdenv'), 'system'));
}
