import type { Note } from '../base/note.ts';
import { EXIT, UserError, userErrorsOf } from '../base/user-error.ts';
import { defectLines, errorLines } from '../report/errors.ts';
import { noteLines } from '../report/notes.ts';
import { createProgress } from '../report/progress.ts';
import { createStyle, wantsColors } from '../report/style.ts';
import { parseArguments } from './options.ts';
import { VERSION } from './version.ts';

/** The process as a command sees it: `process` itself, or a stand-in of tests. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  cwd(): string;
}

/** A stream of the process, or a stand-in that only takes texts. */
export interface Output {
  write(text: string, done?: (error?: Error | null) => void): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Runs a command line: the result goes to stdout, everything else to stderr. Gives the exit code; never throws. */
export async function run(args: readonly string[], host: Host): Promise<number> {
  let style = createStyle(wantsColors('auto', host.stderr, host.env));
  let clear = (): void => {};
  // Those that a run leaves before it fails may be what explains the failure.
  const notes: Note[] = [];
  let isQuiet = false;
  // Who reads the messages may go before the end; the result is still wanted.
  host.stderr.on?.('error', () => {});
  try {
    const invocation = parseArguments(args, { version: VERSION, environment: host.env });
    if (invocation.kind === 'text') {
      await print(host.stdout, invocation.text);
      return EXIT.done;
    }
    const { options } = invocation;
    isQuiet = options.quiet;
    style = createStyle(wantsColors(options.color, host.stderr, host.env));
    const progress = createProgress({ stream: host.stderr, quiet: options.quiet, verbose: options.verbose });
    clear = progress.clear;
    // Loaded only now: --help and wrong use need none of it.
    const { generate } = await import('./generate.ts');
    const result = await generate(options, {
      environment: host.env,
      directory: host.cwd(),
      onProgress: progress.sink,
      notes,
    });
    progress.clear();
    if (!options.quiet) for (const line of result.report(style)) host.stderr.write(`${line}\n`);
    await print(host.stdout, result.stdout);
    return EXIT.done;
  } catch (thrown) {
    clear();
    if (!isQuiet) for (const line of noteLines(notes, style)) host.stderr.write(`${line}\n`);
    const errors = userErrorsOf(thrown);
    const lines = errors === undefined ? defectLines(thrown, style) : errorLines(errors, style);
    for (const line of lines) host.stderr.write(`${line}\n`);
    return errors === undefined ? EXIT.defect : (errors[0]?.exit ?? EXIT.unmet);
  }
}

/** Resolves when the text has gone out, or when its reader has gone, as that of `pypi2nix toolz | head -1` does. */
async function print(output: Output, text: string): Promise<void> {
  if (text === '') return;
  if (output.on === undefined) {
    output.write(text);
    return;
  }
  // The callback gets the error too; without a listener it would end the process with a trace.
  output.on('error', () => {});
  const error = await new Promise<Error | null>((resolve) => {
    output.write(text, (fault) => resolve(fault ?? null));
  });
  if (error === null || ('code' in error && error.code === 'EPIPE')) return;
  throw new UserError('E_CANNOT_WRITE', `the result cannot be written to stdout: ${error.message}`, {
    exit: EXIT.io,
    hint: 'see to the disk or the pipe that stdout leads to',
    cause: error,
  });
}
