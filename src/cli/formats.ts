import { EXIT, UserError } from '../base/user-error.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';

export type Format = 'sdist' | 'wheel' | 'any';

/** Which kind of archive expressions are generated from, in general and for single projects. */
export interface Formats {
  readonly general: Format;
  /** By PEP 503 name. */
  readonly byProject: ReadonlyMap<string, Format>;
}

/**
 * Reads `--format`: `FORMAT[,PROJECT:FORMAT...]`.
 * @throws UserError E_USAGE (exit 2).
 */
export function parseFormats(text: string): Formats {
  let general: Format = 'sdist';
  const byProject = new Map<string, Format>();
  for (const part of text.split(',')) {
    const colon = part.lastIndexOf(':');
    const project = colon < 0 ? null : part.slice(0, colon).trim();
    const format = formatNamed(part.slice(colon + 1).trim());
    if (format === null || (project !== null && !isProjectName(project))) {
      throw new UserError(
        'E_USAGE',
        `--format: ${JSON.stringify(part)} is neither sdist, wheel, any nor PROJECT:FORMAT`,
        {
          exit: EXIT.usage,
          hint: 'for example --format any,lxml:wheel',
        },
      );
    }
    if (project === null) general = format;
    else byProject.set(normalizeName(project), format);
  }
  return { general, byProject };
}

function formatNamed(text: string): Format | null {
  const formats: readonly Format[] = ['sdist', 'wheel', 'any'];
  return formats.find((format) => format === text) ?? null;
}

const HEAVY_BACKENDS = /^(?:mesonpy|maturin|scikit_build_core(?:\.|$)|skbuild)/u;
const HEAVY_REQUIREMENTS =
  /^(?:meson|meson-python|cmake|scikit-build|scikit-build-core|setuptools-rust|maturin)(?![A-Za-z0-9-])/u;

/** Bytes of sources that take minutes to compile. */
const LARGE_SOURCES = 8e6;

/** Whether building the sdist needs Rust, Fortran, CMake or Meson, or compiles a large library, so that `--format any` takes a wheel where one fits; the reason, or null. */
export function heavyBuild(facts: SdistFacts): string | null {
  const backend = facts.pyproject?.buildBackend ?? '';
  if (HEAVY_BACKENDS.test(backend)) return `its build backend is ${backend}`;
  const requires = facts.pyproject?.requires;
  const heavy =
    requires?.kind === 'known'
      ? requires.value.find((text) => HEAVY_REQUIREMENTS.test(normalizeName(text)))
      : undefined;
  if (heavy !== undefined) return `building it requires ${heavy}`;
  const script = facts.setupScript;
  const imported = script?.imports.find((statement) =>
    /^(?:skbuild|setuptools_rust|numpy\.distutils)(?:\.|$)/u.test(statement.module),
  );
  if (imported !== undefined) return `its setup.py uses ${imported.module}`;
  const compiled = facts.compiledBytes ?? 0;
  return compiled > LARGE_SOURCES ? `it has ${Math.round(compiled / 1e6)} MB of sources to compile` : null;
}
