import { compareText, sortedUnique } from '../base/text.ts';
import { isIdentifier } from './escape.ts';
import { binary, type Expression, type Formal, identifier, list, select, withScope } from './expression.ts';

/** What expressions use of nixpkgs besides packages, in the order in which arguments are listed. */
export const HELPERS = [
  'lib',
  'stdenv',
  'buildPythonPackage',
  'fetchPypi',
  'fetchgit',
  'fetchurl',
  'isPyPy',
  'pkgs',
  'python',
  'pythonAtLeast',
  'pythonOlder',
  'pythonPackages',
] as const;
export type Helper = (typeof HELPERS)[number];

/** Groups of the arguments of a package function, in order; the first has no heading. */
const FORMAL_GROUPS = [
  'builder',
  'build-system',
  'native libraries',
  'dependencies',
  'optional-dependencies',
  'tests',
] as const;
export type FormalGroup = (typeof FORMAL_GROUPS)[number];

/** A package by its attribute: of the Python set, or (a path with dots) of nixpkgs itself. */
export interface PackageReference {
  readonly kind: 'python' | 'system';
  readonly attribute: string;
}

/** A package and the group of arguments that it belongs to. */
export interface GroupedReference {
  readonly reference: PackageReference;
  readonly group: FormalGroup;
}

/** How an expression gets at what it uses, which depends on where it stands. */
export interface Scope {
  helper(name: Helper): Expression;
  package(reference: PackageReference, group: FormalGroup): Expression;
  /** A list of packages in order of their names. `short`: it is an argument, where a `with` would take several lines. */
  list(packages: readonly GroupedReference[], options?: { readonly short?: boolean }): Expression;
  /** An attribute of `lib.licenses`. */
  licence(attribute: string): Expression;
}

/** The scope of a function whose arguments `callPackage` fills in; it remembers what is used. */
export interface FunctionScope extends Scope {
  /** The arguments used so far, grouped and sorted. */
  formals(): Formal[];
  /** System libraries among them that a Python package of the same name would take the place of: to be passed at the call, sorted. */
  passedAtCall(): string[];
}

/** What a function scope has to know of the package and its set. */
export interface FunctionScopeOptions {
  /** Whether `callPackage` gives a Python package for this name. */
  readonly shadowed: (attribute: string) => boolean;
  /** A shadowed system library is reached through the argument `pkgs`, or is an argument that the caller passes. */
  readonly shadowedBy: 'pkgs' | 'call';
  /** The argument, and the path in it, that is the whole Python set, for attributes that cannot be arguments. */
  readonly pythonSet: readonly [Helper, ...string[]];
  /** Names that the expression itself defines (the attributes of its `rec` set). */
  readonly defined: ReadonlySet<string>;
  /** Python attributes that the package uses anywhere: no system library may be an argument of that name. */
  readonly python: ReadonlySet<string>;
}

/** A scope for one package function. Names that cannot be arguments are taken from the set or from `pkgs` instead. */
export function functionScope(options: FunctionScopeOptions): FunctionScope {
  const groups = new Map<string, FormalGroup>();
  const passed = new Set<string>();
  const use = (name: string, group: FormalGroup): Expression => {
    const known = groups.get(name);
    if (known === undefined || FORMAL_GROUPS.indexOf(group) < FORMAL_GROUPS.indexOf(known)) groups.set(name, group);
    return identifier(name);
  };
  const isFree = (name: string): boolean =>
    isIdentifier(name) && !isHelper(name) && !CONSTANTS.has(name) && !options.defined.has(name);
  const reference = ({ kind, attribute }: PackageReference, group: FormalGroup): Expression => {
    if (kind === 'python') {
      if (isFree(attribute)) return use(attribute, group);
      const [argument, ...path] = options.pythonSet;
      return select(use(argument, 'builder'), ...path, attribute);
    }
    const [name = '', ...path] = attribute.split('.');
    // The compiler's own libraries, `stdenv.cc.cc.lib`.
    if (name === 'stdenv') return select(use(name, 'builder'), ...path);
    const isShadowed = options.shadowed(name);
    const isArgument = isFree(name) && !options.python.has(name) && (!isShadowed || options.shadowedBy === 'call');
    if (!isArgument) return select(use('pkgs', 'builder'), name, ...path);
    if (isShadowed) passed.add(name);
    return select(use(name, group), ...path);
  };
  return {
    helper: (name) => use(name, 'builder'),
    package: reference,
    list: (packages) => list(inOrder(packages).map((each) => reference(each.reference, each.group))),
    licence: (attribute) => select(use('lib', 'builder'), 'licenses', attribute),
    formals: () => formalsOf(groups),
    passedAtCall: () => [...passed].sort(compareText),
  };
}

