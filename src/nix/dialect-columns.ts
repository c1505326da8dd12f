import type { Dialect } from './dialect.ts';

/** A column of the table of dialects: all that is the same in its releases. */
export type DialectColumn = Omit<Dialect, 'release' | 'releases'>;

/** What a column has otherwise than the one before it; members of `lists`, `environments` and `testRunner` one by one. */
type Changes = Partial<Omit<DialectColumn, 'generation' | 'groups' | 'lists' | 'environments' | 'testRunner'>> & {
  readonly lists?: Partial<DialectColumn['lists']>;
  readonly environments?: Partial<DialectColumn['environments']>;
  readonly testRunner?: Partial<DialectColumn['testRunner']>;
};

const PYTEST_HOOK = { kind: 'hook', attribute: 'pytestCheckHook' } as const;
const UNITTEST_HOOK = { kind: 'hook', attribute: 'unittestCheckHook' } as const;
const WRITTEN_OUT = { kind: 'checkPhase' } as const;

/** The form of the first releases: names by hand, `setup.py`, two lists of inputs, and no hooks. */
const FIRST: DialectColumn = {
  generation: '15.09',
  naming: 'name',
  cleansNames: false,
  ownAttributes: 'rec',
  fetcher: 'fetchurl',
  sdistExtension: false,
  wheelDist: false,
  hash: 'hex',
  sriAttribute: null,
  lists: {
    'build-system': 'buildInputs',
    nativeBuildInputs: 'buildInputs',
    buildInputs: 'buildInputs',
    dependencies: 'propagatedBuildInputs',
    nativeCheckInputs: 'buildInputs',
  },
  impliedBuildSystem: ['setuptools', 'wheel', 'pip'],
  formats: false,
  backend: 'setup.py',
  optionalDependencies: null,
  setHasExtras: false,
  importsCheck: false,
  relaxDeps: null,
  skipBuildBounds: null,
  testRunner: { pytest: { kind: 'builder' }, unittest: { kind: 'builder' } },
  disabledTestPaths: null,
  testPaths: 'env',
  rust: null,
  patchelfHook: false,
  cmakeHook: false,
  passthruTests: false,
  env: 'attributes',
  replaceFail: false,
  splitOutputs: false,
  interpreterModules: true,
  versionTest: 'versionOlder',
  platform: ['stdenv'],
  pythonSet: ['pythonPackages'],
  packageSet: 'set',
  callHasPkgs: true,
  environments: { withPackages: false, mkShell: false, myEnvFun: true, pythonPackagesExtensions: false },
  description: 'stated',
  groups: [
    ['name', 'version'],
    ['disabled'],
    ['src', 'sourceRoot'],
    ['patches'],
    ['postPatch'],
    ['buildInputs', 'propagatedBuildInputs'],
    ['doCheck'],
    ['ENV'],
    ['preConfigure'],
    ['preBuild'],
    ['postInstall'],
    ['preCheck'],
    ['postCheck'],
    ['meta'],
  ],
  meta: ['homepage', 'description', 'license', 'maintainers'],
};

/** All of `meta`, in the order of nixpkgs. */
const META: DialectColumn['meta'] = [
  'description',
  'homepage',
  'changelog',
  'license',
  'sourceProvenance',
  'mainProgram',
  'maintainers',
  'platforms',
];

/** The attributes of all later forms in the order of nixpkgs; `groupsOf` takes out what a form does not know. */
const ORDER: readonly (readonly string[])[] = [
  ['pname', 'version', 'name', 'pyproject', 'format'],
  ['disabled'],
  ['src', 'sourceRoot'],
  ['patches'],
  ['postPatch'],
  ['cargoDeps'],
  ['cargoRoot'],
  ['build-system'],
  ['pypaBuildFlags'],
  ['nativeBuildInputs'],
  ['dontUseCmakeConfigure'],
  ['buildInputs'],
  ['pythonRelaxDeps'],
  ['pythonRemoveDeps'],
  ['dependencies', 'propagatedBuildInputs'],
  ['optional-dependencies'],
  ['env', 'ENV'],
  ['preConfigure'],
  ['preBuild'],
  ['postInstall'],
  ['doCheck'],
  ['nativeCheckInputs', 'checkInputs'],
  ['preCheck'],
  ['checkPhase'],
  ['pytestFlags'],
  ['enabledTestPaths'],
  ['disabledTests'],
  ['disabledTestPaths', 'pytestFlagsArray'],
  ['postCheck'],
  ['pythonImportsCheck'],
  ['passthru'],
  ['meta'],
];

/**
 * The table: each generation by what changed since the one before it. Adding a release is adding a line here and its name to RELEASES; a release that
 * changed nothing needs no line.
 */
