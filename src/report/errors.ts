import { starSecrets } from '../base/secrets.ts';
import { printable } from '../base/text.ts';
import type { UserError } from '../base/user-error.ts';
import type { Style } from './style.ts';

/** The lines that show errors of a user: the message, its code, and below it what to do. A hint that several errors in a row share stands below the last of them. */
export function errorLines(errors: readonly UserError[], style: Style): string[] {
  return errors.flatMap((error, position) => {
    const [first = '', ...rest] = printable(starSecrets(error.message)).split('\n');
    const hint =
      error.hint === undefined || errors[position + 1]?.hint === error.hint
        ? []
        : printable(starSecrets(error.hint))
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
    ...printable(starSecrets(trace)).split('\n'),
    `${style.cyan('hint:')} please report this trace with the command that led to it`,
  ];
}
