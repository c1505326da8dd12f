import type { Note } from '../base/note.ts';
import { compareText, oneLine, sortedUnique } from '../base/text.ts';
import { CARGO_LOCK } from './cargo-deps.ts';
import type { Dialect } from './dialect.ts';
import { type AskedExtra, environmentMembers } from './environment-members.ts';
import {
  apply,
  assign,
  type Binding,
  binary,
  type Expression,
  has,
  identifier,
  inherit,
  inlineSet,
  lambda,
  letIn,
  list,
  path,
  select,
  set,
} from './expression.ts';
import { packageFunction } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';
import { printExpression, printFile } from './print.ts';
import { interpreterAttribute, nixpkgsFormal, onlyForLine, updateOf } from './single-file.ts';
import { patchesOf } from './text-attributes.ts';

/** For which release and interpreters the files are. */
export interface RepositoryOptions {
  readonly dialect: Dialect;
  /** X.Y of the interpreters that get a set of their own, the release's default or the one that the user named first before the others. */
  readonly pythons: readonly string[];
  /** X.Y of the interpreter whose packages stand at the top level; null for `python3`, or the first of `pythons` on releases without overlays. */
  readonly topPython: string | null;
  /** As `FileHeader` has it; told at the top of default.nix. */
  readonly onlyFor?: string;
  /** Packages that lie in the folder already and are called beside the given ones. */
  readonly earlier?: readonly PackageCall[];
  /** Attributes of the packages that are asked for: default.nix gives environments of them. Missing: it gives none. */
  readonly environment?: readonly string[];
  /** Extras of these that are in the environments too; missing: none. */
  readonly extras?: readonly AskedExtra[];
}

/** What has to be known of a package to call it. */
export interface PackageCall {
  /** PEP 503 name. */
  readonly name: string;
  readonly attribute: string;
  /** Arguments that the call passes from nixpkgs. */
  readonly passed: readonly string[];
}

/** The files by path, and notes on what they cannot say. */
export interface RepositoryFiles {
  /** Text by path, sorted: `pkgs/NAME/default.nix`, with the Cargo.lock and the patches beside it that it may name, `default.nix`, and `overlay.nix` where the release has overlays. */
  readonly files: ReadonlyMap<string, string>;
  /** All packages that default.nix has, by name. */
  readonly calls: readonly PackageCall[];
  readonly notes: readonly Note[];
}

/** The Nix files of a package repository, each package in the form that nixpkgs itself uses. NAME is the PEP 503 name of the project. */
export function repositoryFiles(packages: readonly PackageToPrint[], options: RepositoryOptions): RepositoryFiles {
  const printed = packages.map((each) => ({
    each,
    folder: folderOf(each.facts.name),
    made: packageFunction(each, { dialect: options.dialect, shadowedBy: 'call' }),
  }));
  const files = new Map(printed.map(({ folder, made }) => [`${folder}/default.nix`, printExpression(made.expression)]));
  for (const { each, folder } of printed) {
    const { cargo, source } = each.facts;
    if (cargo !== undefined && source.kind !== 'wheel' && options.dialect.rust !== null)
      files.set(`${folder}/${CARGO_LOCK}`, cargo.lock);
    for (const patch of patchesOf(each.facts)) files.set(`${folder}/${patch.name}`, patch.text);
  }
  const given = printed.map(
    ({ each, made }): PackageCall => ({
      name: each.facts.name,
      attribute: each.attribute,
      passed: made.passedAtCall,
    }),
  );
  const names = new Set(given.map(({ name }) => name));
  const attributes = new Set(given.map(({ attribute }) => attribute));
  const others = (options.earlier ?? []).filter(
    ({ name, attribute }) => !names.has(name) && !attributes.has(attribute),
  );
  const calls = [...given, ...others].sort((a, b) => compareText(a.attribute, b.attribute));
  const isOverlay = options.dialect.packageSet === 'overlay';
  const top = options.onlyFor === undefined ? [] : [oneLine(onlyForLine(options.onlyFor))];
  files.set('default.nix', printFile(top, isOverlay ? defaultOnOverlay(calls, options) : defaultOnSet(calls, options)));
  if (isOverlay) files.set('overlay.nix', printExpression(overlayFile(calls)));
  return {
    files: new Map([...files].sort(([a], [b]) => compareText(a, b))),
    calls: [...calls].sort((a, b) => compareText(a.name, b.name)),
    notes: printed.flatMap(({ made }) => made.notes),
  };
}

/** PEP 503 names are made of letters, digits and hyphens, so they are plain folder names; `path` refuses anything else. */
function folderOf(name: string): string {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(name)) throw new Error(`${JSON.stringify(name)} is no PEP 503 name`);
  return `pkgs/${name}`;
}

/** `callPackage ./pkgs/NAME { inherit (pkgs) libxml2; }`: a library that a Python package shares its name with has to be passed. */
export function packageCall(callPackage: Expression, nixpkgs: Expression, { name, passed }: PackageCall): Expression {
  return apply(
    callPackage,
    path(`./${folderOf(name)}`),
    inlineSet(passed.length === 0 ? [] : [inherit(nixpkgs, passed)]),
  );
}

function overlayFile(packages: readonly PackageCall[]): Expression {
  const final = identifier('final');
  return lambda(
    'final',
    lambda(
      'prev',
      set(
        packages.map((each) =>
          assign(each.attribute, packageCall(select(final, 'callPackage'), select(final, 'pkgs'), each)),
        ),
      ),
    ),
  );
}

