import type * as fs from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepLog } from '../../src/cli/check/logs.ts';

/** What another check does in the moment in which a log is whole and not yet in its place. */
const meanwhile = vi.hoisted((): { act: (() => void) | null } => ({ act: null }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    renameSync(from: string, to: string) {
      const { act } = meanwhile;
      meanwhile.act = null;
      act?.();
      real.renameSync(from, to);
    },
  };
});

describe('the log of a failed build', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-logs-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is kept whole while another check keeps one of the same package', async () => {
    meanwhile.act = () => {
      keepLog(folder, 'kettle-3.13', 'from the other check');
    };
    const kept = keepLog(folder, 'kettle-3.13', 'from this check');
    expect(await readFile(path.join(folder, kept), 'utf8')).toBe('from this check\n');
    expect((await readdir(path.dirname(path.join(folder, kept)))).sort()).toEqual(['.gitignore', 'kettle-3.13.log']);
  });
});
