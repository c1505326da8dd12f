/** What buildPythonPackage and its fetcher read in a release: facts of that release, told apart from the table that the printer has. */
interface Builder {
  /** Arguments of buildPythonPackage, those of the hooks included. */
  readonly arguments: readonly string[];
  /** Hooks of the Python set that expressions may name. */
  readonly hooks: readonly string[];
  /** Names that may stand among the arguments as environment variables; without `env` all do. */
  readonly variables: readonly string[];
  /** The attribute of the digest in fetchPypi. */
  readonly digest: 'sha256' | 'hash';
  readonly python: string;
}

/** Read by every builder from 17.03 on, by stdenv below it, and by the hooks of Rust and CMake. */
const ALWAYS = [
  ...['pname', 'version', 'format', 'disabled', 'src', 'sourceRoot', 'nativeBuildInputs', 'buildInputs'],
  ...['doCheck', 'postPatch', 'preConfigure', 'preBuild', 'postInstall', 'preCheck', 'postCheck', 'meta', 'passthru'],
  ...['cargoDeps', 'cargoRoot', 'dontUseCmakeConfigure'],
];
const WITH_HOOKS = [
  ...ALWAYS,
  'pythonImportsCheck',
  'disabledTests',
  'disabledTestPaths',
  'pythonRelaxDeps',
  'pythonRemoveDeps',
];
const HOOKS = ['pytestCheckHook', 'unittestCheckHook', 'pythonRelaxDepsHook'];

const BUILDERS: Readonly<Record<string, Builder>> = {
  '22.11': {
    arguments: [...WITH_HOOKS, 'propagatedBuildInputs', 'checkInputs'],
    hooks: HOOKS,
    variables: ['SCALE_UNIT'],
    digest: 'hash',
    python: '3.10',
  },
  '23.05': {
    arguments: [...WITH_HOOKS, 'propagatedBuildInputs', 'nativeCheckInputs', 'env'],
    hooks: HOOKS,
    variables: [],
    digest: 'hash',
    python: '3.10',
  },
  '23.11': {
    arguments: [...WITH_HOOKS, 'propagatedBuildInputs', 'nativeCheckInputs', 'env', 'pyproject', 'pypaBuildFlags'],
    hooks: HOOKS,
    variables: [],
    digest: 'hash',
    python: '3.11',
  },
  // The names of before would do here as well, and are not what nixpkgs writes.
  '24.11': {
    arguments: [
      ...[...WITH_HOOKS, 'nativeCheckInputs', 'env', 'pyproject', 'pypaBuildFlags'],
      ...['build-system', 'dependencies', 'optional-dependencies'],
    ],
    hooks: HOOKS.slice(0, 2),
    variables: [],
    digest: 'hash',
    python: '3.12',
  },
};

/** The releases that a recording builder stands for. */
export const RECORDED: readonly string[] = Object.keys(BUILDERS);

/**
 * A `<nixpkgs>` whose buildPythonPackage takes just the arguments that the one of the release reads, and fails for any other: the real one would make an
 * environment variable of it. What it gives are the names of the inputs. `packages` are the Python packages that the set has.
 */
export function recordingNixpkgs(release: string, packages: readonly string[]): string {
  const builder = BUILDERS[release];
  if (builder === undefined) throw new Error(`nobody wrote down what the builder of ${release} reads`);
  const names = (list: readonly string[]): string => `[ ${list.map((name) => JSON.stringify(name)).join(' ')} ]`;
  return `
{ }:
let
  lib = {
    licenses.mit = { };
    maintainers = { };
    optionals = condition: list: if condition then list else [ ];
    versionOlder = a: b: builtins.compareVersions a b == -1;
    versionAtLeast = a: b: builtins.compareVersions a b != -1;
  };
  pythonVersion = "${builder.python}";
  stub = name: {
    inherit name;
    value = { pname = name; };
  };
  named = inputs: map (input: input.pname) inputs;
  buildPythonPackage =
    given:
    let
      unknown = builtins.filter (
        name: !(builtins.elem name ${names([...builder.arguments, ...builder.variables])})
      ) (builtins.attrNames given);
      of = name: named (given.\${name} or [ ]);
      extras = given.optional-dependencies or (given.passthru.optional-dependencies or { });
    in
    assert unknown == [ ] || throw "buildPythonPackage of ${release} does not read \${toString unknown}";
    assert builtins.isAttrs given.src;
    {
      inherit (given) pname;
      optional-dependencies = extras;
      record = {
        native = of "nativeBuildInputs" ++ of "build-system";
        libraries = of "buildInputs";
        run = of "propagatedBuildInputs" ++ of "dependencies";
        check = of "checkInputs" ++ of "nativeCheckInputs";
        extras = builtins.mapAttrs (_: named) extras;
        disabled = given.disabled or false;
        format = if given.pyproject or false then "pyproject" else given.format or "setuptools";
        variables = given.env or (builtins.intersectAttrs { SCALE_UNIT = null; } given);
        vendored = given ? cargoDeps;
      };
    };
  fetchPypi =
    {
      pname,
      version,
      ${builder.digest},
      extension ? "tar.gz",
      format ? "setuptools",
      dist ? "py2.py3",
      python ? "py2.py3",
      abi ? "none",
      platform ? "any",
    }:
    {
      name = "\${pname}-\${version}";
    };
  base = builtins.listToAttrs (map stub ${names([...packages, ...builder.hooks, 'libxml2'])}) // {
    inherit buildPythonPackage fetchPypi;
    python = {
      inherit pythonVersion;
      version = "\${pythonVersion}.1";
      interpreter = "/python";
    };
    pythonOlder = lib.versionOlder pythonVersion;
    pythonAtLeast = lib.versionAtLeast pythonVersion;
    isPyPy = false;
  };
  pkgs = builtins.listToAttrs (map stub [ "cargo" "rustc" "zlib" ]) // {
    inherit lib pkgs;
    libxml2.pname = "the-library-libxml2";
    stdenv.hostPlatform = {
      isDarwin = false;
      isLinux = true;
    };
    rustPlatform = {
      cargoSetupHook.pname = "rustPlatform.cargoSetupHook";
      importCargoLock = { lockFileContents }: builtins.fromTOML lockFileContents;
    };
    python3.override =
      { packageOverrides }:
      let
        callPackage =
          function: given: function (builtins.intersectAttrs (builtins.functionArgs function) (pkgs // final) // given);
        final = base // { inherit callPackage; } // packageOverrides final base;
      in
      {
        pkgs = final;
        withPackages = choose: choose final;
      };
  };
in
pkgs
`;
}
