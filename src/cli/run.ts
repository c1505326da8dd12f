import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import { EXIT, UserError, userErrorsOf } from '../base/user-error.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
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
  let meant: string | null = null;
  let words: readonly string[] = [];
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
    meant = invocation.meant;
    words = invocation.words;
    style = createStyle(wantsColors(options.color, host.stderr, host.env));
    const progress = createProgress({
      stream: host.stderr,
      quiet: options.quiet,
      verbose: options.verbose,
      now: Date.now,
    });
    clear = progress.clear;
    const result = await invocation.run({
      environment: host.env,
      directory: host.cwd(),
      onProgress: progress.sink,
      arguments: args,
      notes,
    });
    progress.clear();
    if (!options.quiet) for (const line of result.report(style)) host.stderr.write(`${line}\n`);
    if (!options.quiet && meant !== null && (await isUnknownHere(invocation.words[0] ?? '')))
      host.stderr.write(
        `${style.dim('note:')} ${oneLine(invocation.words[0] ?? '')} was taken for a project; the command is: pypi2nix ${meant}\n`,
      );
    await print(host.stdout, result.stdout);
    return result.exit ?? EXIT.done;
  } catch (thrown) {
    clear();
    if (!isQuiet) for (const line of noteLines(notes, style)) host.stderr.write(`${line}\n`);
    const errors = userErrorsOf(thrown);
    const lines = errors === undefined ? defectLines(thrown, style) : errorLines(errors, style);
    for (const line of lines) host.stderr.write(`${line}\n`);
    for (const folder of errors?.some(({ code }) => code === 'E_NO_SUCH_PROJECT')
      ? await foldersNamed(words, host.cwd())
      : [])
      host.stderr.write(`${style.cyan('hint:')} ${folder} is a folder here: write ./${folder} for what lies there\n`);
    if (meant !== null && errors?.some(({ code }) => code === 'E_NO_SUCH_PROJECT'))
      host.stderr.write(`${style.cyan('hint:')} the command is: pypi2nix ${meant}\n`);
    return errors === undefined ? EXIT.defect : (errors[0]?.exit ?? EXIT.unmet);
  }
}

/** The words that are folders of projects of the working directory. */
async function foldersNamed(words: readonly string[], directory: string): Promise<readonly string[]> {
  const plain = words.filter((word) => /^[\w.-]+$/u.test(word));
  const found = await Promise.all(
    plain.map(async (word) => {
      const files = await readdir(path.join(directory, word)).catch(() => []);
      return files.some((file) => PROJECT_FILES.has(file)) ? [word] : [];
    }),
  );
  return found.flat();
}

const PROJECT_FILES: ReadonlySet<string> = new Set(['pyproject.toml', 'setup.py', 'setup.cfg']);

/** Whether the package set has no project of that name, so that a word near to a command may have been meant for it. */
async function isUnknownHere(word: string): Promise<boolean> {
  if (!isProjectName(word)) return false;
  const { builtinSet } = await import('../nixpkgs/package-set.ts');
  const { DEFAULT_RELEASE } = await import('../nix/dialect.ts');
  const name = normalizeName(word);
  return ![...builtinSet(DEFAULT_RELEASE).projects()].includes(name);
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
