import { countOf, joinWords, oneLine, printable } from '../base/text.ts';
import type { CheckedPackage, CheckResult, Explained, Outcome, TriedRule } from '../check/check-result.ts';

/**
 * The result of a check: a table of all packages, then each failure with its explanation, what `--fix` did, and how many went well. `uncalled`: projects that default.nix does
 * not call. Ends with a line break.
 */
export function checkText(
  { packages, tried }: CheckResult,
  { uncalled = [] }: { readonly uncalled?: readonly string[] } = {},
): string {
  const failures = packages.filter(({ outcome }) => outcome.kind === 'failed' || outcome.kind === 'needs');
  const sections = [
    table(packages),
    ...failures.flatMap((one) => (isTold(one) ? [failureLines(one)] : [])),
    tried.length === 0 ? [] : ['rules', ...tried.flatMap(triedLines)],
    uncalled.map((project) => `${project}: neither default.nix nor overlay.nix calls it`),
    [summary(packages)],
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function table(packages: readonly CheckedPackage[]): string[] {
  const rows = [
    ['package', 'interpreter', 'result', 'time'],
    ...packages.map(({ attribute, interpreter, outcome, seconds }) => [
      oneLine(attribute),
      oneLine(interpreter ?? ''),
      outcomeText(outcome),
      seconds === null ? '' : `${seconds.toFixed(1)} s`,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'done':
      return { parse: 'parsed', evaluate: 'evaluated', build: 'built' }[outcome.step];
    case 'failed':
      return { parse: 'cannot be read', evaluate: 'does not evaluate', build: 'build failed' }[outcome.step];
    case 'needs':
      return `not built: needs ${joinWords(outcome.names.map(oneLine))}`;
    case 'not for this interpreter':
      return outcome.kind;
  }
}

/** What a package only misses because another of the repository failed is told there. */
function isTold({ outcome, log }: CheckedPackage): boolean {
  return outcome.kind === 'failed' || log !== null;
}

function failureLines({ attribute, interpreter, outcome, explained, messages, log, kept }: CheckedPackage): string[] {
  const name = `${oneLine(attribute)}${interpreter === null ? '' : ` (${oneLine(interpreter)})`}`;
  return [
    `${name}: ${outcomeText(outcome)}`,
    ...explained.flatMap(explanation),
    ...(explained.length === 0 ? ['  nothing that is known here; the end of its messages:', ...quoted(messages)] : []),
    ...(log === null ? [] : [`  log: ${oneLine(log)}`]),
    ...(kept === null ? [] : [`  kept: ${oneLine(kept.folder)}`, `  enter it with: ${oneLine(kept.enter)}`]),
  ];
}

function explanation({ finding, text, advice, proposals }: Explained): string[] {
  const [first, ...others] = proposals;
  const rule = first === undefined ? null : `${first.text}${others.map((other) => `, or ${other.text}`).join('')}`;
  return [
    `  ${oneLine(text)}`,
    `    ${oneLine(finding.evidence)}${finding.line > 0 ? ` (line ${finding.line})` : ''}`,
    ...(rule === null ? [] : [`    rule: ${oneLine(rule)}`]),
    ...(advice === null ? [] : [`    hint: ${oneLine(advice)}`]),
  ];
}

function quoted(messages: string): string[] {
  return printable(messages)
    .split('\n')
    .map((line) => `  | ${line}`.trimEnd());
}

function triedLines({ file, text, because, outcome, why, remarks }: TriedRule): string[] {
  const end = { helped: 'helped', 'taken back': 'taken back: ', open: 'not known: ' }[outcome];
  return [
    `  ${oneLine(file)}: ${oneLine(text)}: ${end}${oneLine(why ?? '')} (${oneLine(because)})`,
    ...remarks.map((remark) => `    ${oneLine(remark)}`),
  ];
}

function summary(packages: readonly CheckedPackage[]): string {
  const count = (isMeant: (outcome: Outcome) => boolean): number =>
    packages.filter(({ outcome }) => isMeant(outcome)).length;
  const parts = [
    [count(({ kind }) => kind === 'done'), packages.some(isBuilt) ? 'built' : 'well'],
    [count(({ kind }) => kind === 'failed'), 'failed'],
    [count(({ kind }) => kind === 'needs'), 'not built'],
    [count(({ kind }) => kind === 'not for this interpreter'), 'not for the interpreter'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${countOf(packages.length, 'package')}: ${told.length === 0 ? 'nothing to check' : told.join(', ')}`;
}

function isBuilt({ outcome }: CheckedPackage): boolean {
  return (outcome.kind === 'done' || outcome.kind === 'failed') && outcome.step === 'build';
}
