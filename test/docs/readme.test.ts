import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/base/user-error.ts';
import { wheel } from '../cli/support/kitchen.ts';
import { useCommandBench } from '../cli/support/run-command.ts';
import { blockOf, type Shown, textOf, withBlocks } from './support/documents.ts';
import { consoleBlock, session } from './support/examples.ts';
import { commandTable, optionTable } from './support/option-table.ts';
import { OLD_COMMAND, printed, runOffline, useFolder } from './support/run-offline.ts';

const folder = useFolder();
const bench = useCommandBench();
const README = textOf('README.md');

/** The header and the first package of a file: it ends with the line before the next one. */
function firstPackage(file: string): string {
  const end = file.indexOf('\n  ) { };\n');
  return file.slice(0, end + '\n  ) { };\n'.length);
}

/** The projects of the examples as PyPI had them in November 2026, as far as what they need goes. */
const RELEASES: readonly (readonly [name: string, version: string, requires: readonly string[]])[] = [
  ['toolz', '1.2.0', []],
  ['datashape', '0.5.2', ['numpy>=1.7', 'multipledispatch>=0.4.7', 'python-dateutil']],
  ['multipledispatch', '1.0.0', []],
  ['numpy', '2.5.5', []],
  ['python-dateutil', '4.0.0', ['tzdata']],
  ['tzdata', '2026.6', []],
];

async function sessions(): Promise<{ readonly lock: Shown; readonly tree: Shown }> {
  for (const [name, version, requires] of RELEASES) {
    const lines = requires.map((requirement) => `Requires-Dist: ${requirement}`);
    bench().index.project(name, [wheel(name, version, { lines })]);
  }
  const lock = ['lock', 'toolz', 'datashape', '-o', 'pylock.toml'];
  return {
    lock: consoleBlock(await session(bench(), lock), await session(bench(), lock)),
    tree: consoleBlock(
      await session(bench(), ['tree', 'toolz', 'datashape']),
      await session(bench(), ['tree', 'toolz', 'datashape', '--invert', 'tzdata']),
    ),
  };
}

async function shown(): Promise<ReadonlyMap<string, Shown>> {
  const old = await runOffline(OLD_COMMAND, folder());
  const wrong = await runOffline(['toolz>=1,!2'], folder());
  const { lock, tree } = await sessions();
  const help = await printed(['--help'], folder());
  const words = async (...args: readonly string[]): Promise<string> =>
    `$ pypi2nix ${args.join(' ')}\n${await printed(args, folder())}`;
  return new Map<string, Shown>([
    ['datashape', { language: 'nix', text: firstPackage(await printed(['toolz', 'datashape'], folder())) }],
    ['notes', { language: 'text', text: old.stderr.replace(/^(?!note:|warning:).*\n/gmu, '') }],
    ['lock', lock],
    ['tree', tree],
    ['error', { language: 'text', text: wrong.stderr }],
    ['why', consoleBlock(await words('why', 'datashape', 'build-system'))],
    ['overrides', consoleBlock(await words('overrides', 'explain', 'datashape'))],
    ['commands', { language: 'table', text: commandTable(help) }],
    ['options', { language: 'table', text: optionTable(help) }],
  ]);
}

describe('README.md', () => {
  it('shows what the program prints today', async () => {
    await expect(withBlocks(README, await shown())).toMatchFileSnapshot('../../README.md');
  });

  it('explains every exit code', () => {
    const told = [...README.matchAll(/^\| (\d+) \|/gmu)].map(([, code]) => Number(code));
    expect(told).toEqual(Object.values(EXIT));
  });

  it('shows the line of the header in a shell', () => {
    const line = /^# {3}let (python = .*)$/mu.exec(blockOf(README, 'datashape'))?.[1];
    expect(README).toContain(`let\n  ${line}\nin\n`);
  });
});
