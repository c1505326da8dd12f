import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commit } from '../../src/repository/commit.ts';
import { digestOf } from '../../src/repository/digest.ts';
import { DISK, type FileSystem } from '../../src/repository/file-system.ts';
import { Interrupted } from '../../src/repository/interruption.ts';
import { writeRepository } from '../../src/repository/write-repository.ts';
import { countSteps, failingDisk, Killed, killedDisk, systemError, watchedDisk } from './support/faulty-disk.ts';
import { filesOf, NEW_TREE, OLD_TREE, putFiles, stateOf, temporaryFolder, treeOf, writeTree } from './support/trees.ts';

async function oldRepository(): Promise<string> {
  const directory = await temporaryFolder();
  await writeTree(directory, OLD_TREE);
  return directory;
}

function writeNew(directory: string, disk?: FileSystem): Promise<unknown> {
  return writeTree(directory, NEW_TREE, { waitMs: 0, disk });
}

/** What any later run does first. */
function recoverIn(directory: string): Promise<unknown> {
  return writeTree(directory, {});
}

async function stepsOfWriting(): Promise<number[]> {
  const directory = await oldRepository();
  const count = await countSteps((disk) => writeNew(directory, disk));
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe('a commit', () => {
  it('leaves the old tree or the new one after being killed before any step, once the next run has begun', async () => {
    const outcomes = new Set<string>();
    for (const step of await stepsOfWriting()) {
      const directory = await oldRepository();
      await expect(writeNew(directory, killedDisk(step))).rejects.toThrow(Killed);

      await recoverIn(directory);

      const tree = await treeOf(directory);
      expect([OLD_TREE, NEW_TREE]).toContainEqual(tree);
      expect(await stateOf(directory)).toEqual(['generated.json']);
      outcomes.add(tree['default.nix'] ?? '');
      await writeNew(directory);
      expect(await treeOf(directory)).toEqual(NEW_TREE);
    }
    expect(outcomes).toEqual(new Set(['old', 'new']));
  });

  it('writes the record of command lines with the files, or neither, killed before any step', async () => {
    const write = (directory: string, name: 'old' | 'new', disk?: FileSystem) =>
      writeRepository(
        { directory, waitMs: 0, compose: () => ({ files: filesOf({ 'default.nix': name }), requests: name }) },
        disk,
      );
    const made = async (): Promise<string> => {
      const directory = await temporaryFolder();
      await write(directory, 'old');
      return directory;
    };
    const first = await made();
    const steps = await countSteps((disk) => write(first, 'new', disk));
    const outcomes = new Set<string>();
    for (let step = 1; step <= steps; step += 1) {
      const directory = await made();
      await expect(write(directory, 'new', killedDisk(step))).rejects.toThrow(Killed);
      await recoverIn(directory);
      const tree = await treeOf(directory, { state: true });
      expect(tree['.pypi2nix/requests.json']).toBe(tree['default.nix']);
      outcomes.add(tree['default.nix'] ?? '');
    }
    expect(outcomes).toEqual(new Set(['old', 'new']));
  });

  it('leaves the old tree or the new one after being killed before any step of taking files away', async () => {
    const fewer = { 'default.nix': 'fewer' };
    const take = (directory: string, disk?: FileSystem) =>
      writeTree(directory, fewer, { isWhole: true, waitMs: 0, disk });
    const made = async (): Promise<string> => {
      const directory = await temporaryFolder();
      await writeTree(directory, NEW_TREE);
      return directory;
    };
    const directory = await made();
    const steps = await countSteps((disk) => take(directory, disk));
    expect(await readdir(directory)).toEqual(['.pypi2nix', 'default.nix']);
    const outcomes = new Set<number>();
    for (let step = 1; step <= steps; step += 1) {
      const killed = await made();
      await expect(take(killed, killedDisk(step))).rejects.toThrow(Killed);

      await recoverIn(killed);

      const tree = await treeOf(killed);
      expect([NEW_TREE, fewer]).toContainEqual(tree);
      outcomes.add(Object.keys(tree).length);
    }
    expect(outcomes).toEqual(new Set([1, 3]));
  });

  it('leaves a new repository empty or whole after being killed before any step', async () => {
    const steps = await countSteps(async (disk) => writeNew(await temporaryFolder(), disk));
    for (let step = 2; step <= steps; step += 1) {
      const directory = await temporaryFolder();
      await expect(writeNew(directory, killedDisk(step))).rejects.toThrow(Killed);

      await recoverIn(directory);

      expect([{}, NEW_TREE]).toContainEqual(await treeOf(directory));
    }
  });

  it('can be killed again while the next run recovers', async () => {
    const all = await stepsOfWriting();
    for (const step of all) {
      for (const second of [2, 7]) {
        const directory = await oldRepository();
        await expect(writeNew(directory, killedDisk(step))).rejects.toThrow(Killed);
        await writeNew(directory, killedDisk(second)).catch((thrown) => expect(thrown).toBeInstanceOf(Killed));

        await recoverIn(directory);

        expect([OLD_TREE, NEW_TREE]).toContainEqual(await treeOf(directory));
      }
    }
  });

  it('leaves the old tree at once, or the new one whole, when the disk fails in any step', async () => {
    for (const step of await stepsOfWriting()) {
      const directory = await oldRepository();

      await expect(writeNew(directory, failingDisk(step, 'ENOSPC'))).rejects.toMatchObject({
        code: 'E_CANNOT_WRITE',
        exit: 74,
        message: expect.stringMatching(/: the disk is full$/u),
      });

      expect([OLD_TREE, NEW_TREE]).toContainEqual(await treeOf(directory));
      await recoverIn(directory);
      expect([OLD_TREE, NEW_TREE]).toContainEqual(await treeOf(directory));
      expect(await stateOf(directory)).toEqual(['generated.json']);
    }
  });

  it('takes back what it has renamed when a later rename fails', async () => {
    const directory = await oldRepository();
    const disk = watchedDisk((_step, path) => {
      if (path.endsWith('pkgs/toolz/default.nix')) throw systemError('EACCES', path);
    });

    await expect(writeNew(directory, disk)).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
      message: `cannot write ${directory}/pkgs/toolz/default.nix: permission denied`,
    });
    expect(await treeOf(directory)).toEqual(OLD_TREE);
    expect(await stateOf(directory)).toEqual(['generated.json']);
    await writeNew(directory);
    expect(await treeOf(directory)).toEqual(NEW_TREE);
  });

  it('says so when it cannot take back either, and the next run completes it', async () => {
    const directory = await oldRepository();
    let broken = false;
    const disk = watchedDisk((_step, path) => {
      broken ||= path.endsWith('pkgs/toolz/default.nix');
      if (broken) throw systemError('EIO', path);
    });

    await expect(writeNew(directory, disk)).rejects.toMatchObject({ code: 'E_HALF_WRITTEN', exit: 74 });
    await recoverIn(directory);

    expect(await treeOf(directory)).toEqual(NEW_TREE);
  });

  it('never overwrites what somebody changed after a run was killed', async () => {
    let kept = 0;
    for (const step of await stepsOfWriting()) {
      const directory = await oldRepository();
      await expect(writeNew(directory, killedDisk(step))).rejects.toThrow(Killed);
      await putFiles(directory, { 'default.nix': 'edited by hand' });

      await writeNew(directory);

      expect((await treeOf(directory))['default.nix']).toBe('edited by hand');
      kept += 1;
    }
    expect(kept).toBeGreaterThan(10);
  });

  it('gives up when somebody changes a file at the same moment', async () => {
    const directory = await oldRepository();
    const edits: Promise<void>[] = [];
    const disk = watchedDisk((_step, path) => {
      if (path.endsWith('tmp-journal.json') && edits.length === 0) {
        edits.push(writeFile(join(directory, 'default.nix'), 'edited by hand'));
      }
    });
    const slow = {
      ...disk,
      async rename(from: string, to: string) {
        await disk.rename(from, to);
        await Promise.all(edits);
      },
    };

    await expect(writeNew(directory, slow)).rejects.toMatchObject({ code: 'E_NOT_OURS', exit: 73 });

    expect(await treeOf(directory)).toEqual({ ...OLD_TREE, 'default.nix': 'edited by hand' });
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });

  it.each([
    ['no JSON', 'x'],
    [
      'a path outside',
      `{"form":1,"direction":"forward","changes":[{"path":"../x","before":null,"after":"${'0'.repeat(64)}"}],"folders":[]}`,
    ],
    ['a folder outside', '{"form":1,"direction":"back","changes":[],"folders":["../.."]}'],
  ])('refuses a journal with %s', async (_what, text) => {
    const directory = await oldRepository();
    await writeFile(join(directory, '.pypi2nix', 'tmp-journal.json'), text);

    await expect(writeNew(directory)).rejects.toMatchObject({ code: 'E_BAD_RECORD', exit: 65 });
    expect(await treeOf(directory)).toEqual(OLD_TREE);
  });
});

it('a commit that is interrupted, before the journal or after it, leaves every file as it was and nothing of its own', async () => {
  for (const last of [1, 2]) {
    const directory = await oldRepository();
    const before = await treeOf(directory, { state: true });
    let looks = 0;
    const isStopped = (): boolean => {
      looks += 1;
      return looks === last;
    };
    const change = { path: 'default.nix', text: 'new', before: digestOf(before['default.nix'] ?? '') };
    const added = { path: 'pkgs/added/default.nix', text: 'new', before: null };
    await expect(commit(DISK, { directory, isStopped }, [change, added])).rejects.toThrow(Interrupted);
    expect(await treeOf(directory, { state: true })).toEqual(before);
    expect(await stateOf(directory)).toEqual(['generated.json']);
  }
});
