import type { Note } from '../base/note.ts';
import { environmentFlake } from './environment-flake.ts';
import { inlineShell, type Made, singlePackage } from './environment-inline.ts';
import { environmentMembers } from './environment-members.ts';
import {
  attributesOf,
  environmentExpression,
  interpreterName,
  type PackageSource,
  packageSource,
  shellOf,
} from './environment-packages.ts';
import { checkForm, type EnvironmentRequest, formDoesNotFit } from './environment-request.ts';
import { shebangScript } from './environment-shebang.ts';
import { usageLines } from './environment-usage.ts';
import { apply, assign, type Expression, identifier, lambda, letIn, list, select, set, string } from './expression.ts';
import { printFile } from './print.ts';
import { nixpkgsFormal, provenanceLines } from './single-file.ts';

/** The text of an environment with its final line break, and notes on what its expressions cannot say. */
export interface EnvironmentText {
  readonly text: string;
  readonly notes: readonly Note[];
}

/**
 * An environment in one of its forms. Throws UserError E_NO_SUCH_FORM (exit 2) for a form that the release does not have, and E_FORM_DOES_NOT_FIT (2) for
 * packages that the form cannot hold.
 */
export function environmentFile(request: EnvironmentRequest): EnvironmentText {
  checkForm(request.form, request.dialect);
  if (attributesOf(request).length === 0) throw formDoesNotFit(request.form, 'has nothing in it', 'name a project');
  if (request.form === 'shebang') return { text: shebangScript(request), notes: [] };
  const { expression, notes } = fileExpression(request);
  return { text: printFile([...provenanceLines(request.header), ...usageLines(request)], expression), notes };
}

const PKGS = identifier('pkgs');

function fileExpression(request: EnvironmentRequest): Made {
  const source = packageSource(request);
  const { notes } = source;
  const onNixpkgs = (expression: Expression): Expression =>
    lambda([nixpkgsFormal()], letIn(source.bindings, expression), { spaced: true });
  const environment = (): Expression => environmentExpression(source, request);
  switch (request.form) {
    case 'shell':
      return { expression: onNixpkgs(shellOf(environment(), request)), notes };
    case 'with-packages':
    case 'profile':
      return { expression: onNixpkgs(environment()), notes };
    case 'build-env':
      return { expression: onNixpkgs(environmentExpression(source, request, 'buildEnv')), notes };
    case 'my-env-fun':
      return { expression: onNixpkgs(myEnvFun(source, request)), notes };
    case 'inline':
      return onlyNixpkgs(inlineShell(request));
    case 'single':
      return onlyNixpkgs(singlePackage(request));
    case 'config-nix':
      return { expression: configuration(source, request), notes };
    case 'nixos':
      return { expression: nixosModule(source, ['environment', 'systemPackages'], list([environment()])), notes };
    case 'extra-dependencies': {
      const packages = environmentMembers(attributesOf(request), request.extras, source.package);
      return { expression: nixosModule(source, ['system', 'extraDependencies'], packages), notes };
    }
    case 'flake':
      return { expression: environmentFlake(request, letIn(source.bindings, environment())), notes };
    case 'shebang':
      throw new Error('a script is no expression');
  }
}

function onlyNixpkgs({ expression, notes }: Made): Made {
  return { expression: lambda([nixpkgsFormal()], expression, { spaced: true }), notes };
}

/** The interpreter has to be named; the setup hooks of the packages do the rest. */
function myEnvFun(source: PackageSource, request: EnvironmentRequest): Expression {
  // Releases that have it have no extras.
  const inputs = [select(PKGS, interpreterName(request)), ...attributesOf(request).map(source.package)];
  return apply(
    select(PKGS, 'myEnvFun'),
    set([assign('name', string(request.name)), assign('buildInputs', list(inputs))]),
  );
}

function configuration(source: PackageSource, request: EnvironmentRequest): Expression {
  const environment = request.dialect.environments.myEnvFun
    ? myEnvFun(source, request)
    : environmentExpression(source, request);
  const added = letIn(source.bindings, set([assign(`${request.name}Env`, environment)]));
  return set([assign('packageOverrides', lambda('pkgs', added))]);
}

function nixosModule(source: PackageSource, option: readonly string[], value: Expression): Expression {
  return lambda([{ name: 'pkgs' }], letIn(source.bindings, set([assign(option, value)])), {
    open: true,
    spaced: true,
  });
}
