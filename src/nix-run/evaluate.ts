import { printable, withoutEscapes } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import { type NixOptions, type NixResult, runNix } from './nix-process.ts';

/** Beyond this a trace is of no use to a reader. */
const MOST_LINES = 20;

/** What an expression is evaluated with. `arguments`: `--argstr NAME TEXT` and the like; what comes from outside belongs here, and never into the expression. */
export type EvaluateOptions = Omit<NixOptions, 'input'> & { readonly arguments?: readonly string[] };

/** How an evaluation ended. `messages`: what Nix said on standard error. */
export type Evaluation =
  | { readonly ok: true; readonly value: unknown; readonly messages: string }
  | { readonly ok: false; readonly error: UserError; readonly messages: string };

/**
 * The value of a Nix expression, evaluated strictly and without writing to the store. The expression goes by standard input, so that it can be of any length.
 * Throws UserError E_NIX_MISSING (exit 69), and E_NIX_EVALUATION (exit 1) with the end of the trace.
 */
export async function evaluateJson(expression: string, options: EvaluateOptions): Promise<unknown> {
  const evaluation = await tryEvaluateJson(expression, options);
  if (!evaluation.ok) throw evaluation.error;
  return evaluation.value;
}

/** As `evaluateJson`, but an evaluation that fails is an answer, with E_NIX_EVALUATION and all that Nix said. Throws UserError E_NIX_MISSING (exit 69). */
export async function tryEvaluateJson(expression: string, options: EvaluateOptions): Promise<Evaluation> {
  const { arguments: more = [], ...rest } = options;
  const result = await runNix('nix-instantiate', ['--eval', '--strict', '--json', ...more, '-'], {
    ...rest,
    input: expression,
  });
  const messages = result.stderr;
  if (result.status !== 0) return { ok: false, error: evaluationFailure(result), messages };
  try {
    return { ok: true, value: JSON.parse(result.stdout), messages };
  } catch (cause) {
    const error = new UserError('E_NIX_EVALUATION', 'Nix evaluated to something that is no JSON', { cause });
    return { ok: false, error, messages };
  }
}

/** The end of what a command of Nix said, for a message: the last lines, without what a terminal takes for commands. */
export function lastMessages(stderr: string, lines: number = MOST_LINES): string {
  return printable(withoutEscapes(stderr)).trimEnd().split('\n').slice(-lines).join('\n');
}

function evaluationFailure({ status, stderr }: NixResult): UserError {
  const said = lastMessages(stderr);
  return new UserError(
    'E_NIX_EVALUATION',
    `Nix could not evaluate${status === null ? ' to the end' : ''}${said === '' ? '' : `:\n${said}`}`,
  );
}
