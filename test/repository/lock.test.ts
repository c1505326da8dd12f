import { spawnSync } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../src/repository/lock.ts';
import { temporaryFolder, treeOf, writeTree } from './support/trees.ts';

const ENDED = spawnSync(process.execPath, ['-e', '0']).pid;

describe('withLock', () => {
  it('lets one piece of work run at a time', async () => {
    const folder = await temporaryFolder();
    let running = 0;
    const work = async (): Promise<void> => {
      running += 1;
      await readdir(folder);
      expect(running).toBe(1);
      running -= 1;
    };

    await Promise.all(Array.from({ length: 5 }, () => withLock(folder, { waitMs: 60_000 }, work)));

    expect(await readdir(folder)).toEqual([]);
  });

  it('says who holds the lock when it has waited long enough', async () => {
    const folder = await temporaryFolder();

    await withLock(folder, { waitMs: 0 }, async () => {
      await expect(withLock(folder, { waitMs: 0 }, async () => {})).rejects.toMatchObject({
        code: 'E_LOCKED',
        exit: 73,
        message: expect.stringMatching(
          new RegExp(
            `^process ${process.pid} on ${hostname()}, started at [-0-9T:.]+Z, is writing here and holds ${join(folder, 'lock')}$`,
          ),
        ),
      });
    });
  });

  it('waits for another run, and tells once for whom', async () => {
    const folder = await temporaryFolder();
    const told: (number | undefined)[] = [];
    let release = (): void => {};
    const held = withLock(folder, { waitMs: 0 }, () => new Promise<void>((done) => (release = done)));
    while (!(await readdir(folder)).includes('lock')) await new Promise((done) => setImmediate(done));

    const waiting = withLock(
      folder,
      { waitMs: 60_000, onWait: (holder) => told.push(holder?.pid) },
      async () => 'done',
    );
    while (told.length === 0) await new Promise((done) => setImmediate(done));
    release();

    expect(await waiting).toBe('done');
    await held;
    expect(told).toEqual([process.pid]);
  });

  it('takes away what a process left that was killed before it had the lock', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, `lock-${ENDED}-1`), '');

    await withLock(folder, { waitMs: 0 }, async () => {});

    expect(await readdir(folder)).toEqual([]);
  });

  it('gives the lock back when the work fails', async () => {
    const folder = await temporaryFolder();

    await expect(withLock(folder, { waitMs: 0 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['of a process that has ended', { pid: ENDED, host: hostname(), started: null }],
    ['of a process whose number another one has now', { pid: process.pid, host: hostname(), started: '1' }],
  ])('breaks a lock %s', async (_which, holder) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), JSON.stringify(holder));

    expect(await withLock(folder, { waitMs: 0 }, async () => 'done')).toBe('done');
  });

  it('breaks a lock without a holder only when it is old', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), '');
    await expect(withLock(folder, { waitMs: 0 }, async () => {})).rejects.toMatchObject({ code: 'E_LOCKED' });

    await utimes(join(folder, 'lock'), 1, 1);

    expect(await withLock(folder, { waitMs: 0 }, async () => 'done')).toBe('done');
  });

  it('leaves the lock of another machine alone', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: ENDED, host: `not-${hostname()}`, started: null }));

    await expect(withLock(folder, { waitMs: 0 }, async () => {})).rejects.toMatchObject({ code: 'E_LOCKED' });
  });

  it('gets past a breaker that was killed', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: ENDED, host: hostname(), started: null }));
    await writeFile(join(folder, 'lock-break'), '');
    await utimes(join(folder, 'lock-break'), 1, 1);

    expect(await withLock(folder, { waitMs: 0 }, async () => 'done')).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('two runs at once', () => {
  it('leave the files of one of them', async () => {
    const directory = join(await temporaryFolder(), 'new');
    const trees = ['a', 'b', 'c'].map((text) => ({ 'default.nix': text, 'pkgs/six/default.nix': text }));

    await Promise.all(trees.map((tree) => writeTree(directory, tree)));

    expect(trees).toContainEqual(await treeOf(directory));
  });
});
