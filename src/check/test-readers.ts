import { excerpt } from '../base/text.ts';
import type { FailedTest } from './finding.ts';
import type { LogLine } from './log-lines.ts';
import type { Found } from './reader.ts';

/** More failing tests than these are not listed. */
const MOST_TESTS = 500;

/** The tests that failed, by name; nothing where no runner told of one. */
export function readFailedTests(lines: readonly LogLine[]): readonly Found[] {
  return [...pytestFailures(lines), ...unittestFailures(lines)];
}

/**
 * The short summary of pytest, and where a configuration turns it off the headings of its failures.
 *
 *     summary = "=…= short test summary info =…=" { ( "FAILED" | "ERROR" ) " " path { "::" name } [ "[" … "]" ] [ " - " why ] }
 */
function pytestFailures(lines: readonly LogLine[]): readonly Found[] {
  const summary = lines.findLastIndex(({ text }) => /^=+ short test summary info =+$/u.test(text));
  const entries = lines.slice(summary + 1).flatMap((line) => (summary < 0 ? [] : summaryEntry(line)));
  const headed = entries.length > 0 ? [] : lines.flatMap(headedFailure);
  const all = (entries.length > 0 ? entries : headed).slice(0, MOST_TESTS);
  const [first] = all;
  if (first === undefined) return [];
  const tests = all.map(({ test }) => test);
  const cause = { kind: 'tests', runner: 'pytest', tests, passed: pytestPassed(lines) } as const;
  return [{ cause, stage: 'tests', line: first.line }];
}

interface Entry {
  readonly test: FailedTest;
  readonly line: LogLine;
}

function summaryEntry(line: LogLine): readonly Entry[] {
  const [, what, rest = ''] = /^(FAILED|ERROR) (.{1,3000})$/u.exec(line.text) ?? [];
  if (what === undefined) return [];
  const at = rest.search(/ - /u);
  const id = at < 0 ? rest : rest.slice(0, at);
  const why = at < 0 ? '' : excerpt(rest.slice(at + 3));
  const [file = '', ...names] = (id.includes('[') ? id.slice(0, id.indexOf('[')) : id).split('::');
  const name = names.at(-1)?.trim() ?? null;
  if (!/^[\w./ +-]{1,300}$/u.test(file)) return [];
  if (name !== null && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return [];
  return [{ test: { file: file.trim(), name, why }, line }];
}

/** `____ TestClass.test_name[param] ____` */
function headedFailure(line: LogLine): readonly Entry[] {
  if (line.stage !== null && line.stage !== 'tests') return [];
  const name = /^_{3,} (?:[\w.]{1,200}\.)?(test\w{1,200})(?:\[.{0,500}\])? _{3,}$/u.exec(line.text)?.[1];
  return name === undefined ? [] : [{ test: { file: null, name, why: '' }, line }];
}

/** `==== 2 failed, 14 passed in 0.12s ====` */
function pytestPassed(lines: readonly LogLine[]): number | null {
  const last = lines.findLast(
    ({ text }) => /\b(?:failed|errors?)\b.{0,200} in \d/u.test(text) && /^=*[ \d]/u.test(text),
  );
  if (last === undefined) return null;
  return Number(/(\d{1,9}) passed/u.exec(last.text)?.[1] ?? 0);
}

/**
 * What unittest tells.
 *
 *     failure = ( "FAIL" | "ERROR" ) ": " name " (" dotted ")"
 */
function unittestFailures(lines: readonly LogLine[]): readonly Found[] {
  const all = lines
    .flatMap((line): Entry[] => {
      const [, name, dotted = ''] =
        /^(?:FAIL|ERROR): ([\p{L}_][\p{L}\p{N}_.]{0,200}) \(([\w.]{1,300})\)(?: .{0,200})?$/u.exec(line.text) ?? [];
      if (name === undefined) return [];
      const isUnread = dotted.includes('_FailedTest') || dotted.includes('ModuleImportFailure');
      const test: FailedTest = { file: isUnread ? name : dotted, name: isUnread ? null : name, why: '' };
      return [{ test, line }];
    })
    .slice(0, MOST_TESTS);
  const [first] = all;
  if (first === undefined) return [];
  const ran = Number(
    /^Ran (\d{1,9}) tests?\b/u.exec(lines.findLast(({ text }) => text.startsWith('Ran '))?.text ?? '')?.[1] ?? 0,
  );
  const cause = {
    kind: 'tests',
    runner: 'unittest',
    tests: all.map(({ test }) => test),
    passed: ran === 0 ? null : Math.max(0, ran - all.length),
  } as const;
  return [{ cause, stage: 'tests', line: first.line }];
}
