import { EXIT, UserError } from '../base/user-error.ts';
import type { InputListName } from '../classify/package-facts.ts';
import type { HashForm } from './hash.ts';

/**
 * How the expressions of a generation of nixpkgs are spelled. A wrong spelling is silent: an argument that the builder does not know becomes
 * an environment variable. So every attribute that may be written is named here.
 */
export interface Dialect {
  readonly generation: '16.03' | '24.05';
  readonly releases: readonly string[];
  /** `name = "x-${version}"`, or `pname` and `version`. */
  readonly naming: 'name' | 'pname';
  readonly fetcher: 'fetchurl' | 'fetchPypi';
  /** The form of digests unless the user asks for another. */
  readonly hash: HashForm;
  /** The attribute for SRI digests; null where the fetcher knows `sha256` only. */
  readonly sriAttribute: 'hash' | null;
  /** Which attribute each list of inputs goes to. */
  readonly lists: Readonly<Record<InputListName, string>>;
  /** Build requirements (PEP 503 names) that the builder brings itself. */
  readonly impliedBuildSystem: readonly string[];
  /** `pyproject = true` and `format = "wheel"` exist. */
  readonly formats: boolean;
  readonly optionalDependencies: boolean;
  readonly importsCheck: boolean;
  /** `pythonRelaxDeps`, `pythonRemoveDeps`. */
  readonly relaxDeps: boolean;
  /** The flag that keeps the builder from checking the bounds of build requirements; null where it checks none. */
  readonly skipBuildBounds: string | null;
  /** Hooks that run the tests; null where the builder runs `setup.py test` and test tools are plain inputs. */
  readonly testHooks: Readonly<Record<'pytest' | 'unittest', string>> | null;
  /** `rustPlatform` has `importCargoLock` and the hooks that use it. */
  readonly rustHooks: boolean;
  /** CMake brings a hook that configures, unless it is told not to. */
  readonly cmakeHook: boolean;
  /** Tests that the build does not run can be run by `passthru.tests`. */
  readonly passthruTests: boolean;
  /** Environment variables stand in a set `env`, or among the attributes. */
  readonly env: 'set' | 'attributes';
  /** Libraries have their headers and objects in outputs of their own. */
  readonly splitOutputs: boolean;
  /** `pythonOlder "3.9"`, or `lib.versionOlder python.pythonVersion "3.9"`. */
  readonly versionTest: 'pythonOlder' | 'versionOlder';
  /** Where flags of the platform are: `stdenv.hostPlatform.isDarwin` or `stdenv.isDarwin`. */
  readonly platform: readonly string[];
  /** The argument of a package function, and the path in it, that is the whole Python set. */
  readonly pythonSet: readonly ['python', 'pkgs'] | readonly ['pythonPackages'];
  /** Packages reach the set as an overlay, or by a set that is built on it. */
  readonly packageSet: 'overlay' | 'set';
  /** `stated`: a description is written as the metadata has it; `styled`: without an article, with a capital, as nixpkgs wants it since 2024. */
  readonly description: 'stated' | 'styled';
  /** Attributes in the order in which they are written; a blank line between groups. `ENV` stands for the variables of `env: 'attributes'`. */
  readonly groups: readonly (readonly string[])[];
  readonly meta: readonly ('description' | 'homepage' | 'changelog' | 'license' | 'mainProgram' | 'maintainers')[];
}

/** The dialect of a release; without a known release take `DEFAULT_RELEASE`. Throws UserError E_RELEASE_NOT_SUPPORTED or E_UNKNOWN_RELEASE. */
export function dialectFor(release: string): Dialect {
  const dialect = DIALECTS.find(({ releases }) => releases.includes(release));
  if (dialect !== undefined) return dialect;
  const supported = DIALECTS.flatMap(({ releases }) => releases).join(', ');
  if (!RELEASES.includes(release))
    throw new UserError('E_UNKNOWN_RELEASE', `${JSON.stringify(release)} is no release of nixpkgs`, {
      hint: `known: ${RELEASES.join(', ')}`,
      exit: EXIT.usage,
    });
  throw new UserError('E_RELEASE_NOT_SUPPORTED', `expressions for nixpkgs ${release} cannot be written yet`, {
    hint: `supported: ${supported}`,
    exit: EXIT.usage,
  });
}

