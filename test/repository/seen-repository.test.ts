import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DISK } from '../../src/repository/file-system.ts';
import { type SeenRepository, withSeenRepository } from '../../src/repository/open-repository.ts';
import { filesOf, NEW_TREE, OLD_TREE, temporaryFolder, treeOf, writeTree } from './support/trees.ts';

async function oldRepository(): Promise<string> {
  const directory = await temporaryFolder();
  await writeTree(directory, OLD_TREE);
  return directory;
}

/** What would change to make the new tree of the repository. */
async function changesIn(repository: SeenRepository): Promise<readonly string[]> {
  const { changes } = await repository.plan({ files: filesOf(NEW_TREE) });
  return changes.map(({ path }) => path);
}

describe('a repository that is only looked at', () => {
  it('is seen as it is after a run that wrote meanwhile, and not partly as it was before', async () => {
    const directory = await oldRepository();
    let looks = 0;
    const seen = await withSeenRepository({ directory, waitMs: 0, basis: [] }, async (repository) => {
      looks += 1;
      if (looks === 1) await writeTree(directory, NEW_TREE);
      return changesIn(repository);
    });
    expect(seen).toEqual([]);
  });

  it('forgets a failure over files that another run was changing', async () => {
    const directory = await oldRepository();
    let looks = 0;
    const seen = await withSeenRepository({ directory, waitMs: 0, basis: [] }, async (repository) => {
      looks += 1;
      if (looks > 1) return changesIn(repository);
      await writeTree(directory, NEW_TREE);
      throw new Error('the lock file does not fit the manifest');
    });
    expect(seen).toEqual([]);
  });

  it('is looked at again when a file that the work goes by was changed', async () => {
    const directory = await oldRepository();
    const read = async (): Promise<string> =>
      new TextDecoder().decode((await DISK.read(join(directory, 'mine'))) ?? new Uint8Array());
    let looks = 0;
    const seen = await withSeenRepository({ directory, waitMs: 0, basis: ['mine'] }, async () => {
      const found = await read();
      looks += 1;
      if (looks === 1) await DISK.create(join(directory, 'mine'), 'new');
      return found;
    });
    expect(seen).toBe('new');
  });

  it('waits for nobody who only holds the lock, and tells a failure of its own once', async () => {
    const directory = await oldRepository();
    let looks = 0;
    const look = withSeenRepository({ directory, waitMs: 0, basis: [] }, async () => {
      looks += 1;
      throw new Error('of its own');
    });
    await expect(look).rejects.toThrow('of its own');
    expect(looks).toBe(1);
  });

  it('ends also where others write each time, alone with the lock', async () => {
    const directory = await oldRepository();
    let looks = 0;
    const seen = await withSeenRepository({ directory, waitMs: 0, basis: ['mine'] }, async () => {
      looks += 1;
      if (looks > 10) throw new Error('for ever');
      await DISK.remove(join(directory, 'mine'));
      await DISK.create(join(directory, 'mine'), String(looks));
      return looks;
    });
    expect(seen).toBe(4);
    expect(await treeOf(directory)).toMatchObject(OLD_TREE);
  });
});
