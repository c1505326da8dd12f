import { joinWords } from '../../src/base/text.ts';
import { explainLog as findingsOf } from '../../src/check/explain-log.ts';
import type { FailedTest } from '../../src/check/finding.ts';
import { findingText } from '../../src/check/finding-text.ts';
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
  if (log === null) return { pass: false, text: 'not tried' };
  return { pass: false, text: `${summary === null ? '' : `${summary.text}: `}${failureText(log)}` };
}

/** Why a build ended, or its tests failed, in words. */
export function failureText(log: string): string {
  const findings = findingsOf(log);
  const tests = findings.flatMap(({ cause }) => (cause.kind === 'tests' ? cause.tests : []));
  const others = findings.filter(({ cause }) => cause.kind !== 'tests').map(findingText);
  if (tests.length > 0) return [testsText(tests), ...others.slice(0, MOST_NAMED)].join('; ');
  const said = others.length > 0 ? joinWords(others.slice(0, MOST_NAMED)) : lastError(log);
  if (said !== null) return said;
  const { kind, detail } = explainLog(log);
  // Who ran into the limit of time says nothing more.
  if (kind === 'other') return `it ends without a reason, perhaps at the limit of time: ${detail}`;
  return `${kind}${detail === '' ? '' : ` ${detail}`}`;
}

/** Of more tests the table tells how many. */
const MOST_NAMED = 3;

/** What failed by name, and what most of it says. */
function testsText(tests: readonly FailedTest[]): string {
  const names = [...new Set(tests.map(({ file, name }) => name ?? `all of ${file ?? 'a file'}`))];
  const rest = names.length - MOST_NAMED;
  const told = joinWords(rest > 0 ? [...names.slice(0, MOST_NAMED), `${rest} more`] : names);
  const counts = new Map<string, number>();
  for (const { why } of tests) if (why !== '') counts.set(why, (counts.get(why) ?? 0) + 1);
  const [usual] = [...counts].sort(([, a], [, b]) => b - a);
  return `${told} fail${names.length === 1 ? 's' : ''}${usual === undefined ? '' : ` (${usual[0]})`}`;
}

/** The last line that says itself that it is an error. */
function lastError(log: string): string | null {
  const line = log
    .split('\n')
    .findLast((each) => /^(?:[\w.]{0,80}: )?(?:[\w.]{0,80}[Ee]rror|ERROR|error): ./u.test(each));
  return line === undefined ? null : line.trim();
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
  const words = told.map((note) => note.replace(/^\w+: [\w.-]+: /u, ''));
  // What is left out follows from why none run.
  const why = words.filter((note) => note.startsWith('its tests'));
  return told.length === 0 ? 'no tests in the sdist' : (why.length > 0 ? why : words).join('; ').slice(0, 300);
}