export const COLUMNS: readonly DialectColumn[] = columns([
  // Libraries got outputs of their own.
  ['16.09', { splitOutputs: true, environments: { withPackages: true } }],
  // The builder learned of wheels, check inputs and fetchPypi. Its sets take overlays, and have no callPackage that an overlay could use.
  [
    '17.03',
    {
      naming: 'pname and name',
      fetcher: 'fetchPypi',
      lists: {
        'build-system': 'nativeBuildInputs',
        nativeBuildInputs: 'nativeBuildInputs',
        nativeCheckInputs: 'checkInputs',
      },
      formats: true,
      testRunner: { pytest: WRITTEN_OUT, unittest: WRITTEN_OUT },
      disabledTestPaths: 'checkPhase',
      cmakeHook: true,
      interpreterModules: false,
      versionTest: 'pythonOlder',
      environments: { myEnvFun: false },
      meta: ['description', 'homepage', 'license', 'maintainers', 'platforms'],
    },
  ],
  [
    '17.09',
    {
      naming: 'pname',
      sdistExtension: true,
      passthruTests: true,
      pythonSet: ['python', 'pkgs'],
      packageSet: 'overlay',
      callHasPkgs: false,
    },
  ],
  ['18.03', { patchelfHook: true, environments: { mkShell: true } }],
  ['19.09', { importsCheck: true, backend: 'format unless setuptools' }],
  [
    '20.03',
    {
      cleansNames: true,
      sriAttribute: 'hash',
      testRunner: { pytest: PYTEST_HOOK },
      disabledTestPaths: 'pytestFlagsArray',
      meta: ['description', 'homepage', 'changelog', 'license', 'maintainers', 'platforms'],
    },
  ],
  ['21.05', { disabledTestPaths: 'disabledTestPaths' }],
  [
    '21.11',
    {
      backend: 'format',
      wheelDist: true,
      impliedBuildSystem: ['wheel', 'pip'],
      optionalDependencies: ['passthru', 'optional-dependencies'],
      rust: { lockFileContents: false, gitCrates: false },
      platform: ['stdenv', 'hostPlatform'],
      callHasPkgs: true,
      meta: ['description', 'homepage', 'changelog', 'license', 'mainProgram', 'maintainers', 'platforms'],
    },
  ],
  [
    '22.05',
    {
      hash: 'sri',
      rust: { lockFileContents: true, gitCrates: false },
      environments: { pythonPackagesExtensions: true },
    },
  ],
  // The set itself had its extras elsewhere before, or among the inputs.
  [
    '22.11',
    {
      setHasExtras: true,
      relaxDeps: 'hook',
      testRunner: { unittest: UNITTEST_HOOK },
      meta: META,
    },
  ],
  [
    '23.05',
    {
      lists: { nativeCheckInputs: 'nativeCheckInputs' },
      env: 'set',
      rust: { lockFileContents: true, gitCrates: true },
    },
  ],
  // pyproject-build builds, which looks at the bounds of what a build asks for.
  ['23.11', { backend: 'pyproject', skipBuildBounds: '--skip-dependency-check' }],
  // The names of PEP 621. The bounds of what is needed at run time are checked as well.
  [
    '24.05',
    {
      replaceFail: true,
      lists: { 'build-system': 'build-system', dependencies: 'dependencies' },
      impliedBuildSystem: [],
      optionalDependencies: ['optional-dependencies'],
      description: 'styled',
    },
  ],
  ['24.11', { relaxDeps: 'builder' }],
  ['25.11', { testPaths: 'enabledTestPaths' }],
  ['26.05', { ownAttributes: 'finalAttrs' }],
]);

function columns(changes: readonly (readonly [generation: string, changes: Changes])[]): readonly DialectColumn[] {
  const all = [FIRST];
  let last = FIRST;
  for (const [generation, { lists, environments, testRunner, ...others }] of changes) {
    const column = {
      ...last,
      ...others,
      generation,
      lists: { ...last.lists, ...lists },
      environments: { ...last.environments, ...environments },
      testRunner: { ...last.testRunner, ...testRunner },
    };
    last = { ...column, groups: column.naming === 'name' ? FIRST.groups : groupsOf(column) };
    all.push(last);
  }
  return all;
}

/** The order of nixpkgs without what the form does not know, which the builder would take for environment variables. */
function groupsOf(column: DialectColumn): readonly (readonly string[])[] {
  const { optionalDependencies, testRunner } = column;
  const runners = Object.values(testRunner);
  const known: Readonly<Record<string, boolean>> = {
    name: column.naming !== 'pname' || !column.cleansNames,
    pyproject: column.backend === 'pyproject',
    cargoDeps: column.rust !== null,
    cargoRoot: column.rust !== null,
    'build-system': column.lists['build-system'] === 'build-system',
    pypaBuildFlags: column.skipBuildBounds !== null,
    pythonRelaxDeps: column.relaxDeps !== null,
    pythonRemoveDeps: column.relaxDeps !== null,
    dependencies: column.lists.dependencies === 'dependencies',
    propagatedBuildInputs: column.lists.dependencies === 'propagatedBuildInputs',
    'optional-dependencies': optionalDependencies?.[0] === 'optional-dependencies',
    env: column.env === 'set',
    ENV: column.env === 'attributes',
    nativeCheckInputs: column.lists.nativeCheckInputs === 'nativeCheckInputs',
    checkInputs: column.lists.nativeCheckInputs === 'checkInputs',
    checkPhase: runners.some(({ kind }) => kind === 'checkPhase'),
    pytestFlags: column.testPaths === 'enabledTestPaths',
    enabledTestPaths: column.testPaths === 'enabledTestPaths',
    disabledTests: runners.some(({ kind }) => kind === 'hook'),
    disabledTestPaths: column.disabledTestPaths === 'disabledTestPaths',
    pytestFlagsArray: column.disabledTestPaths === 'pytestFlagsArray',
    pythonImportsCheck: column.importsCheck,
    passthru: column.passthruTests || optionalDependencies !== null,
  };
  return ORDER.map((group) => group.filter((name) => known[name] ?? true)).filter((group) => group.length > 0);
}
