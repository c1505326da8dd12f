import { countOf } from '../../src/base/text.ts';
import type { Comparison } from './compare-lists.ts';
import type { ListedDifference } from './listed-differences.ts';
import { ATTRIBUTES } from './project-lists.ts';
import { type AttributeFigures, type ScoreFigures, shown, withoutListed } from './score-figures.ts';
import { RELEASE_QUESTIONS, type ScoredProject } from './scored-project.ts';
import { table } from './table.ts';

/** The lines of a score by the releases alone: what differs, targets. The last one is `K of L targets hold`. */
export function releaseReport(projects: readonly ScoredProject[], figures: ScoreFigures): readonly string[] {
  return [
    ...countLines(projects),
    sourcesLine(projects),
    'differences from the release itself:',
    ...releaseLines(projects),
    '',
    ...targetLines(figures),
  ];
}

/** The lines of a score: figures, differences with both sides, targets. The last one is `K of L targets hold`. */
export function scoreReport(
  projects: readonly ScoredProject[],
  figures: ScoreFigures,
  listed: readonly ListedDifference[],
): readonly string[] {
  return [
    ...countLines(projects),
    '',
    ...attributeTable(figures.attributes),
    ...strictLines(figures.attributes),
    licenceLine(projects),
    '',
    sourcesLine(projects),
    'differences from the release itself:',
    ...releaseLines(projects),
    '',
    'differences from nixpkgs:',
    ...ATTRIBUTES.flatMap((attribute) =>
      projects.flatMap(({ nixpkgs }) =>
        nixpkgs.overridden
          .filter((comparison) => comparison.attribute === attribute)
          .flatMap((comparison) => differenceLines(comparison, listed)),
      ),
    ),
    '',
    ...targetLines(figures),
  ];
}

function countLines(projects: readonly ScoredProject[]): readonly string[] {
  const failed = projects.filter(({ failure }) => failure !== null);
  return [
    `${countOf(projects.length, 'project')}, ${failed.length} failed. All names of all projects are counted together (micro-average).`,
    ...failed.map(({ name, version, failure }) => `failed: ${name} ${version}: ${failure}`),
  ];
}

function releaseLines(projects: readonly ScoredProject[]): readonly string[] {
  return RELEASE_QUESTIONS.flatMap((question) =>
    projects.flatMap(({ name, version, release }) =>
      (release[question] ?? []).map((fault) => `${question}  ${name} ${version}: ${fault}`),
    ),
  );
}

function targetLines({ targets }: ScoreFigures): readonly string[] {
  const held = targets.filter(({ holds }) => holds).length;
  return [
    ...targets.map(({ text, holds }) => `${holds ? 'holds' : 'fails'}  ${text}`),
    `${held} of ${targets.length} targets hold`,
  ];
}

function attributeTable(attributes: readonly AttributeFigures[]): readonly string[] {
  const head = [
    ...['beside nixpkgs', 'both', 'only nixpkgs', 'only here', 'precision', 'recall', 'F1'],
    ...['without overrides: precision', 'recall', 'F1', 'without listed: F1'],
  ];
  const rows = attributes.map(({ attribute, tally, overridden, plain, unlisted }) => [
    attribute,
    ...[tally.both, tally.onlyTruth, tally.onlyHere].map(String),
    ...[overridden.precision, overridden.recall, overridden.f1, plain.precision, plain.recall, plain.f1].map(shown),
    shown(unlisted.f1),
  ]);
  return table([head, ...rows]);
}

/** What is brought by something else counts for nobody; this is how much that changes. */
function strictLines(attributes: readonly AttributeFigures[]): readonly string[] {
  return attributes
    .filter(({ strict, overridden }) => strict.f1 !== overridden.f1)
    .map(
      ({ attribute, strict }) => `${attribute} with nothing taken for implied or conditional: F1 ${shown(strict.f1)}`,
    );
}

/** Names count one by one; a project is right as a whole, or in part where it has a licence in common. */
function licenceLine(projects: readonly ScoredProject[]): string {
  const compared = projects.flatMap(({ nixpkgs }) =>
    nixpkgs.overridden.filter(({ attribute }) => attribute === 'licence'),
  );
  const whole = compared.filter(({ onlyTruth, onlyHere }) => onlyTruth.length + onlyHere.length === 0);
  const common = compared.filter(({ both }) => both.length > 0);
  return `the licences are the same for ${whole.length} and have one in common for ${common.length} of ${countOf(compared.length, 'project')}`;
}

/** What was read in METADATA agrees with it without having been proved. */
function sourcesLine(projects: readonly ScoredProject[]): string {
  const [sdists, wheels] = (['sdist', 'wheel'] as const).map(
    (source) => projects.filter(({ requirementsFrom }) => requirementsFrom === source).length,
  );
  return `run-time requirements were read in the sdist of ${sdists} and in the METADATA of ${wheels} projects`;
}

/** One line for an attribute of a project that differs, and what of it is listed. */
export function differenceLines(comparison: Comparison, listed: readonly ListedDifference[]): readonly string[] {
  const { project, version, attribute, both, onlyTruth, onlyHere } = comparison;
  if (onlyTruth.length + onlyHere.length === 0) return [];
  const kept = withoutListed(comparison, listed);
  const marked = (names: readonly string[], unlisted: readonly string[]): string =>
    names.length === 0 ? '-' : names.map((name) => (unlisted.includes(name) ? name : `${name} (listed)`)).join(', ');
  const sides = [
    `only nixpkgs ${marked(onlyTruth, kept.onlyTruth)}`,
    `only here ${marked(onlyHere, kept.onlyHere)}`,
    `both ${both.length === 0 ? '-' : both.join(', ')}`,
  ];
  return [`${attribute}  ${project} ${version}: ${sides.join('; ')}`];
}
