import { describe, expect, it } from 'vitest';
import { type Shown, textOf, withBlocks } from './support/documents.ts';
import { printed, useFolder } from './support/run-offline.ts';

const PAGE = textOf('docs/why.md');
const folder = useFolder();

/** What `why` prints for projects whose records ship with the program. */
async function answer(...words: readonly string[]): Promise<Shown> {
  const stdout = await printed(['why', ...words], folder());
  return { language: 'console', text: `$ pypi2nix why ${words.join(' ')}\n${stdout}` };
}

describe('docs/why.md', () => {
  it('shows what the program prints today', async () => {
    const blocks = new Map([
      ['why', await answer('toolz')],
      ['why-one', await answer('datashape', 'versioneer')],
    ]);
    await expect(withBlocks(PAGE, blocks)).toMatchFileSnapshot('../../docs/why.md');
  });

  it('explains every field of the JSON', async () => {
    const value: object = JSON.parse(await printed(['why', 'datashape', '--json'], folder()));
    expect(Object.keys(value).filter((field) => !PAGE.includes(`\`${field}\``))).toEqual([]);
  });
});
