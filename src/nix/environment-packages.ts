import type { Note } from '../base/note.ts';
import { environmentMembers } from './environment-members.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import { FORMS_ELSEWHERE } from './environment-request.ts';
import {
  apply,
  assign,
  type Binding,
  type Expression,
  identifier,
  inherit,
  inlineSet,
  lambda,
  list,
  path,
  select,
  set,
  string,
} from './expression.ts';
import { overlay, setBindings } from './single-file.ts';

/** How an environment gets at an interpreter and its packages, where `pkgs` is bound. */
export interface PackageSource {
  /** What `let` has to bind. */
  readonly bindings: readonly Binding[];
  readonly interpreter: Expression;
  /** A package of the environment by its attribute, generated or of the set. */
  package(attribute: string): Expression;
  /** What the expressions cannot say. */
  readonly notes: readonly Note[];
}

const PKGS = identifier('pkgs');

/**
 * Where the release has overlays, one interpreter with the packages in its set; else a set `self` that is built on the one of the interpreter. Both are made by what
 * makes single files and repositories.
 */
export function packageSource(request: EnvironmentRequest): PackageSource {
  return request.dialect.packageSet === 'overlay' ? onOverlay(request) : onSet(request);
}

/** An interpreter with its packages, one derivation. */
export function environmentExpression(
  source: PackageSource,
  request: EnvironmentRequest,
  by: 'withPackages' | 'buildEnv' = request.dialect.environments.withPackages ? 'withPackages' : 'buildEnv',
): Expression {
  const attributes = attributesOf(request);
  if (by === 'buildEnv' || request.dialect.packageSet === 'set') {
    const packages = environmentMembers(attributes, request.extras, source.package);
    return by === 'withPackages'
      ? apply(select(source.interpreter, 'withPackages'), lambda('ps', packages))
      : apply(select(source.interpreter, 'buildEnv', 'override'), inlineSet([assign('extraLibs', packages)]));
  }
  const packages = environmentMembers(attributes, request.extras, (attribute) => select(identifier('ps'), attribute));
  return apply(select(source.interpreter, 'withPackages'), lambda('ps', packages));
}

/** A shell with an environment: `mkShell` where the release has it, else the environment's own shell, which all have. */
export function shellOf(environment: Expression, { dialect }: Pick<EnvironmentRequest, 'dialect'>): Expression {
  if (!dialect.environments.mkShell) return select(environment, 'env');
  return apply(select(PKGS, 'mkShell'), set([assign('nativeBuildInputs', list([environment]))]));
}

/** All attributes of an environment: what is asked for, then what comes from the package set beside it. */
export function attributesOf(request: EnvironmentRequest): readonly string[] {
  return [...new Set([...request.attributes, ...request.with])];
}

/** The interpreter as `pkgs` has it. Python 2.7 of some releases has modules of its own library, such as sqlite3, only in its full form. */
export function interpreterName({ interpreter, dialect }: Pick<EnvironmentRequest, 'interpreter' | 'dialect'>): string {
  return interpreter === 'python27' && dialect.interpreterModules ? `${interpreter}Full` : interpreter;
}

/** A file of the repository, seen from where the file of the environment lies. */
function repositoryFile({ form }: EnvironmentRequest, folder: string, file: string): Expression {
  return FORMS_ELSEWHERE.has(form) ? string(`${folder}/${file}`) : path(`./${file}`);
}

function onOverlay(request: EnvironmentRequest): PackageSource {
  const { packages, dialect, interpreter } = request;
  const plain = select(PKGS, interpreter);
  const made =
    packages.kind === 'repository'
      ? {
          expression: apply(identifier('import'), repositoryFile(request, packages.folder, 'overlay.nix')),
          notes: [],
        }
      : packages.packages.length === 0
        ? null
        : overlay(packages.packages, dialect);
  const python = made === null ? plain : identifier('python');
  const overridden = (overrides: Expression): Expression =>
    apply(select(plain, 'override'), inlineSet([assign('packageOverrides', overrides)]));
  return {
    bindings: made === null ? [] : [assign('python', overridden(made.expression))],
    interpreter: python,
    package: (attribute) => select(python, 'pkgs', attribute),
    notes: made?.notes ?? [],
  };
}

function onSet(request: EnvironmentRequest): PackageSource {
  const { packages, dialect, interpreter } = request;
  const whole = select(PKGS, interpreterName(request));
  const members = select(PKGS, `${interpreter}Packages`);
  if (packages.kind === 'repository') {
    const own = new Set(packages.calls.map(({ attribute }) => attribute));
    const repository = apply(
      identifier('import'),
      repositoryFile(request, packages.folder, 'default.nix'),
      inlineSet([inherit(null, ['pkgs'])]),
    );
    return {
      bindings: [assign('repository', repository)],
      interpreter: whole,
      package: (attribute) =>
        own.has(attribute) ? select(identifier('repository'), interpreter, attribute) : select(members, attribute),
      notes: [],
    };
  }
  if (packages.packages.length === 0) {
    return { bindings: [], interpreter: whole, package: (attribute) => select(members, attribute), notes: [] };
  }
  // Expressions in `self` see what is bound here: nothing but what `setScope` knows of.
  const { bindings, notes } = setBindings(packages.packages, dialect);
  return {
    bindings: [assign('pythonPackages', members), ...bindings],
    interpreter: whole,
    package: (attribute) => select(identifier('self'), attribute),
    notes,
  };
}
