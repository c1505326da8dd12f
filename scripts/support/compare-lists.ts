import type { Tally } from './metrics.ts';
import type { Attribute, ProjectLists } from './project-lists.ts';

/** One attribute of one project on both sides. */
export interface Comparison {
  readonly project: string;
  readonly version: string;
  readonly attribute: Attribute;
  readonly both: readonly string[];
  readonly onlyTruth: readonly string[];
  readonly onlyHere: readonly string[];
  /** Names that only one side has and that count for nobody. */
  readonly implied: { readonly truth: readonly string[]; readonly here: readonly string[] };
}

/** What a build tool brings with it in nixpkgs, so that listing it or not is a matter of taste. */
const IMPLIED: ReadonlyMap<string, readonly string[]> = new Map([
  ['setuptools', ['wheel']],
  ['flit-scm', ['flit-core', 'setuptools-scm']],
  ['hatch-docstring-description', ['hatchling']],
  ['hatch-fancy-pypi-readme', ['hatchling']],
  ['hatch-jupyter-builder', ['hatchling']],
  ['hatch-nodejs-version', ['hatchling']],
  ['hatch-requirements-txt', ['hatchling']],
  ['hatch-vcs', ['hatchling', 'setuptools-scm']],
  ['hatchling', ['packaging', 'pathspec', 'pluggy', 'trove-classifiers']],
  ['maturin', ['tomli']],
  ['meson-python', ['meson', 'ninja', 'pyproject-metadata']],
  ['pbr', ['setuptools']],
  ['poetry-dynamic-versioning', ['poetry-core', 'dunamai']],
  ['scikit-build', ['setuptools', 'packaging', 'distro']],
  ['scikit-build-core', ['pathspec', 'packaging', 'pyproject-metadata']],
  ['setuptools-rust', ['setuptools', 'semantic-version']],
  ['setuptools-scm', ['setuptools', 'packaging', 'typing-extensions', 'vcs-versioning']],
]);

export interface CompareOptions {
  readonly project: string;
  readonly version: string;
  /** Names that the format of the expression brings without a word. */
  readonly brought: readonly string[];
  /** Names of ours that are wanted under a condition, by attribute (missing: none): nixpkgs has these in lists that a truth file does not have. */
  readonly conditional: Readonly<Partial<Record<Attribute, ReadonlySet<string>>>>;
}

/**
 * Compares an attribute of a project; null when nixpkgs' side says nothing of it. What only we have, and under a condition, counts for nobody. Of build requirements a name that only one side has counts for nobody where the
 * format of the expression or another name of the project brings it: `wheel` beside setuptools, and what a backend itself requires.
 */
export function compareLists(
  attribute: Attribute,
  sides: { readonly truth: ProjectLists; readonly here: ProjectLists },
  { project, version, brought, conditional }: CompareOptions,
): Comparison | null {
  const truth = sides.truth[attribute];
  const here = sides.here[attribute] ?? [];
  if (truth === null) return null;
  const implied = new Set(
    attribute === 'build-system' ? [...brought, ...[...truth, ...here].flatMap((name) => IMPLIED.get(name) ?? [])] : [],
  );
  const onlyTruth = truth.filter((name) => !here.includes(name));
  const onlyHere = here.filter((name) => !truth.includes(name));
  const isImplied = (name: string): boolean => implied.has(name);
  const isUnseen = (name: string): boolean => implied.has(name) || conditional[attribute]?.has(name) === true;
  return {
    project,
    version,
    attribute,
    both: truth.filter((name) => here.includes(name)),
    onlyTruth: onlyTruth.filter((name) => !isImplied(name)),
    onlyHere: onlyHere.filter((name) => !isUnseen(name)),
    implied: { truth: onlyTruth.filter(isImplied), here: onlyHere.filter(isUnseen) },
  };
}

/** What the format of an expression brings: the builder of the old ones has setuptools. */
export function broughtByFormat(format: string | null): readonly string[] {
  return format === 'setuptools' ? ['setuptools', 'wheel'] : [];
}

/** The counts of a comparison. */
export function tallyOf({ both, onlyTruth, onlyHere }: Pick<Comparison, 'both' | 'onlyTruth' | 'onlyHere'>): Tally {
  return { both: both.length, onlyTruth: onlyTruth.length, onlyHere: onlyHere.length };
}

/** The counts when nothing is implied by anything. */
export function strictTallyOf(comparison: Comparison): Tally {
  const { both, onlyTruth, onlyHere } = tallyOf(comparison);
  const { truth, here } = comparison.implied;
  return { both, onlyTruth: onlyTruth + truth.length, onlyHere: onlyHere + here.length };
}
