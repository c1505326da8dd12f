import type { Dialect } from './dialect.ts';
import { type AskedExtra, memberLists } from './environment-members.ts';
import {
  apply,
  assign,
  type Binding,
  binary,
  type Expression,
  has,
  identifier,
  ifElse,
  indented,
  inherit,
  inlineSet,
  lambda,
  letIn,
  list,
  orElse,
  path,
  relativePath,
  select,
  set,
  string,
} from './expression.ts';
import { printFile } from './print.ts';
import { TOP_ENVIRONMENT } from './repository-files.ts';
import { nixpkgsFormal } from './single-file.ts';

/** For whom the files are that use a repository. */
export interface EnvironmentOptions {
  readonly dialect: Dialect;
  /** The release that the flake takes; null: the newest. */
  readonly release: string | null;
  /** `x86_64-linux` and its like. */
  readonly platforms: readonly string[];
  /** Projects that are worked on: their attributes, and their folders seen from the repository. */
  readonly develop: readonly DevelopedProject[];
  /** Attributes of what is asked for, as default.nix has them. */
  readonly environment: readonly string[];
  /** Extras that are asked for of these and of the projects that are worked on. */
  readonly extras: readonly AskedExtra[];
}

/** A project of this machine that is worked on. */
export interface DevelopedProject {
  /** PEP 503 name, for comments and the store. */
  readonly name: string;
  readonly attribute: string;
  /** Relative, with `/`. */
  readonly folder: string;
}

/**
 * The files of a repository that use its default.nix: `shell.nix`, `flake.nix` and `release.nix`, by path. Nothing in the repository refers to them.
 */
export function environmentFiles(options: EnvironmentOptions): ReadonlyMap<string, string> {
  return new Map([
    ['flake.nix', flakeFile(options)],
    ['release.nix', releaseFile(options)],
    ['shell.nix', shellFile(options)],
  ]);
}

const SHELL_COMMENT = 'nix-shell opens a shell with what is asked for';

/** `mkShell` where the release has it, else the environment's own shell, which all have. */
function shellFile(options: EnvironmentOptions): string {
  const { dialect, develop } = options;
  const pkgs = identifier('pkgs');
  const repository = apply(identifier('import'), path('./default.nix'), inlineSet([inherit(null, ['pkgs'])]));
  const body =
    develop.length > 0
      ? developedShell(repository, options)
      : dialect.environments.mkShell
        ? letIn(
            [assign('repository', repository)],
            apply(
              select(pkgs, 'mkShell'),
              set([assign('nativeBuildInputs', list([environmentOf(identifier('repository'))]))]),
            ),
          )
        : letIn([assign('repository', repository)], select(environmentOf(identifier('repository')), 'env'));
  const comments =
    develop.length === 0
      ? [SHELL_COMMENT]
      : [
          SHELL_COMMENT,
          `${develop.map(({ name }) => name).join(', ')}: taken from the source tree, so that edits count at once`,
        ];
  return printFile(comments, lambda([nixpkgsFormal()], body, { spaced: true }));
}

function environmentOf(repository: Expression): Expression {
  return select(repository, TOP_ENVIRONMENT);
}

/**
 * A shell with all inputs of the projects that are worked on, but not these themselves: they are imported from their source trees, by the variable PYTHONPATH, and where
 * nixpkgs can make it by an editable package, which brings their metadata too.
 */
function developedShell(repository: Expression, options: EnvironmentOptions): Expression {
  const { dialect, develop } = options;
  const pkgs = identifier('pkgs');
  const each = identifier('each');
  const environment = identifier('environment');
  const developed = identifier('developed');
  const trees = apply(
    select(pkgs, 'lib', 'concatStringsSep'),
    string(':'),
    apply(identifier('map'), lambda('each', apply(identifier('importable'), select(each, 'tree'))), developed),
  );
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
  const hook = indented('export PYTHONPATH="$sourceTrees${PYTHONPATH:+:$PYTHONPATH}"\n');
  const bindings = [
    assign('repository', repository),
    assign(
      'developed',
      list(
        develop.map(({ attribute, folder }) =>
          set([assign('package', select(identifier('repository'), attribute)), assign('tree', treeOf(folder))]),
        ),
      ),
      { comments: ['the projects that are worked on'], spaced: true },
    ),
    importableBinding(),
    editableBinding(),
    environmentBinding(options),
  ];
  const inputs = [assign('sourceTrees', trees), assign('shellHook', hook)];
  const packages = apply(identifier('map'), lambda('each', select(each, 'package')), developed);
  if (dialect.environments.mkShell)
    return letIn(
      bindings,
      apply(
        select(pkgs, 'mkShell'),
        set([assign('inputsFrom', packages), assign('nativeBuildInputs', list([environment])), ...inputs]),
      ),
    );
  const inputsOf = lambda(
    'package',
    binary(
      '++',
      ['buildInputs', 'nativeBuildInputs', 'propagatedBuildInputs', 'propagatedNativeBuildInputs'].map((name) =>
        orElse(select(identifier('package'), name), list([])),
      ),
    ),
  );
  return letIn(
    [...bindings, assign('inputsOf', inputsOf, { spaced: true })],
    apply(
      select(pkgs, 'stdenv', 'mkDerivation'),
      set([
        assign('name', string('development-shell')),
        assign(
          'buildInputs',
          binary('++', [
            list([environment]),
            apply(select(pkgs, 'lib', 'concatMap'), identifier('inputsOf'), packages),
          ]),
        ),
        ...inputs,
      ]),
    ),
  );
}

