import type { PackageFacts } from '../classify/package-facts.ts';
import { conditionOfRequiresPython, negate } from './condition.ts';
import { conditionExpression } from './condition-expression.ts';
import { type Expression, identifier, string } from './expression.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';
import { sourceExpression, sourceRootExpression } from './source-expression.ts';

/** Name, version, format, `disabled` and `src`. */
export function identityAttributes(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const { facts } = printed;
  const { dialect } = context;
  const disabled = disabledCondition(printed, context);
  const attributes: Attribute[] = [
    dialect.naming === 'name'
      ? { name: 'name', value: derivationName(facts) }
      : { name: 'pname', value: string(facts.name) },
    { name: 'version', value: string(facts.version) },
    ...formatAttribute(printed, context),
    ...(disabled.expression === null
      ? []
      : [{ name: 'disabled', value: disabled.expression, comments: commentsFor(printed, ['disabled']) }]),
    {
      name: 'src',
      value: sourceExpression(facts, {
        ...context,
        hash: printed.hash ?? null,
        fetchFrom: printed.fetchFrom ?? 'pypi',
        path: printed.sourcePath ?? null,
      }),
      comments: commentsFor(printed, ['src']),
    },
    ...sourceRootAttribute(facts),
  ];
  return { attributes, notes: disabled.notes };
}

function sourceRootAttribute(facts: PackageFacts): Attribute[] {
  const value = sourceRootExpression(facts.source);
  return value === null ? [] : [{ name: 'sourceRoot', value }];
}

/**
 * `NAME-${version}`. In names of store paths `!` is no character, which stands in versions with an epoch; builders that take `pname` and `version` see to that
 * themselves.
 */
function derivationName({ name, version }: PackageFacts): Expression {
  const isStoreName = /^[A-Za-z0-9+._?=-]*$/u.test(version);
  return isStoreName
    ? string(`${name}-`, identifier('version'))
    : string(`${name}-${version.replace(/[^A-Za-z0-9+._?=-]/gu, '-')}`);
}

/** The reasons that the facts give for attributes (by their names in the modern form), for the attribute that they go to. */
export function commentsFor({ facts }: PackageToPrint, names: readonly string[]): string[] {
  return names.flatMap((name) => (Object.hasOwn(facts.reasons, name) ? [facts.reasons[name] ?? ''] : []));
}

function formatAttribute({ facts }: PackageToPrint, { dialect }: PackageContext): Attribute[] {
  if (!dialect.formats) return [];
  return facts.source.kind === 'wheel'
    ? [{ name: 'format', value: string('wheel') }]
    : [{ name: 'pyproject', value: identifier('true') }];
}

function disabledCondition(
  { facts }: PackageToPrint,
  context: PackageContext,
): { readonly expression: Expression | null; readonly notes: AttributeGroup['notes'] } {
  if (facts.disabled === null) return { expression: null, notes: [] };
  const { condition, unknown } = conditionOfRequiresPython(facts.disabled.requiresPython);
  const excluded = negate(condition);
  return {
    expression:
      typeof excluded === 'boolean' ? (excluded ? identifier('true') : null) : conditionExpression(excluded, context),
    notes: unknown.map((part) => ({
      kind: 'unknown',
      text: `requires-python has ${part}, which is no specifier`,
      project: facts.name,
    })),
  };
}