/** Whether a release has no form of its own yet and gets that of `DEFAULT_RELEASE`, which evaluates there. */
export function borrowsForm(release: string): boolean {
  return RELEASES.indexOf(release) > RELEASES.indexOf(LAST_WITH_FORM);
}

/** The newest release that the form of `DEFAULT_RELEASE` is written for. */
const LAST_WITH_FORM = '25.11';

/** Its form evaluates from 24.05 to unstable. */
export const DEFAULT_RELEASE = '24.05';

/** All releases in order, supported or not. */
export const RELEASES: readonly string[] = [
  ...[
    '15.09',
    '16.03',
    '16.09',
    '17.03',
    '17.09',
    '18.03',
    '18.09',
    '19.03',
    '19.09',
    '20.03',
    '20.09',
    '21.05',
    '21.11',
  ],
  ...['22.05', '22.11', '23.05', '23.11', '24.05', '24.11', '25.05', '25.11', '26.05', 'unstable'],
];

const DIALECTS: readonly Dialect[] = [
  {
    generation: '16.03',
    releases: ['15.09', '16.03', '16.09'],
    naming: 'name',
    fetcher: 'fetchurl',
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
    optionalDependencies: false,
    importsCheck: false,
    relaxDeps: false,
    skipBuildBounds: null,
    testHooks: null,
    rustHooks: false,
    cmakeHook: false,
    passthruTests: false,
    env: 'attributes',
    splitOutputs: false,
    versionTest: 'versionOlder',
    platform: ['stdenv'],
    pythonSet: ['pythonPackages'],
    packageSet: 'set',
    description: 'stated',
    groups: [
      ['name', 'version'],
      ['disabled'],
      ['src', 'sourceRoot'],
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
  },
  {
    generation: '24.05',
    releases: ['24.05', '24.11', '25.05', '25.11', '26.05', 'unstable'],
    naming: 'pname',
    fetcher: 'fetchPypi',
    hash: 'sri',
    sriAttribute: 'hash',
    lists: {
      'build-system': 'build-system',
      nativeBuildInputs: 'nativeBuildInputs',
      buildInputs: 'buildInputs',
      dependencies: 'dependencies',
      nativeCheckInputs: 'nativeCheckInputs',
    },
    impliedBuildSystem: [],
    formats: true,
    optionalDependencies: true,
    importsCheck: true,
    relaxDeps: true,
    skipBuildBounds: '--skip-dependency-check',
    testHooks: { pytest: 'pytestCheckHook', unittest: 'unittestCheckHook' },
    rustHooks: true,
    cmakeHook: true,
    passthruTests: true,
    env: 'set',
    splitOutputs: true,
    versionTest: 'pythonOlder',
    platform: ['stdenv', 'hostPlatform'],
    pythonSet: ['python', 'pkgs'],
    packageSet: 'overlay',
    description: 'styled',
    groups: [
      ['pname', 'version', 'pyproject', 'format'],
      ['disabled'],
      ['src', 'sourceRoot'],
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
      ['dependencies'],
      ['optional-dependencies'],
      ['env'],
      ['preConfigure'],
      ['preBuild'],
      ['postInstall'],
      ['doCheck'],
      ['nativeCheckInputs'],
      ['preCheck'],
      ['disabledTests'],
      ['disabledTestPaths'],
      ['postCheck'],
      ['pythonImportsCheck'],
      ['passthru'],
      ['meta'],
    ],
    meta: ['description', 'homepage', 'changelog', 'license', 'mainProgram', 'maintainers'],
  },
];
