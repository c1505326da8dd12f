import type { Note } from '../base/note.ts';
import { compareText, oneLine, sortedUnique } from '../base/text.ts';
import { CARGO_LOCK } from './cargo-deps.ts';
import type { Dialect } from './dialect.ts';
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
  path,
  select,
  set,
} from './expression.ts';
import { type PackageFunction, packageFunction } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';
import { printExpression, printFile } from './print.ts';
import { interpreterAttribute, nixpkgsFormal, onlyForLine, updateOf } from './single-file.ts';

/** For which release and interpreters the files are. */
export interface RepositoryOptions {
  readonly dialect: Dialect;
  /** X.Y of the interpreters that get a set of their own, the release's default or the one that the user named first before the others. */
  readonly pythons: readonly string[];
  /** X.Y of the interpreter whose packages stand at the top level; null for `python3`, or the first of `pythons` on releases without overlays. */
  readonly topPython: string | null;
  /** As `FileHeader` has it; told at the top of default.nix. */
  readonly onlyFor?: string;
}

/** The files by path, and notes on what they cannot say. */
export interface RepositoryFiles {
  /** Text by path, sorted: `pkgs/NAME/default.nix`, with the Cargo.lock beside it that it may name, `default.nix`, and `overlay.nix` where the release has overlays. */
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly Note[];
}

/** The Nix files of a package repository, each package in the form that nixpkgs itself uses. NAME is the PEP 503 name of the project. */
export function repositoryFiles(packages: readonly PackageToPrint[], options: RepositoryOptions): RepositoryFiles {
  const made = packages
    .map((each) => ({
      attribute: each.attribute,
      folder: folderOf(each),
      made: packageFunction(each, { dialect: options.dialect, shadowedBy: 'call' }),
    }))
    .sort((a, b) => compareText(a.attribute, b.attribute));
  const files = new Map(made.map((each) => [`${each.folder}/default.nix`, printExpression(each.made.expression)]));
  for (const { facts, ...rest } of packages) {
    if (facts.cargo !== undefined && facts.source.kind !== 'wheel' && options.dialect.rustHooks)
      files.set(`${folderOf({ facts, ...rest })}/${CARGO_LOCK}`, facts.cargo.lock);
  }
  const isOverlay = options.dialect.packageSet === 'overlay';
  const top = options.onlyFor === undefined ? [] : [oneLine(onlyForLine(options.onlyFor))];
  files.set('default.nix', printFile(top, isOverlay ? defaultOnOverlay(made, options) : defaultOnSet(made, options)));
  if (isOverlay) files.set('overlay.nix', printExpression(overlayFile(made)));
  return {
    files: new Map([...files].sort(([a], [b]) => compareText(a, b))),
    notes: made.flatMap((each) => each.made.notes),
  };
}

interface MadePackage {
  readonly attribute: string;
  readonly folder: string;
  readonly made: PackageFunction;
}

/** PEP 503 names are made of letters, digits and hyphens, so they are plain folder names; `path` refuses anything else. */
function folderOf({ facts }: PackageToPrint): string {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(facts.name))
    throw new Error(`${JSON.stringify(facts.name)} is no PEP 503 name`);
  return `pkgs/${facts.name}`;
}

/** `callPackage ./pkgs/NAME { inherit (pkgs) libxml2; }`: a library that a Python package shares its name with has to be passed. */
function call(callPackage: Expression, nixpkgs: Expression, { folder, made }: MadePackage): Expression {
  const { passedAtCall } = made;
  return apply(
    callPackage,
    path(`./${folder}`),
    inlineSet(passedAtCall.length === 0 ? [] : [inherit(nixpkgs, passedAtCall)]),
  );
}

function overlayFile(packages: readonly MadePackage[]): Expression {
  const final = identifier('final');
  return lambda(
    'final',
    lambda(
      'prev',
      set(
        packages.map((each) => assign(each.attribute, call(select(final, 'callPackage'), select(final, 'pkgs'), each))),
      ),
    ),
  );
}

const PACKAGES_OF = 'packagesOf';

function defaultOnOverlay(packages: readonly MadePackage[], { pythons, topPython }: RepositoryOptions): Expression {
  const python = identifier('python');
  const overridden = apply(
    select(python, 'override'),
    inlineSet([assign('packageOverrides', apply(identifier('import'), path('./overlay.nix')))]),
  );
  const chosen = letIn(
    [assign('set', select(overridden, 'pkgs'))],
    set([
      inherit(
        identifier('set'),
        packages.map(({ attribute }) => attribute),
      ),
    ]),
  );
  const packagesOf = assign(PACKAGES_OF, lambda('python', chosen), {
    comments: ['the packages of this folder, for one interpreter'],
  });
  return lambda(
    [nixpkgsFormal()],
    letIn(
      [packagesOf],
      everyInterpreter({ pythons, top: topPython === null ? 'python3' : interpreterAttribute(topPython), suffix: '' }),
    ),
    { spaced: true },
  );
}

/** For releases without overlays: `callPackage` over nixpkgs and the package set, with the packages of this folder in both. */
function defaultOnSet(packages: readonly MadePackage[], { pythons, topPython }: RepositoryOptions): Expression {
  const pkgs = identifier('pkgs');
  const self = assign(
    'self',
    updateOf(
      'pythonPackages',
      packages.map((each) => assign(each.attribute, call(identifier('callPackage'), pkgs, each))),
    ),
  );
  const callPackage = assign(
    'callPackage',
    apply(
      select(pkgs, 'lib', 'callPackageWith'),
      binary('//', [pkgs, identifier('self'), inlineSet([assign('pythonPackages', identifier('self'))])]),
    ),
  );
  const chosen = letIn(
    [callPackage, self],
    set([
      inherit(
        identifier('self'),
        packages.map(({ attribute }) => attribute),
      ),
    ]),
  );
  const packagesOf = assign(PACKAGES_OF, lambda('pythonPackages', chosen), {
    comments: ['the packages of this folder, on one package set'],
  });
  const top = topPython ?? pythons[0];
  if (top === undefined) throw new Error('no interpreter to make packages for');
  return lambda(
    [nixpkgsFormal()],
    letIn([packagesOf], everyInterpreter({ pythons, top: interpreterAttribute(top), suffix: 'Packages' })),
    { spaced: true },
  );
}

/** The packages of one interpreter, and a set of them for each interpreter that this nixpkgs has. */
function everyInterpreter({
  pythons,
  top,
  suffix,
}: {
  pythons: readonly string[];
  top: string;
  suffix: string;
}): Expression {
  const pkgs = identifier('pkgs');
  const packagesFor = (name: string): Expression => apply(identifier(PACKAGES_OF), select(pkgs, `${name}${suffix}`));
  const sets = sortedUnique(pythons.map(interpreterAttribute)).map((name): Expression => {
    const binding: Binding = assign(name, packagesFor(name));
    return apply(select(pkgs, 'lib', 'optionalAttrs'), has(pkgs, `${name}${suffix}`), inlineSet([binding]));
  });
  return binary('//', [packagesFor(top), ...sets]);
}