const PACKAGES_OF = 'packagesOf';

/** `{ inherit (from) NAME; }`, one name a line from the fourth on, as the formatter of nixpkgs has it. */
function chosenFrom(from: string, packages: readonly PackageCall[]): Expression {
  const names = packages.map(({ attribute }) => attribute);
  return set(names.length === 0 ? [] : [inherit(identifier(from), names, { open: names.length > 3 })]);
}

const ENVIRONMENT_OF = 'environmentOf';

function defaultOnOverlay(packages: readonly PackageCall[], options: RepositoryOptions): Expression {
  const { pythons, topPython, environment, extras } = options;
  const overridden = apply(
    select(identifier('python'), 'override'),
    inlineSet([assign('packageOverrides', apply(identifier('import'), path('./overlay.nix')))]),
  );
  const chosen = letIn([assign('set', select(overridden, 'pkgs'))], chosenFrom('set', packages));
  const packagesOf = assign(PACKAGES_OF, lambda('python', chosen), {
    comments: ['the packages of this folder, for one interpreter'],
  });
  const members = environmentMembers(environment ?? [], extras ?? [], (attribute) =>
    select(identifier('ps'), attribute),
  );
  const asked = lambda('ps', members);
  const environmentOf = assign(ENVIRONMENT_OF, lambda('python', apply(select(overridden, 'withPackages'), asked)), {
    comments: ['an interpreter with what is asked for'],
    spaced: true,
  });
  const top = topPython === null ? 'python3' : interpreterAttribute(topPython);
  return lambda(
    [nixpkgsFormal()],
    letIn(
      environment === undefined ? [packagesOf] : [packagesOf, environmentOf],
      everyInterpreter({ pythons, top, suffix: '', hasEnvironments: environment !== undefined }),
    ),
    { spaced: true },
  );
}

/** For releases without overlays: `callPackage` over nixpkgs and the package set, with the packages of this folder in both. */
function defaultOnSet(packages: readonly PackageCall[], options: RepositoryOptions): Expression {
  const { pythons, topPython, environment } = options;
  const pkgs = identifier('pkgs');
  const self = assign(
    'self',
    updateOf(
      'pythonPackages',
      packages.map((each) => assign(each.attribute, packageCall(identifier('callPackage'), pkgs, each))),
    ),
  );
  const callPackage = assign(
    'callPackage',
    apply(
      select(pkgs, 'lib', 'callPackageWith'),
      binary('//', [pkgs, identifier('self'), inlineSet([assign('pythonPackages', identifier('self'))])]),
    ),
  );
  const chosen = letIn([callPackage, self], chosenFrom('self', packages));
  const packagesOf = assign(PACKAGES_OF, lambda('pythonPackages', chosen), {
    comments: ['the packages of this folder, on one package set'],
  });
  const libraries = list((environment ?? []).map((attribute) => select(identifier('packages'), attribute)));
  const environmentOf = assign(
    ENVIRONMENT_OF,
    lambda(
      'python',
      lambda(
        'packages',
        apply(select(identifier('python'), 'buildEnv', 'override'), inlineSet([assign('extraLibs', libraries)])),
      ),
    ),
    { comments: ['an interpreter with what is asked for'], spaced: true },
  );
  const top = topPython ?? pythons[0];
  if (top === undefined) throw new Error('no interpreter to make packages for');
  return lambda(
    [nixpkgsFormal()],
    letIn(
      environment === undefined ? [packagesOf] : [packagesOf, environmentOf],
      everyInterpreter({
        pythons,
        top: interpreterAttribute(top),
        suffix: 'Packages',
        hasEnvironments: environment !== undefined,
      }),
    ),
    { spaced: true },
  );
}

/** What default.nix calls the environment of the interpreter at its top. No package has a name with a capital letter. */
export const TOP_ENVIRONMENT = 'pythonEnv';

/** The packages of one interpreter, and a set of them for each interpreter that this nixpkgs has; with environments, one beside each. */
function everyInterpreter({
  pythons,
  top,
  suffix,
  hasEnvironments,
}: {
  readonly pythons: readonly string[];
  readonly top: string;
  readonly suffix: '' | 'Packages';
  readonly hasEnvironments: boolean;
}): Expression {
  const pkgs = identifier('pkgs');
  const packagesFor = (name: string): Expression => apply(identifier(PACKAGES_OF), select(pkgs, `${name}${suffix}`));
  const environmentFor = (name: string): Expression =>
    apply(identifier(ENVIRONMENT_OF), select(pkgs, name), ...(suffix === '' ? [] : [packagesFor(name)]));
  const atTop = hasEnvironments ? [inlineSet([assign(TOP_ENVIRONMENT, environmentFor(top))])] : [];
  const sets = sortedUnique(pythons.map(interpreterAttribute)).map((name): Expression => {
    const bindings: Binding[] = [
      assign(name, packagesFor(name)),
      ...(hasEnvironments ? [assign(`${name}Env`, environmentFor(name))] : []),
    ];
    return apply(select(pkgs, 'lib', 'optionalAttrs'), has(pkgs, `${name}${suffix}`), inlineSet(bindings));
  });
  return binary('//', [packagesFor(top), ...atTop, ...sets]);
}
