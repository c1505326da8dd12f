import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/base/user-error.ts';
import { blockOf, type Shown, textOf, withBlocks } from './support/documents.ts';
import { optionTable } from './support/option-table.ts';
import { OLD_COMMAND, printed, runOffline, useFolder } from './support/run-offline.ts';

const folder = useFolder();
const README = textOf('README.md');

/** The header and the first package of a file: it ends with the line before the next one. */
function firstPackage(file: string): string {
  const end = file.indexOf('\n  ) { };\n');
  return file.slice(0, end + '\n  ) { };\n'.length);
}

async function shown(): Promise<ReadonlyMap<string, Shown>> {
  const old = await runOffline(OLD_COMMAND, folder());
  const wrong = await runOffline(['toolz>=1,!2'], folder());
  return new Map<string, Shown>([
    ['datashape', { language: 'nix', text: firstPackage(await printed(['toolz', 'datashape'], folder())) }],
    ['notes', { language: 'text', text: old.stderr.replace(/^(?!note:|warning:).*\n/gmu, '') }],
    ['error', { language: 'text', text: wrong.stderr }],
    ['options', { language: 'table', text: optionTable(await printed(['--help'], folder())) }],
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

  it('shows the line of the header as shell.nix', () => {
    const line = /^# {3}let (python = .*)$/mu.exec(blockOf(README, 'datashape'))?.[1];
    expect(README).toContain(`let\n  ${line}\nin\n`);
  });
});
