import type { Note } from '../base/note.ts';
import { compareText, oneLine } from '../base/text.ts';
import type { Dialect } from './dialect.ts';
import { type AskedExtra, environmentMembers } from './environment-members.ts';
import { attributeName, isIdentifier } from './escape.ts';
import {
  apply,
  assign,
  type Binding,
  type Expression,
  type Formal,
  identifier,
  inherit,
  lambda,
  letIn,
  path,
  select,
  set,
} from './expression.ts';
import { definedNames, packageExpression, packageFunction } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';
import { printExpression, printFile } from './print.ts';
import { GLOBALS, setScope } from './scope.ts';

/** What the comment at the top of a file says. */
export interface FileHeader {
  /** Name and version of this program. */
  readonly program: string;
  /** The command that printed the file, quoted for the shell, without credentials. */
  readonly command: string;
  /** Where the names of the package set come from, for example `the builtin list`. */
  readonly namesFrom: string;
  /** Where they come from is told even where every requirement was checked: they are names of other releases, or those of a revision that was read. */
  readonly isStandIn?: boolean;
  /** Requirements (`numpy>=1.7`) that were taken as met without a look; none for nothing to say. */
  readonly notChecked: readonly string[];
  /** The release that the user named, for the line that uses the file; the dialect's own without one. */
  readonly release?: string;
  /** The first release that has all names of the file, where none was named; that of the dialect without one. */
  readonly since?: string;
  /** X.Y of the interpreter that the line uses; without one that of the release. */
  readonly python?: string;
  /** For which targets alone the file is, where these are not those of the release: `Python 3.13 on x86_64-linux, as pylock.toml`. */
  readonly onlyFor?: string;
  /** Attributes that the line uses: what the user asked for. */
  readonly use: readonly string[];
  /** Extras of these that the line uses too; missing: none. */
  readonly useExtras?: readonly AskedExtra[];
}

/** The text of a file with its final line break, and notes on what it cannot say. */
export interface SingleFile {
  readonly text: string;
  readonly notes: readonly Note[];
}

/** All packages as one file for stdout: an overlay of a Python package set, or a set built on one where there are no overlays. Sorted by attribute. */
export function singleFile(
  packages: readonly PackageToPrint[],
  { dialect, header }: { readonly dialect: Dialect; readonly header: FileHeader },
): SingleFile {
  const sorted = [...packages].sort((a, b) => compareText(a.attribute, b.attribute));
  const { expression, notes } =
    dialect.packageSet === 'overlay' ? overlay(sorted, dialect) : packageSet(sorted, { dialect, header });
  return { text: printFile(headerLines(header, dialect), expression), notes };
}

/** `final: prev: { NAME = final.callPackage (FUNCTION) { }; }`; nothing comes from `prev`, and `final` only calls. */
export function overlay(
  packages: readonly PackageToPrint[],
  dialect: Dialect,
): { readonly expression: Expression; readonly notes: readonly Note[] } {
  const printed = packages.map((each) => ({ each, made: packageFunction(each, { dialect, shadowedBy: 'pkgs' }) }));
  const bindings = printed.map(({ each, made }) =>
    assign(each.attribute, apply(select(identifier('final'), 'callPackage'), made.expression, set([])), {
      spaced: true,
    }),
  );
  return {
    expression: lambda('final', lambda('prev', set(bindings))),
    notes: printed.flatMap(({ made }) => made.notes),
  };
}

/** `let self = pythonPackages // { NAME = ...; }; in { inherit (self) NAME; }`, for sets without callPackage and without overlays. */
function packageSet(
  packages: readonly PackageToPrint[],
  { dialect, header }: { dialect: Dialect; header: FileHeader },
): { readonly expression: Expression; readonly notes: readonly Note[] } {
  const { bindings, notes } = setBindings(packages, dialect);
  const all = packages.map(({ attribute }) => attribute);
  return {
    expression: lambda(
      packageSetFormals(header.python),
      letIn(bindings, set([inherit(identifier('self'), all, { open: all.length > 1 })])),
      {
        spaced: true,
      },
    ),
    notes,
  };
}

