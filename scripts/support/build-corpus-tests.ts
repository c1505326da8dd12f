import { explainLog } from './build-corpus-failure.ts';

/** What came of running the tests of a project in its build. */
export interface TestOutcome {
  /** Whether at least one test ran, and all that ran passed. */
  readonly pass: boolean;
  /** For a table: the runner's own summary, or why no test ran or passed. */
  readonly text: string;
}

/** Reads the log of a build with tests. `notes`: what generating told of the project. */
export function testOutcome(
  log: string | null,
  { isBuilt, notes }: { readonly isBuilt: boolean; readonly notes: readonly string[] },
): TestOutcome {
  const summary = log === null ? null : runnerSummary(log);
  if (summary !== null && isBuilt && summary.ran > 0) return { pass: true, text: summary.text };
  if (isBuilt) return { pass: false, text: summary === null ? whyNone(notes) : `runs no test: ${summary.text}` };
  if (log === null) return { pass: false, text: 'not tried, because what it needs is not built' };
  const { kind, detail } = explainLog(log);
  return {
    pass: false,
    text: `${summary === null ? '' : `${summary.text}: `}${kind}${detail === '' ? '' : ` ${detail}`}`,
  };
}

/** The last lines of pytest (`== 12 passed, 1 skipped in 0.3s ==`) and unittest (`Ran 12 tests in 0.3s`); null where none of them ran. */
function runnerSummary(log: string): { readonly ran: number; readonly text: string } | null {
  const lines = log.split('\n');
  const pytest = lines.flatMap((line) => PYTEST.exec(line)?.[1] ?? []).at(-1);
  if (pytest !== undefined) return { ran: Number(/(\d+) passed/u.exec(pytest)?.[1] ?? 0), text: pytest };
  const unittest = lines.flatMap((line) => /^Ran (\d+) tests? in/u.exec(line)?.[1] ?? []).at(-1);
  return unittest === undefined ? null : { ran: Number(unittest), text: `${unittest} run` };
}

const PYTEST = /^(?:=+ )?((?:\d+ [a-z]+, )*(?:\d+ [a-z]+|no tests ran)) in [\d.]+s/u;

/** The notes that speak of tests, shortened to fit a table. */
function whyNone(notes: readonly string[]): string {
  const told = notes.filter((note) => /nativeCheckInputs|\btests?\b/u.test(note));
  return told.length === 0 ? 'no tests in the sdist' : told.join('; ').slice(0, 200);
}
