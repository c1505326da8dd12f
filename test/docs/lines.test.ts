import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/options.ts';
import { VERSION } from '../../src/cli/version.ts';
import { codeBlocks, DOCUMENTS, textOf } from './support/documents.ts';

/** Commands that are shown and not run: with networks, folders and packages of the reader. */
const SHOWN = DOCUMENTS.flatMap((document) =>
  codeBlocks(textOf(document))
    .filter(({ language, label }) => (language === 'text' || language === '') && label === null)
    .flatMap(({ text }) => text.split('\n'))
    .flatMap((line) => line.split(' && '))
    .filter((line) => line.startsWith('pypi2nix '))
    .map((line) => ({ document, line })),
);

/** The words of a command up to its redirection or the remark behind it, which stands after several blanks. */
function wordsOf(line: string): string[] {
  const command = line.split(/ {2,}| > /u)[0] ?? '';
  return [...command.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(1);
}

describe('a command that a document shows without running it', () => {
  it.each(SHOWN)('$document: $line', ({ line }) => {
    const parsed = parseArguments(wordsOf(line), { version: VERSION, environment: {} });
    expect(parsed.kind).toMatch(/^[a-z]+$/u);
  });

  it('is looked for where some are', () => {
    expect(SHOWN.map(({ document }) => document)).toEqual(
      expect.arrayContaining(['README.md', 'docs/environments.md', 'docs/nixpkgs.md']),
    );
  });
});