/** Names that an argument must not take the meaning of, although the language would let it. */
const CONSTANTS: ReadonlySet<string> = new Set(['true', 'false', 'null']);

function isHelper(name: string): name is Helper {
  return HELPERS.some((helper) => helper === name);
}

function inOrder(packages: readonly GroupedReference[]): GroupedReference[] {
  const byKey = new Map(packages.map((each) => [`${each.reference.attribute} ${each.reference.kind}`, each]));
  return sortedUnique(byKey.keys()).flatMap((key) => byKey.get(key) ?? []);
}

function formalsOf(groups: ReadonlyMap<string, FormalGroup>): Formal[] {
  return FORMAL_GROUPS.flatMap((group) => {
    const names = [...groups].flatMap(([name, of]) => (of === group ? [name] : [])).sort(byHelperThenName);
    return names.map((name, index): Formal => {
      if (index > 0 || group === 'builder') return { name };
      return { name, comments: [group], spaced: true };
    });
  });
}

function byHelperThenName(a: string, b: string): number {
  const rank = (name: string): number => (isHelper(name) ? HELPERS.indexOf(name) : HELPERS.length);
  return rank(a) - rank(b) || compareText(a, b);
}

/** Names that mean something else than a member of `self` inside `with self; [ ... ]`, because any binding around it and every builtin goes before `with`. */
const BOUND_IN_SET = ['pkgs', 'pythonPackages', 'self', 'buildPythonPackage', 'licenses'];
/** Names that Nix itself binds everywhere; `with` does not go before them. */
export const GLOBALS: ReadonlySet<string> = new Set([
  ...[
    'abort',
    'baseNameOf',
    'break',
    'builtins',
    'derivation',
    'derivationStrict',
    'dirOf',
    'false',
    'fetchGit',
    'fetchMercurial',
  ],
  ...[
    'fetchTarball',
    'fetchTree',
    'fromTOML',
    'import',
    'isNull',
    'map',
    'null',
    'placeholder',
    'removeAttrs',
    'scopedImport',
  ],
  ...['throw', 'toString', 'true'],
]);

/** What the Python set has besides packages. */
const OF_THE_SET: ReadonlySet<Helper> = new Set(['fetchPypi', 'isPyPy', 'python', 'pythonAtLeast', 'pythonOlder']);

/** The scope inside `let self = pythonPackages // { ... }`: Python packages are members of `self`, everything else of `pkgs`. */
export function setScope(options: { readonly defined: ReadonlySet<string> }): Scope & { usesLicences(): boolean } {
  let licences = false;
  const pkgs = identifier('pkgs');
  const self = identifier('self');
  const hidden = new Set([...BOUND_IN_SET, ...GLOBALS, ...options.defined]);
  const reference = ({ kind, attribute }: PackageReference): Expression =>
    kind === 'python' ? select(self, attribute) : select(pkgs, ...attribute.split('.'));
  const member = (each: PackageReference): Expression =>
    isIdentifier(each.attribute) && !hidden.has(each.attribute) ? identifier(each.attribute) : reference(each);
  return {
    helper: (name) => {
      if (name === 'buildPythonPackage') return identifier(name);
      if (name === 'pkgs') return pkgs;
      return select(OF_THE_SET.has(name) ? self : pkgs, name);
    },
    package: reference,
    list: (packages, { short = false } = {}) => {
      if (short) return list(inOrder(packages).map((each) => reference(each.reference)));
      const [system = [], python = []] = (['system', 'python'] as const).map((kind) =>
        inOrder(packages.filter(({ reference: { kind: of } }) => of === kind)).map((each) => each.reference),
      );
      const lists = [
        ...(system.length > 0 ? [list(system.map(reference))] : []),
        ...(python.length > 0 ? [withScope(self, list(python.map(member)))] : []),
      ];
      return lists.length === 0 ? list([]) : binary('++', lists);
    },
    licence: (attribute) => {
      licences = true;
      return select(identifier('licenses'), attribute);
    },
    usesLicences: () => licences,
  };
}
