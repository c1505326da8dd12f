import type { Note } from '../base/note.ts';
import type { PackageFacts } from '../classify/package-facts.ts';
import { nativeBuildAttributes } from './cargo-deps.ts';
import { checkAttributes } from './check-attributes.ts';
import { type Dialect, FINAL_ATTRIBUTES } from './dialect.ts';
import { apply, assign, type Binding, type Expression, type Formal, lambda, set } from './expression.ts';
import { identityAttributes } from './identity-attributes.ts';
import { inputAttributes } from './input-attributes.ts';
import { metaExpression } from './meta-expression.ts';
import type { PackageToPrint } from './package-names.ts';
import { functionScope, type Scope } from './scope.ts';
import { textAttributes } from './text-attributes.ts';

/** An attribute of the call of buildPythonPackage, with the comments above it. */
export interface Attribute {
  readonly name: string;
  /** What is defined of it, where that is not the whole: `tests`, `pytest` of `passthru.tests.pytest`. */
  readonly path?: readonly string[];
  readonly value: Expression;
  readonly comments?: readonly string[];
}

/** Some attributes, and notes on what the dialect cannot say. */
export interface AttributeGroup {
  readonly attributes: readonly Attribute[];
  readonly notes: readonly Note[];
}

/** How the expression of a package is spelled, and how it gets at what it uses. */
export interface PackageContext {
  readonly dialect: Dialect;
  readonly scope: Scope;
  /** True: a Cargo.lock and patches stand beside the expression as files; else their texts are in it. */
  readonly filesBeside?: boolean;
}

/**
 * The call `buildPythonPackage rec { ... }` or `buildPythonPackage (finalAttrs: { ... })` of one package, attributes in the dialect's order and every list sorted.
 * Notes tell what the dialect cannot say. Throws UserError when the archive cannot be fetched in that dialect (see `sourceExpression`).
 */
export function packageExpression(
  printed: PackageToPrint,
  context: PackageContext,
): { readonly expression: Expression; readonly notes: readonly Note[] } {
  const parts = [
    identityAttributes(printed, context),
    inputAttributes(printed, context),
    nativeBuildAttributes(printed, context),
    checkAttributes(printed, context),
    textAttributes(printed, context),
    metaAttribute(printed, context),
  ];
  const bindings = inGroups(
    parts.flatMap(({ attributes }) => attributes),
    { facts: printed.facts, dialect: context.dialect },
  );
  const ownAttributes =
    context.dialect.ownAttributes === 'rec'
      ? set(bindings, { recursive: true })
      : lambda(FINAL_ATTRIBUTES, set(bindings));
  return {
    expression: apply(context.scope.helper('buildPythonPackage'), ownAttributes),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** A package as a function whose arguments `callPackage` fills in. */
export interface PackageFunction {
  readonly expression: Expression;
  /** System libraries that must be passed at the call, sorted; none with `shadowedBy: 'pkgs'`. */
  readonly passedAtCall: readonly string[];
  readonly notes: readonly Note[];
}

/** As `packageExpression`, as a function of all that it uses: a file of its own, or an argument of `callPackage`. */
export function packageFunction(
  printed: PackageToPrint,
  { dialect, shadowedBy }: { readonly dialect: Dialect; readonly shadowedBy: 'pkgs' | 'call' },
): PackageFunction {
  const scope = functionScope({
    shadowed: (attribute) => printed.names.shadowedByPython(attribute),
    shadowedBy: dialect.callHasPkgs ? shadowedBy : 'pkgs',
    pythonSet: dialect.pythonSet,
    defined: definedNames(printed.facts, dialect),
    python: pythonAttributes(printed),
  });
  const { expression, notes } = packageExpression(printed, {
    dialect,
    scope,
    filesBeside: shadowedBy === 'call',
  });
  const formals: readonly Formal[] = scope.formals();
  return { expression: lambda(formals, expression, { spaced: true }), passedAtCall: scope.passedAtCall(), notes };
}

/** The names that the expression of a package can define, which hide everything outside it. */
export function definedNames(facts: PackageFacts, dialect: Dialect): ReadonlySet<string> {
  if (dialect.ownAttributes === 'finalAttrs') return new Set([FINAL_ATTRIBUTES]);
  return new Set([...dialect.groups.flat(), ...(dialect.env === 'attributes' ? Object.keys(facts.env) : [])]);
}

function pythonAttributes({ facts, names, attribute }: PackageToPrint): ReadonlySet<string> {
  const inputs = [...Object.values(facts.inputs), ...Object.values(facts.optionalDependencies)].flat();
  return new Set([
    attribute,
    ...inputs.flatMap((input) => (input.kind === 'python' ? [names.pythonAttribute(input.name)] : [])),
  ]);
}

function metaAttribute(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const { names, maintainers = [] } = printed;
  const { expression, comments, notes } = metaExpression(printed.facts, { ...context, names, maintainers });
  return { attributes: expression === null ? [] : [{ name: 'meta', value: expression, comments }], notes };
}

/** The attributes in the order of the dialect. Throws Error for a name that the dialect does not list: the builder would drop it in silence. */
function inGroups(
  attributes: readonly Attribute[],
  { facts, dialect }: { readonly facts: PackageFacts; readonly dialect: Dialect },
): Binding[] {
  const variables = dialect.env === 'attributes' ? Object.keys(facts.env) : [];
  const groupOf = (name: string): string => (variables.includes(name) ? 'ENV' : name);
  const byGroup = new Map<string, Attribute[]>();
  for (const attribute of attributes) {
    const group = groupOf(attribute.name);
    const members = byGroup.get(group);
    if (members === undefined) byGroup.set(group, [attribute]);
    else members.push(attribute);
  }
  const bindings = dialect.groups.flatMap((group) =>
    group
      .flatMap((name) => byGroup.get(name) ?? [])
      .map(({ name, path = [], value, comments = [] }, index) =>
        assign([name, ...path], value, { comments, spaced: index === 0 }),
      ),
  );
  if (bindings.length === attributes.length) return bindings;
  const listed = new Set(dialect.groups.flat());
  const unknown = attributes.find(({ name }) => !listed.has(groupOf(name)));
  throw new Error(`nixpkgs ${dialect.release} has no attribute ${unknown?.name}`);
}
