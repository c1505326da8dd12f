import type { Certainty, NativeEvidence } from '../metadata/native/native-facts.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import { tryParseRequirement } from '../pep/requirement.ts';

/** What compiles the extensions of a release. A release can have several: setuptools with setuptools-rust. */
export interface NativeBuilders {
  readonly setuptools: boolean;
  readonly meson: boolean;
  readonly cmake: boolean;
  /** The backend maturin, or setuptools-rust. */
  readonly cargo: 'maturin' | 'setuptools-rust' | null;
  /** Names that `build-system.requires` has. */
  readonly required: ReadonlySet<string>;
}

/** Tells from the build requirements what compiles: the build files themselves can also be those of something that is brought along. */
export function nativeBuilders(facts: SdistFacts): NativeBuilders {
  const texts = facts.pyproject?.requires.kind === 'known' ? facts.pyproject.requires.value : [];
  const setupRequires = facts.setupScript?.setupRequires.kind === 'known' ? facts.setupScript.setupRequires.value : [];
  const required = new Set([...texts, ...setupRequires].flatMap((text) => tryParseRequirement(text)?.name ?? []));
  const backend = facts.pyproject?.buildBackend ?? null;
  const has = (...names: readonly string[]) => names.some((name) => required.has(name));
  const isMeson = backend === 'mesonpy' || has('meson-python');
  const isMaturin = backend === 'maturin';
  const runsSetup =
    facts.setupScript !== null &&
    !isMeson &&
    !isMaturin &&
    !/^(?:flit|hatchling|pdm|uv_build|scikit_build_core\.build$)/u.test(backend ?? '');
  return {
    // A backend of the sdist itself that asks for setuptools wraps it.
    setuptools:
      runsSetup ||
      (isOwnBackend(facts) && has('setuptools')) ||
      (backend?.startsWith('setuptools') ?? facts.pyproject !== null),
    meson: isMeson,
    cmake: has('scikit-build-core', 'scikit-build', 'cmake') || (backend?.startsWith('scikit_build_core') ?? false),
    cargo: isMaturin
      ? 'maturin'
      : has('setuptools-rust') || facts.pyproject?.tools.includes('setuptools-rust') === true
        ? 'setuptools-rust'
        : null,
    required,
  };
}

function isOwnBackend({ pyproject }: SdistFacts): boolean {
  return (pyproject?.backendPath.length ?? 0) > 0;
}

/** Whether a piece of evidence is of a file that the build of this release looks at. */
export function isLookedAt(evidence: NativeEvidence, builders: NativeBuilders, facts: SdistFacts): boolean {
  switch (evidence.kind) {
    case 'load':
      return false;
    case 'external':
      return true;
    case 'crate':
      return builders.cargo !== null;
    case 'program':
      return builders.setuptools && compiles(facts);
    case 'header':
      // Meson has to be told of every library, so that headers say nothing more.
      return builders.cmake || (builders.setuptools && !builders.meson && compiles(facts));
    default:
      if (evidence.file.endsWith('meson.build')) return builders.meson;
      if (/(?:CMakeLists\.txt|\.cmake)$/u.test(evidence.file)) return builders.cmake;
      return builders.setuptools && compiles(facts);
  }
}

function compiles(facts: SdistFacts): boolean {
  return (
    facts.setupScript?.hasExtensions === true ||
    facts.native.evidence.some(({ kind, file }) => kind === 'link' && file === 'pyproject.toml') ||
    (isOwnBackend(facts) &&
      facts.native.evidence.some(({ kind, file }) => kind === 'pkg-config' && /\/[^/]*\.py$/u.test(file)))
  );
}

/** Whether a build for Linux or macOS, with nothing asked for, looks for what is this certain. */
export function counts(when: Certainty): boolean {
  return when === 'always' || when === 'optional';
}
