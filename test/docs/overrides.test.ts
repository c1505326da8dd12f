import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { textOf, withBlocks } from './support/documents.ts';
import { runOffline, useFolder } from './support/run-offline.ts';

const folder = useFolder();

describe('docs/overrides.md', () => {
  it('shows what the program says of a faulty file', async () => {
    await mkdir(path.join(folder(), 'overrides'));
    await writeFile(
      path.join(folder(), 'overrides/demo.toml'),
      '[[rule]]\nreason = "setup.py links z"\nbuildInput.add = ["zlib"]\n',
    );
    const { code, stderr } = await runOffline(['--overrides', 'overrides', 'toolz'], folder());
    expect(code).toBe(78);
    const blocks = new Map([['fault', { language: 'text', text: stderr }]]);
    await expect(withBlocks(textOf('docs/overrides.md'), blocks)).toMatchFileSnapshot('../../docs/overrides.md');
  });
});
