import { printable } from '../base/text.ts';
import type { UserError } from '../base/user-error.ts';
import type { Style } from './style.ts';

/** The lines that show errors of a user: the message, its code, and below it what to do. */
export function errorLines(errors: readonly UserError[], style: Style): string[] {
  return errors.flatMap((error) => {
    const [first = '', ...rest] = printable(error.message).split('\n');
    const hint =
      error.hint === undefined
        ? []
        : printable(error.hint)
            .split('\n')
            .map((line, index) => `${index === 0 ? style.cyan('hint:') : '     '} ${line}`);
    return [`${style.red('error:')} ${style.bold(first)} ${style.dim(`[${error.code}]`)}`, ...rest, ...hint];
  });
}

/** The lines of a defect of the program itself: the trace, and that it is not the user's fault. */
export function defectLines(thrown: unknown, style: Style): string[] {
  const trace = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return [
    `${style.red('defect:')} ${style.bold('pypi2nix failed in a way that it should not')}`,
    ...printable(trace).split('\n'),
    `${style.cyan('hint:')} please report this trace with the command that led to it`,
  ];
}
