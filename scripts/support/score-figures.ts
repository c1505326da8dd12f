import { type Comparison, strictTallyOf, tallyOf } from './compare-lists.ts';
import type { ListedDifference } from './listed-differences.ts';
import { type Figures, figuresOf, sumOf, type Tally } from './metrics.ts';
import { ATTRIBUTES, type Attribute } from './project-lists.ts';
import { RELEASE_QUESTIONS, type ReleaseQuestion, type ScoredProject } from './scored-project.ts';

/** An attribute of all projects beside nixpkgs. */
export interface AttributeFigures {
  readonly attribute: Attribute;
  /** With the override rules. */
  readonly tally: Tally;
  readonly overridden: Figures;
  readonly plain: Figures;
  /** With the override rules, and without the differences that somebody has judged to be no fault. */
  readonly unlisted: Figures;
  /** With the override rules, when nothing counts as implied by something else. */
  readonly strict: Figures;
}

/** A question of the release to all projects. */
export interface QuestionFigures {
  readonly question: ReleaseQuestion;
  readonly right: number;
  readonly judged: number;
}

/** A demand on the figures, and whether they meet it. */
export interface TargetResult {
  readonly text: string;
  readonly holds: boolean;
}

export interface ScoreFigures {
  readonly questions: readonly QuestionFigures[];
  readonly attributes: readonly AttributeFigures[];
  readonly targets: readonly TargetResult[];
}

/** The figures of all projects: micro-averaged, each name counts the same. With `ofRelease` the targets are those of the releases themselves alone. */
export function scoreFigures(
  projects: readonly ScoredProject[],
  listed: readonly ListedDifference[],
  { ofRelease = false }: { readonly ofRelease?: boolean } = {},
): ScoreFigures {
  const questions = RELEASE_QUESTIONS.map((question) => questionFigures(question, projects));
  const attributes = ATTRIBUTES.map((attribute) => attributeFigures(attribute, projects, listed));
  return { questions, attributes, targets: targetResults(questions, ofRelease ? [] : attributes) };
}

function questionFigures(question: ReleaseQuestion, projects: readonly ScoredProject[]): QuestionFigures {
  const answers = projects.flatMap(({ release, failure }) =>
    failure !== null ? [false] : release[question] === null ? [] : [release[question].length === 0],
  );
  return { question, right: answers.filter((isRight) => isRight).length, judged: answers.length };
}

function attributeFigures(
  attribute: Attribute,
  projects: readonly ScoredProject[],
  listed: readonly ListedDifference[],
): AttributeFigures {
  const of = (kind: 'plain' | 'overridden'): Comparison[] =>
    projects.flatMap(({ nixpkgs }) => nixpkgs[kind].filter((comparison) => comparison.attribute === attribute));
  const tally = sumOf(of('overridden').map(tallyOf));
  return {
    attribute,
    strict: figuresOf(sumOf(of('overridden').map(strictTallyOf))),
    tally,
    overridden: figuresOf(tally),
    plain: figuresOf(sumOf(of('plain').map(tallyOf))),
    unlisted: figuresOf(sumOf(of('overridden').map((comparison) => tallyOf(withoutListed(comparison, listed))))),
  };
}

/** The comparison without the names that are listed as no fault of ours. */
export function withoutListed(comparison: Comparison, listed: readonly ListedDifference[]): Comparison {
  const left = new Set(
    listed
      .filter(
        ({ project, attribute, right }) =>
          project === comparison.project && attribute === comparison.attribute && right !== 'nixpkgs',
      )
      .map(({ name }) => name),
  );
  const isKept = (name: string): boolean => !left.has(name);
  return {
    ...comparison,
    onlyTruth: comparison.onlyTruth.filter(isKept),
    onlyHere: comparison.onlyHere.filter(isKept),
  };
}

/** Shares of projects for which the release itself must be met. */
const QUESTION_TARGETS: Readonly<Record<ReleaseQuestion, { readonly text: string; readonly share: number }>> = {
  dependencies: { text: "dependencies are those of the wheel's METADATA, markers included", share: 0.99 },
  'build-system': { text: 'build-system is what pyproject.toml and the hooks of known backends ask for', share: 1 },
  imports: { text: 'every name of pythonImportsCheck is in the wheel', share: 1 },
};

/** The least F1 beside nixpkgs. */
const F1_TARGETS: readonly {
  readonly attribute: Attribute;
  readonly kind: 'overridden' | 'plain';
  readonly least: number;
}[] = [
  { attribute: 'dependencies', kind: 'overridden', least: 0.93 },
  { attribute: 'build-system', kind: 'overridden', least: 0.88 },
  { attribute: 'libraries', kind: 'overridden', least: 0.88 },
  { attribute: 'libraries', kind: 'plain', least: 0.6 },
  { attribute: 'licence', kind: 'overridden', least: 0.95 },
];

const TESTS = { recall: 0.65, precision: 0.6 };

function targetResults(
  questions: readonly QuestionFigures[],
  attributes: readonly AttributeFigures[],
): readonly TargetResult[] {
  const ofRelease = questions.map(({ question, right, judged }): TargetResult => {
    const { text, share } = QUESTION_TARGETS[question];
    const reached = judged === 0 ? 1 : right / judged;
    return { text: `${text}: ${right} of ${judged}, ${shown(reached)} (${shown(share)})`, holds: reached >= share };
  });
  const ofNixpkgs = F1_TARGETS.flatMap(({ attribute, kind, least }): TargetResult[] => {
    const figures = attributes.find((one) => one.attribute === attribute);
    if (figures === undefined) return [];
    const { f1 } = figures[kind];
    const how = kind === 'plain' ? ' without overrides' : '';
    const text = `${attribute}${how}: F1 ${shown(f1)} (${shown(least)})${emptyText(figures)}`;
    return [{ text, holds: f1 >= least }];
  });
  const ofTests = attributes.find(({ attribute }) => attribute === 'tests');
  if (ofTests === undefined) return [...ofRelease, ...ofNixpkgs];
  const { overridden: tests } = ofTests;
  const text = `tests: recall ${shown(tests.recall)} (${shown(TESTS.recall)}) at precision ${shown(tests.precision)} (${shown(TESTS.precision)})${emptyText(ofTests)}`;
  const holds = tests.recall >= TESTS.recall && tests.precision >= TESTS.precision;
  return [...ofRelease, ...ofNixpkgs, { text, holds }];
}

/** A figure of nothing is perfect, which must not look like merit. */
function emptyText({ tally }: AttributeFigures): string {
  return tally.both + tally.onlyTruth + tally.onlyHere === 0 ? ', nothing to compare' : '';
}

/** A share with three digits, cut and not rounded: what misses a target by little must not look as if it met it. */
export function shown(share: number): string {
  return (Math.floor(share * 1000 + 1e-9) / 1000).toFixed(3);
}
