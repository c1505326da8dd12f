import { oneLine } from '../../src/base/text.ts';
import type { LogFailure } from './build-corpus-failure.ts';
import type { TestOutcome } from './build-corpus-tests.ts';

/** Why a project is not built. */
export type BuildFailure =
  /** Nothing of it failed: its build was never begun. */
  | { readonly step: 'not tried' }
  | { readonly step: 'generate' | 'evaluate'; readonly message: string; readonly isOutside: boolean }
  | {
      readonly step: 'build';
      /** The derivation that failed, and whether it is the project itself or what it needs. */
      readonly derivation: string;
      readonly isMember: boolean;
      readonly log: LogFailure;
    };

/** What came of one project. */
export interface BuiltProject {
  readonly name: string;
  /** Null where it was not generated. */
  readonly version: string | null;
  /** Null: it is built. */
  readonly failure: BuildFailure | null;
  /** The members of its closure that come as wheels, by attribute. */
  readonly wheels: readonly string[];
  /** Null where tests were not asked for, or the project is not built without them. */
  readonly tests: TestOutcome | null;
}

/** A line for each project, the last lines of the log below each failure; the last line is `B of N built`. */
export function buildCorpusReport(
  projects: readonly BuiltProject[],
  { withChecks }: { readonly withChecks: boolean },
): readonly string[] {
  const built = projects.filter(({ failure }) => failure === null);
  const passing = projects.filter(({ tests }) => tests?.pass === true);
  const wheels = new Set(projects.flatMap((project) => project.wheels));
  return [
    ...projects.flatMap(projectLines),
    '',
    `as wheels: ${wheels.size === 0 ? 'none' : [...wheels].sort().join(', ')}`,
    ...(withChecks ? [`${passing.length} of ${projects.length} run their tests and pass`] : []),
    `${built.length} of ${projects.length} built`,
  ];
}

function projectLines(project: BuiltProject): readonly string[] {
  const { name, version, failure, wheels, tests } = project;
  const title = version === null ? name : `${name} ${version}`;
  const members = wheels.length === 0 ? '' : ` (as wheels: ${wheels.join(', ')})`;
  if (failure === null) {
    const checks = tests === null ? '' : `; tests ${tests.pass ? 'pass' : 'do not pass'}: ${oneLine(tests.text)}`;
    return [`${title}: built${members}${checks}`];
  }
  if (failure.step === 'not tried') return [`${title}: not tried`];
  if (failure.step !== 'build') return [`${title}: failed to ${failure.step}: ${oneLine(failure.message)}`];
  const { log, isMember, derivation } = failure;
  const where = `${isMember ? `building ${derivation}, ` : ''}${log.phase ?? 'before any phase'}`;
  return [
    `${title}: failed in ${where}: ${log.kind}${log.detail === '' ? '' : `: ${oneLine(log.detail)}`}${members}`,
    ...log.lastLines.map((line) => `    ${oneLine(line)}`),
  ];
}
