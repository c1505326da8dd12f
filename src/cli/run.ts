import { EXIT, userErrorsOf } from '../base/user-error.ts';
import { defectLines, errorLines } from '../report/errors.ts';
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

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Runs a command line: the result goes to stdout, everything else to stderr. Gives the exit code; never throws. */
export async function run(args: readonly string[], host: Host): Promise<number> {
  let style = createStyle(wantsColors('auto', host.stderr, host.env));
  let clear = (): void => {};
  try {
    const invocation = parseArguments(args, VERSION);
    if (invocation.kind === 'text') {
      host.stdout.write(invocation.text);
      return EXIT.done;
    }
    const { options } = invocation;
    style = createStyle(wantsColors(options.color, host.stderr, host.env));
    const progress = createProgress({ stream: host.stderr, quiet: options.quiet, verbose: options.verbose });
    clear = progress.clear;
    // Loaded only now: --help and wrong use need none of it.
    const { generate } = await import('./generate.ts');
    const result = await generate(options, { environment: host.env, directory: host.cwd(), onProgress: progress.sink });
    progress.clear();
    if (!options.quiet) for (const line of result.report(style)) host.stderr.write(`${line}\n`);
    host.stdout.write(result.stdout);
    return EXIT.done;
  } catch (thrown) {
    clear();
    const errors = userErrorsOf(thrown);
    const lines = errors === undefined ? defectLines(thrown, style) : errorLines(errors, style);
    for (const line of lines) host.stderr.write(`${line}\n`);
    return errors === undefined ? EXIT.defect : (errors[0]?.exit ?? EXIT.unmet);
  }
}
