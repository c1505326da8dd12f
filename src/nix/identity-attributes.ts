import type { PackageFacts } from '../classify/package-facts.ts';
import { type Condition, combine, conditionOfRequiresPython, negate } from './condition.ts';
import { conditionExpression } from './condition-expression.ts';
import type { Dialect } from './dialect.ts';
import { type Expression, identifier, type StringPart, string } from './expression.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';
import { sourceExpression, sourceRootExpression } from './source-expression.ts';
import { storeName } from './store-name.ts';

/** Name, version, format, `disabled` and `src`. */
export function identityAttributes(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const { facts } = printed;
  const { dialect } = context;
  const disabled = disabledCondition(printed, context);
  const format = formatAttribute(printed, context);
  const attributes: Attribute[] = [
    ...(dialect.naming === 'name' ? [] : [{ name: 'pname', value: string(facts.name) }]),
    { name: 'version', value: string(facts.version) },
    ...nameAttribute(facts, context),
    ...format.attributes,
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
    ...sourceRootAttribute(facts, context),
  ];
  return { attributes, notes: [...disabled.notes, ...format.notes, ...patchelfNotes(facts, dialect)] };
}

/** `inputAttributes()` leaves the hook out. */
function patchelfNotes({ name, inputs }: PackageFacts, { patchelfHook, release }: Dialect): AttributeGroup['notes'] {
  const isWanted = inputs.nativeBuildInputs.some(
    (input) => input.kind === 'system' && input.attribute === 'autoPatchelfHook',
  );
  if (patchelfHook || !isWanted) return [];
  const text = `nixpkgs ${release} has no autoPatchelfHook: what is compiled in the wheel finds the libraries of Python alone`;
  return [{ kind: 'omitted', text, project: name }];
}

function sourceRootAttribute(facts: PackageFacts, { dialect }: PackageContext): Attribute[] {
  const value = sourceRootExpression(facts.source, dialect);
  return value === null ? [] : [{ name: 'sourceRoot', value }];
}

/** `NAME-${version}`, or `${pname}-${version}`; both written out where the version has what no store path can be called by, such as the `!` of an epoch. */
function nameAttribute({ name, version }: PackageFacts, { dialect }: PackageContext): Attribute[] {
  const isStoreName = storeName(version) === version;
  if (dialect.naming === 'pname' && (isStoreName || dialect.cleansNames)) return [];
  const stem: StringPart[] = dialect.naming === 'name' ? [`${name}-`] : [identifier('pname'), '-'];
  const value = isStoreName ? string(...stem, identifier('version')) : string(storeName(`${name}-${version}`));
  return [{ name: 'name', value }];
}

/** The reasons that the facts give for attributes (by their names in the modern form), for the attribute that they go to. */
export function commentsFor({ facts }: PackageToPrint, names: readonly string[]): string[] {
  return names.flatMap((name) => (Object.hasOwn(facts.reasons, name) ? [facts.reasons[name] ?? ''] : []));
}

/** Whether the builder of the release builds the project by its setup.py, which it then also tests by. */
export function isBuiltBySetupScript({ source, buildBackend }: PackageFacts, { backend }: Dialect): boolean {
  if (source.kind === 'wheel') return false;
  if (backend === 'setup.py') return true;
  return backend === 'format unless setuptools' && buildBackend === undefined;
}

function formatAttribute({ facts }: PackageToPrint, { dialect }: PackageContext): AttributeGroup {
  const { source, buildBackend } = facts;
  if (source.kind === 'wheel') return { attributes: [{ name: 'format', value: string('wheel') }], notes: [] };
  if (dialect.backend === 'pyproject') {
    return { attributes: [{ name: 'pyproject', value: identifier('true') }], notes: [] };
  }
  if (!isBuiltBySetupScript(facts, dialect))
    return { attributes: [{ name: 'format', value: string('pyproject') }], notes: [] };
  if (buildBackend === undefined || buildBackend.hasSetupScript) return { attributes: [], notes: [] };
  const text = `it has no setup.py, and nixpkgs ${dialect.release} builds with nothing else: ${buildBackend.name} builds it, so a build will fail${dialect.formats ? '; --format wheel takes its wheel' : ''}`;
  return { attributes: [], notes: [{ kind: 'warning', text, project: facts.name }] };
}

function disabledCondition(
  { facts }: PackageToPrint,
  context: PackageContext,
): { readonly expression: Expression | null; readonly notes: AttributeGroup['notes'] } {
  const { condition, unknown } = conditionOfRequiresPython(facts.disabled?.requiresPython ?? '');
  const onPyPy: Condition = facts.disabledOnPyPy === true ? { kind: 'pypy', negated: false } : false;
  const excluded = combine('or', [negate(condition), onPyPy]);
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