/** A path that is never copied into the store, so that edits count. */
function treeOf(folder: string): Expression {
  const segments = folder.split('/').filter((part) => part !== '' && part !== '.');
  const isPlain = segments.every((part) => /^[A-Za-z0-9._+-]+$/u.test(part));
  if (isPlain && !(segments.at(-1) ?? '').startsWith('.')) return relativePath(folder, 'tree');
  return binary('+', [relativePath('.', 'tree'), string(`/${segments.join('/')}`)]);
}

function importableBinding(): Binding {
  const tree = identifier('tree');
  const inSrc = binary('+', [tree, string('/src')]);
  const place = ifElse(apply(select(identifier('builtins'), 'pathExists'), inSrc), inSrc, tree);
  return assign('importable', lambda('tree', apply(identifier('toString'), place)), {
    comments: ['where the modules of a source tree lie'],
    spaced: true,
  });
}

function editableBinding(): Binding {
  const python = select(identifier('repository'), TOP_ENVIRONMENT, 'python');
  const each = identifier('each');
  const made = apply(
    select(python, 'pkgs', 'mkPythonEditablePackage'),
    set([
      inherit(select(each, 'package'), ['pname', 'version']),
      assign('root', apply(identifier('importable'), select(each, 'tree'))),
    ]),
  );
  return assign(
    'editable',
    lambda('each', ifElse(has(python, 'pkgs', 'mkPythonEditablePackage'), list([made]), list([]))),
    { comments: ['their metadata, where this nixpkgs can make editable packages'], spaced: true },
  );
}

/** What else is asked for, and what the projects need at run time. */
function environmentBinding({ develop, environment, extras }: EnvironmentOptions): Binding {
  const worked = new Set(develop.map(({ attribute }) => attribute));
  const others = environment.filter((attribute) => !worked.has(attribute));
  const concatMap = select(identifier('pkgs'), 'lib', 'concatMap');
  const needed = lambda('each', orElse(select(identifier('each'), 'package', 'propagatedBuildInputs'), list([])));
  const libraries = binary('++', [
    ...memberLists(others, extras, (attribute) => select(identifier('repository'), attribute)),
    apply(concatMap, needed, identifier('developed')),
    apply(concatMap, identifier('editable'), identifier('developed')),
  ]);
  return assign(
    'environment',
    apply(
      select(environmentOf(identifier('repository')), 'override'),
      set([
        // A project that others need too is there twice, built and editable.
        assign('ignoreCollisions', identifier('true')),
        assign('extraLibs', libraries),
      ]),
    ),
    { comments: ['what else is asked for, and what the projects need'], spaced: true },
  );
}

/** Only what these texts take from outside is checked: releases and platforms are words. */
function words(names: readonly string[]): string {
  for (const name of names)
    if (!/^[a-z0-9_.-]+$/u.test(name)) throw new Error(`${JSON.stringify(name)} is no plain word`);
  return names.map((name) => `"${name}"`).join('\n    ');
}

function releaseFile({ platforms }: EnvironmentOptions): string {
  return `# A jobset of Hydra: each package and environment, for each platform. What an interpreter is too old or too new for is no job.
{
  nixpkgs ? <nixpkgs>,
  supportedSystems ? [
    ${words(platforms)}
  ],
}:

let
  isDerivation = value: value.type or null == "derivation";
  # What throws, as a package does that an interpreter is too old for, counts as false.
  holds = condition: (builtins.tryEval condition).value;

  jobsFor =
    system:
    let
      pkgs = import nixpkgs { inherit system; };
      inherit (pkgs.lib) filterAttrs mapAttrs;
      repository = import ./default.nix { inherit pkgs; };
      jobsIn = filterAttrs (_: value: holds (isDerivation value && builtins.isString value.outPath));
      isSet = value: holds (builtins.isAttrs value && !(isDerivation value));
    in
    jobsIn repository // mapAttrs (_: jobsIn) (filterAttrs (_: isSet) repository);
in
builtins.listToAttrs (
  map (system: {
    name = system;
    value = jobsFor system;
  }) supportedSystems
)
`;
}

/** From this release on nixpkgs is a flake itself. */
const FIRST_FLAKE = '20.03';

function flakeFile({ release, platforms, dialect }: EnvironmentOptions): string {
  const branch = release === null || release === 'unstable' ? 'nixos-unstable' : `nixos-${release}`;
  words([branch]);
  const isFlake = release === null || release === 'unstable' || release >= FIRST_FLAKE;
  const input = isFlake
    ? `  inputs.nixpkgs.url = "github:NixOS/nixpkgs/${branch}";`
    : `  inputs.nixpkgs = {
    url = "github:NixOS/nixpkgs/${branch}";
    flake = false;
  };`;
  const overlay = dialect.environments.pythonPackagesExtensions
    ? `

      overlays.default = _final: prev: {
        pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [ (import ./overlay.nix) ];
      };`
    : '';
  return `{
  description = "Python packages that pypi2nix keeps";

${input}

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        ${words(platforms).replaceAll('\n    ', '\n        ')}
      ];
      forEach =
        make:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = make (import nixpkgs { inherit system; });
          }) systems
        );
      packagesOf = pkgs: import ./default.nix { inherit pkgs; };
    in
    {
      packages = forEach (
        pkgs:
        pkgs.lib.filterAttrs (_: value: (builtins.tryEval (value.type or null == "derivation")).value) (
          packagesOf pkgs
        )
      );

      legacyPackages = forEach packagesOf;

      devShells = forEach (pkgs: {
        default = import ./shell.nix { inherit pkgs; };
      });${overlay}
    };
}
`;
}