/** What `let` has to bind around packages of a set without overlays: `self`, the set `pythonPackages` with the packages in it, and what their expressions use of `pkgs`. */
export function setBindings(
  packages: readonly PackageToPrint[],
  dialect: Dialect,
): { readonly bindings: readonly Binding[]; readonly notes: readonly Note[] } {
  const printed = packages.map((each) => {
    const scope = setScope({ defined: definedNames(each.facts, dialect) });
    return {
      attribute: each.attribute,
      ...packageExpression(each, { dialect, scope }),
      usesLicences: scope.usesLicences(),
    };
  });
  const bindings: Binding[] = [
    inherit(identifier('pythonPackages'), ['buildPythonPackage']),
    ...(printed.some(({ usesLicences }) => usesLicences)
      ? [inherit(select(identifier('pkgs'), 'lib'), ['licenses'])]
      : []),
    assign(
      'self',
      updateOf(
        'pythonPackages',
        printed.map(({ attribute, expression }) => assign(attribute, expression, { spaced: true })),
      ),
      { spaced: true },
    ),
  ];
  return { bindings, notes: printed.flatMap(({ notes }) => notes) };
}

/** `base // { ... }`. */
export function updateOf(base: string, bindings: readonly Binding[]): Expression {
  return { kind: 'binary', operator: '//', operands: [identifier(base), set(bindings)] };
}

/** `pkgs ? import <nixpkgs> { }, pythonPackages ? pkgs.python35Packages`. */
function packageSetFormals(python: string | undefined): Formal[] {
  return [
    nixpkgsFormal(),
    {
      name: 'pythonPackages',
      default: select(identifier('pkgs'), `${interpreterAttribute(python ?? OLD_PYTHON)}Packages`),
    },
  ];
}

/** `pkgs ? import <nixpkgs> { }`. */
export function nixpkgsFormal(): Formal {
  return { name: 'pkgs', default: apply(identifier('import'), path('<nixpkgs>'), set([])) };
}

/** The Python 3 of 15.09 to 16.09 that has the most packages. */
const OLD_PYTHON = '3.5';

/** `3.13` -> `python313`. Throws Error for what is no X.Y. */
export function interpreterAttribute(python: string): string {
  if (!/^\d+\.\d+$/u.test(python)) throw new Error(`${JSON.stringify(python)} is no X.Y version of Python`);
  return `python${python.replace('.', '')}`;
}

function headerLines(header: FileHeader, dialect: Dialect): string[] {
  return [...provenanceLines(header), ...useLines(header, dialect)].map(indentedLine);
}

/** What the comment at the top says of where a file comes from. */
export function provenanceLines(header: Omit<FileHeader, 'release' | 'python' | 'use'>): string[] {
  const checked = header.notChecked.length === 0 ? '' : `; not checked: ${header.notChecked.join(', ')}`;
  const names = checked === '' && header.isStandIn !== true ? [] : [`Package names from ${header.namesFrom}${checked}`];
  return [
    `Generated by ${header.program}:`,
    `  ${oneLine(header.command)}`,
    ...names,
    ...(header.onlyFor === undefined ? [] : [onlyForLine(header.onlyFor)]),
  ];
}

function indentedLine(line: string): string {
  return `${/^ */u.exec(line)?.[0] ?? ''}${oneLine(line)}`;
}

/** The comment on a file that lacks what other targets need. */
export function onlyForLine(targets: string): string {
  return `Only for ${targets}: what others need is not in it.`;
}

function useLines(header: FileHeader, dialect: Dialect): string[] {
  const names = [...header.use].sort(compareText);
  if (dialect.packageSet === 'overlay') {
    const used = environmentMembers(names, header.useExtras ?? [], (name) => select(identifier('ps'), name));
    const interpreter = header.python === undefined ? 'python3' : interpreterAttribute(header.python);
    const from = `nixpkgs ${header.release ?? `${header.since ?? dialect.release} and later`}`;
    return [
      `Use it as an overlay of a Python package set (${from}):`,
      `  let python = (import <nixpkgs> { }).${interpreter}.override { packageOverrides = import ./python-packages.nix; };`,
      `  in python.withPackages (ps: ${printExpression(used).replace(/\s+/gu, ' ').trim()})`,
    ];
  }
  const file = 'import ./python-packages.nix { }';
  const packages = names.map((name) =>
    isIdentifier(name) && !GLOBALS.has(name) ? name : `(${file}).${attributeName(name)}`,
  );
  // Python 2.7 of these releases has modules of its own library, such as sqlite3, in packages of their own.
  const whole = dialect.interpreterModules && header.python === '2.7' ? 'Full' : '';
  const interpreter = `${interpreterAttribute(header.python ?? OLD_PYTHON)}${whole}`;
  return [
    `Use it (nixpkgs ${header.release ?? dialect.release}):`,
    `  nix-shell -E 'with import <nixpkgs> { }; with ${file}; (${interpreter}.buildEnv.override { extraLibs = [ ${packages.join(' ')} ]; }).env'`,
  ];
}
