import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sdist, wheel } from '../../cli/support/kitchen.ts';
import type { CommandBench, CommandOutcome } from '../../cli/support/run-command.ts';
import type { Shown } from './documents.ts';

/** What the documents show in place of the address of the test server and of the working directory. */
const SHOWN_INDEX = 'https://index.test';
const SHOWN_FOLDER = '/project';

/** One interpreter and one platform, where markers are not the matter. */
export const ONE_TARGET: readonly string[] = ['--python', '3.13', '--platform', 'x86_64-linux'];

/** Serves the made-up projects of the documents. */
export async function serveKitchen({ index }: CommandBench): Promise<void> {
  const kettle = [
    'Requires-Dist: made-up-saucer>=1',
    'Requires-Dist: made-up-lid; sys_platform == "darwin"',
    'Provides-Extra: warm',
    'Requires-Dist: made-up-coal>=2; extra == "warm"',
  ];
  index.project('made-up-kettle', [
    await sdist('made-up-kettle', '1.0', { metadata: kettle }),
    wheel('made-up-kettle', '1.0', { lines: kettle }),
  ]);
  index.project('made-up-coal', [await sdist('made-up-coal', '2.4', { metadata: ['Requires-Dist: made-up-saucer'] })]);
  index.project('made-up-lid', [wheel('made-up-lid', '0.3'), await sdist('made-up-lid', '0.3')]);
  const saucers = ['1.0', '2.0'].map(async (version) => [
    await sdist('made-up-saucer', version),
    wheel('made-up-saucer', version),
  ]);
  index.project('made-up-saucer', (await Promise.all(saucers)).flat());
}

/** The pyproject.toml of a made-up project. */
export const TRAY = `[project]
name = "made-up-tray"
version = "3.1"
license = "MIT"
dependencies = ["made-up-kettle"]

[project.optional-dependencies]
hot = ["made-up-kettle[warm]"]

[dependency-groups]
test = ["made-up-lid"]

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
`;

/** Writes a file below the working directory. */
export async function put({ folder }: CommandBench, file: string, content: string | Uint8Array): Promise<void> {
  const whole = path.join(folder, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, content);
}

/** A text of a run as the documents show it. */
export function shownText({ server, folder }: CommandBench, text: string): string {
  return text.replaceAll(server.url, SHOWN_INDEX).replaceAll(folder, SHOWN_FOLDER);
}

/** Runs a command that has to end with an exit code, 0 when nothing is said. Throws Error with its messages when it does not. */
export async function ran(bench: CommandBench, args: readonly string[], code = 0): Promise<CommandOutcome> {
  const outcome = await bench.run(args);
  if (outcome.code !== code)
    throw new Error(`pypi2nix ${args.join(' ')} ended with ${outcome.code}:\n${outcome.stderr}`);
  return outcome;
}

/**
 * A command with what it says on a terminal, without the lines of progress. It has to end with the exit code.
 */
export async function session(
  bench: CommandBench,
  args: readonly string[],
  { code = 0 }: { readonly code?: number } = {},
): Promise<string> {
  const { stdout, stderr } = await ran(bench, args, code);
  const messages = stderr.replace(/^(?:resolving|reading) .*\n/gmu, '');
  return shownText(bench, `$ pypi2nix ${args.map(quoted).join(' ')}\n${stdout}${messages}`);
}

/** Sessions or texts as one block. */
export function consoleBlock(...texts: readonly string[]): Shown {
  return { language: 'console', text: texts.map((text) => text.trimEnd()).join('\n') };
}

function quoted(word: string): string {
  return /[^\w@%+=:,./-]/u.test(word) ? `'${word}'` : word;
}
