import type { Note } from '../base/note.ts';
import { countOf } from '../base/text.ts';
import type { LintFinding } from '../overrides/lint.ts';

/** The findings that fail no run, as notes. */
export function lintNotes(findings: readonly LintFinding[]): Note[] {
  return findings
    .filter(({ fails }) => !fails)
    .map(({ file, line, text, hint }) => ({
      kind: 'warning',
      text: hint === null ? text : `${text}; ${hint}`,
      file,
      line,
    }));
}

/** The result of a check in which nothing fails. */
export function lintSummary(files: number, warnings: number): string {
  const found = warnings === 0 ? 'nothing found' : `${countOf(warnings, 'warning')}, nothing else found`;
  return `${countOf(files, 'file')} checked, ${found}\n`;
}

/** All findings as one JSON object of the form 1, in the order of files and lines. */
export function lintJson({
  files,
  findings,
}: {
  readonly files: readonly string[];
  readonly findings: readonly LintFinding[];
}): string {
  const shown = findings.map(({ code, fails, file, line, column, text, hint }) => ({
    code,
    fails,
    file,
    line,
    column,
    text,
    hint,
  }));
  return `${JSON.stringify({ form: 1, files, findings: shown }, null, 2)}\n`;
}
