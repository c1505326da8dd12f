import { compareText, joinWords } from '../base/text.ts';
import { environmentMembers } from './environment-members.ts';
import { attributesOf, interpreterName } from './environment-packages.ts';
import { type EnvironmentRequest, formDoesNotFit } from './environment-request.ts';
import { isIdentifier } from './escape.ts';
import {
  apply,
  assign,
  type Binding,
  binary,
  type Expression,
  identifier,
  inherit,
  inlineSet,
  letIn,
  path,
  select,
  set,
} from './expression.ts';
import { definedNames, packageExpression, packageFunction } from './package-expression.ts';
import { packageCall } from './repository-files.ts';
import { GLOBALS, setScope } from './scope.ts';

/** An expression where `pkgs` is bound, with what it cannot say. */
export interface Made extends Pick<ReturnType<typeof packageFunction>, 'expression' | 'notes'> {}

const PKGS = identifier('pkgs');
const BOUND = ['callPackage', 'pkgs', 'pythonPackages'];

/**
 * A shell with each package bound by `let`, beside the package set, which stays as it is: only they see one another.
 * Throws UserError E_FORM_DOES_NOT_FIT (exit 2) for attributes that `let` cannot bind.
 */
export function inlineShell(request: EnvironmentRequest): Made {
  const { packages, dialect } = request;
  const made =
    packages.kind === 'generated'
      ? packages.packages.map((each) => {
          const { expression, notes } = packageFunction(each, { dialect, shadowedBy: 'pkgs' });
          const call = apply(identifier('callPackage'), expression, set([]));
          return { attribute: each.attribute, call, notes };
        })
      : packages.calls.map((each) => {
          return { attribute: each.attribute, call: packageCall(identifier('callPackage'), PKGS, each), notes: [] };
        });
  const sorted = [...made].sort((a, b) => compareText(a.attribute, b.attribute));
  const names = sorted.map(({ attribute }) => attribute);
  const wrong = names.filter((name) => !isIdentifier(name) || GLOBALS.has(name) || BOUND.includes(name));
  if (wrong.length > 0) throw formDoesNotFit('inline', `cannot bind ${joinWords(wrong)} by let`, 'take the form shell');
  const bindings: Binding[] = [
    assign('pythonPackages', setOf(request)),
    ...(names.length === 0 ? [] : [callPackage(names, dialect.packageSet === 'set')]),
    ...sorted.map(({ attribute, call }) => assign(attribute, call, { spaced: packages.kind === 'generated' })),
  ];
  const own = new Set(names);
  const libraries = environmentMembers(attributesOf(request), request.extras, (each) =>
    own.has(each) ? identifier(each) : select(identifier('pythonPackages'), each),
  );
  const environment = apply(
    select(PKGS, interpreterName(request), 'buildEnv', 'override'),
    inlineSet([assign('extraLibs', libraries)]),
  );
  return { expression: letIn(bindings, select(environment, 'env')), notes: sorted.flatMap(({ notes }) => notes) };
}

/** What `callPackage` of a package set does, with some packages more. */
function callPackage(names: readonly string[], knowsSet: boolean): Binding {
  const ours = inherit(null, knowsSet ? ['pythonPackages', ...names] : names);
  return assign(
    'callPackage',
    apply(
      select(PKGS, 'lib', 'callPackageWith'),
      binary('//', [PKGS, identifier('pythonPackages'), inlineSet([ours])]),
    ),
  );
}

/** The package set of the interpreter as nixpkgs has it. */
function setOf({ interpreter, dialect }: EnvironmentRequest): Expression {
  return dialect.packageSet === 'overlay' ? select(PKGS, interpreter, 'pkgs') : select(PKGS, `${interpreter}Packages`);
}

/**
 * One package outside the tree, on the package set as it is.
 * Throws UserError E_FORM_DOES_NOT_FIT (exit 2) where it is not one.
 */
export function singlePackage(request: EnvironmentRequest): Made {
  const { packages, dialect, attributes } = request;
  const [attribute] = attributes;
  if (attributes.length !== 1 || attribute === undefined || request.with.length > 0)
    throw formDoesNotFit(
      'single',
      attributes.length === 0
        ? 'holds a generated package, and there is none'
        : `holds one package, not ${joinWords(attributesOf(request))}`,
      'name one project, without --with; the form inline holds several',
    );
  if (packages.kind === 'repository') {
    const repository = apply(identifier('import'), path('./default.nix'), inlineSet([inherit(null, ['pkgs'])]));
    // At its top default.nix has the packages of `python3`, and those of an interpreter with a version in a set of its own.
    const of = request.interpreter === 'python3' ? [] : [request.interpreter];
    return { expression: select(repository, ...of, attribute), notes: [] };
  }
  const [only, ...others] = packages.packages;
  if (only === undefined || others.length > 0) {
    const missing = packages.packages.filter((each) => each.attribute !== attribute).map((each) => each.attribute);
    throw formDoesNotFit(
      'single',
      `holds one package, and ${attribute} needs ${joinWords(missing)} which nixpkgs does not have`,
      'the form inline holds several',
    );
  }
  if (dialect.packageSet === 'overlay') {
    const { expression, notes } = packageFunction(only, { dialect, shadowedBy: 'pkgs' });
    return { expression: apply(select(setOf(request), 'callPackage'), expression, set([])), notes };
  }
  const scope = setScope({ defined: definedNames(only.facts, dialect) });
  const { expression, notes } = packageExpression(only, { dialect, scope });
  const bindings = [
    assign('self', setOf(request)),
    inherit(identifier('self'), ['buildPythonPackage']),
    ...(scope.usesLicences() ? [inherit(select(PKGS, 'lib'), ['licenses'])] : []),
  ];
  return { expression: letIn(bindings, expression), notes };
}
