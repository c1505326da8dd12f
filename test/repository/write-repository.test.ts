import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeRepository } from '../../src/repository/write-repository.ts';
import { systemError, watchedDisk } from './support/faulty-disk.ts';
import { filesOf, NEW_TREE, OLD_TREE, putFiles, stateOf, temporaryFolder, treeOf } from './support/trees.ts';

describe('writeRepository', () => {
  it('makes the repository with the folders around it', async () => {
    const directory = join(await temporaryFolder(), 'a', 'b');

    const result = await writeRepository({ directory, files: filesOf(NEW_TREE) });

    expect(result).toEqual({
      written: ['default.nix', 'pkgs/six/default.nix', 'pkgs/toolz/default.nix'],
      unchanged: [],
    });
    expect(await treeOf(directory)).toEqual(NEW_TREE);
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });

  it('writes what has changed and nothing else', async () => {
    const directory = await temporaryFolder();
    await writeRepository({ directory, files: filesOf(OLD_TREE) });

    const result = await writeRepository({ directory, files: filesOf(NEW_TREE) });

    expect(result).toEqual({
      written: ['default.nix', 'pkgs/toolz/default.nix'],
      unchanged: ['pkgs/six/default.nix'],
    });
    expect(await treeOf(directory)).toEqual(NEW_TREE);
  });

  it('takes no step when all is as it should be', async () => {
    const directory = await temporaryFolder();
    await writeRepository({ directory, files: filesOf(OLD_TREE) });
    const disk = watchedDisk((_step, path) => {
      throw new Error(`touched ${path}`);
    });

    expect(await writeRepository({ directory, files: filesOf(OLD_TREE) }, disk)).toEqual({
      written: [],
      unchanged: ['default.nix', 'pkgs/six/default.nix'],
    });
  });

  it('leaves files alone that it wrote earlier and that are not asked for now', async () => {
    const directory = await temporaryFolder();
    await writeRepository({ directory, files: filesOf(NEW_TREE) });

    await writeRepository({ directory, files: filesOf({ 'default.nix': 'third' }) });

    expect(await treeOf(directory)).toEqual({ ...NEW_TREE, 'default.nix': 'third' });
    const again = await writeRepository({ directory, files: filesOf({ 'pkgs/six/default.nix': 'changed' }) });
    expect(again.written).toEqual(['pkgs/six/default.nix']);
  });

  it('writes nothing and lists all files that somebody else wrote or changed', async () => {
    const directory = await temporaryFolder();
    await writeRepository({ directory, files: filesOf(OLD_TREE) });
    const theirs = { 'default.nix': 'old', 'pkgs/six/default.nix': 'edited', 'pkgs/toolz/default.nix': 'their own' };
    await putFiles(directory, theirs);

    await expect(writeRepository({ directory, files: filesOf(NEW_TREE) })).rejects.toMatchObject({
      code: 'E_NOT_OURS',
      exit: 73,
      message: `2 files in the way, nothing is written:
  ${directory}/pkgs/toolz/default.nix was not written by pypi2nix`.replace(
        'written:\n',
        `written:\n  ${directory}/pkgs/six/default.nix has changed since pypi2nix wrote it\n`,
      ),
      hint: 'move them away, or overwrite them with --force',
    });
    expect(await treeOf(directory)).toEqual(theirs);
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });

  it('leaves no trace in a folder of somebody else', async () => {
    const directory = await temporaryFolder();
    await putFiles(directory, { 'default.nix': 'theirs' });

    await expect(writeRepository({ directory, files: filesOf(NEW_TREE) })).rejects.toMatchObject({
      code: 'E_NOT_OURS',
    });
    expect(await treeOf(directory, { state: true })).toEqual({ 'default.nix': 'theirs' });
  });

  it('overwrites such files by force, and they are its own from then on', async () => {
    const directory = await temporaryFolder();
    await putFiles(directory, { 'default.nix': 'theirs' });

    await writeRepository({ directory, files: filesOf(OLD_TREE), force: true });
    await writeRepository({ directory, files: filesOf(NEW_TREE) });

    expect(await treeOf(directory)).toEqual(NEW_TREE);
  });

  it.each<[string, (directory: string, outside: string) => Promise<void>, string]>([
    ['a link in place of a file', (d, o) => symlink(join(o, 'x'), join(d, 'default.nix')), '/default.nix is a link'],
    ['a dangling link', (d, o) => symlink(join(o, 'none'), join(d, 'default.nix')), '/default.nix is a link'],
    ['a link on the way', (d, o) => symlink(o, join(d, 'pkgs')), 'would go through pkgs, which is a link'],
    ['a file on the way', (d) => writeFile(join(d, 'pkgs'), 'x'), 'would go through pkgs, which is no folder'],
    [
      'a folder in place of a file',
      async (d) => {
        await mkdir(join(d, 'default.nix'));
      },
      '/default.nix is a folder',
    ],
    ['a link in place of its own folder', (d, o) => symlink(o, join(d, '.pypi2nix')), 'is no folder of pypi2nix'],
  ])('never follows or overwrites %s, not even by force', async (_what, prepare, message) => {
    const directory = await temporaryFolder();
    const outside = await temporaryFolder();
    await putFiles(outside, { x: 'outside' });
    await prepare(directory, outside);

    await expect(writeRepository({ directory, files: filesOf(NEW_TREE), force: true })).rejects.toMatchObject({
      code: 'E_NOT_OURS',
      exit: 73,
      message: expect.stringContaining(message),
    });
    expect(await treeOf(outside)).toEqual({ x: 'outside' });
    expect(await treeOf(outside, { state: true })).toEqual({ x: 'outside' });
  });

  it('refuses a file in place of the repository', async () => {
    const directory = join(await temporaryFolder(), 'file');
    await writeFile(directory, 'x');

    await expect(writeRepository({ directory, files: filesOf(NEW_TREE) })).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
      message: `${directory} is no folder`,
    });
    expect(await readFile(directory, 'utf8')).toBe('x');
  });

  it('refuses a repository inside a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), 'x');

    await expect(
      writeRepository({ directory: join(folder, 'file', 'sub'), files: filesOf(NEW_TREE) }),
    ).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
      message: `cannot write ${join(folder, 'file', 'sub')}: a part of the path is no folder`,
    });
  });

  it('tells which folder it may not write', async () => {
    const directory = await temporaryFolder();
    const disk = watchedDisk((_step, path) => {
      throw systemError('EACCES', path);
    });

    await expect(writeRepository({ directory, files: filesOf(NEW_TREE) }, disk)).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
      message: `cannot write ${directory}/.pypi2nix: permission denied`,
    });
  });

  it.skipIf(process.getuid?.() === 0)('leaves a folder alone that it may not write', async () => {
    const directory = await temporaryFolder();
    await chmod(directory, 0o555);

    await expect(writeRepository({ directory, files: filesOf(NEW_TREE) })).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
    });
    await chmod(directory, 0o755);
    expect(await treeOf(directory, { state: true })).toEqual({});
  });

  it('takes nothing for its own when its record is damaged', async () => {
    const directory = await temporaryFolder();
    await writeRepository({ directory, files: filesOf(OLD_TREE) });
    await writeFile(join(directory, '.pypi2nix', 'generated.json'), '{"form":1,"files":{"default.nix":"?"}}');

    await expect(writeRepository({ directory, files: filesOf(NEW_TREE) })).rejects.toMatchObject({
      code: 'E_BAD_RECORD',
      exit: 65,
    });
    expect(await treeOf(directory)).toEqual(OLD_TREE);
    await writeRepository({ directory, files: filesOf(NEW_TREE), force: true });
    expect(await treeOf(directory)).toEqual(NEW_TREE);
  });

  it('knows its files again when only the record is gone and the texts are the same', async () => {
    const directory = await temporaryFolder();
    await writeRepository({ directory, files: filesOf(NEW_TREE) });
    await rm(join(directory, '.pypi2nix'), { recursive: true });

    const result = await writeRepository({ directory, files: filesOf(NEW_TREE) });

    expect(result.written).toEqual([]);
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });

  it.each(['../x', '/x', '.pypi2nix/lock'])('takes %j for a defect of the caller', async (path) => {
    const directory = await temporaryFolder();

    await expect(writeRepository({ directory, files: new Map([[path, '']]) })).rejects.toThrow(
      `not a path of a repository: ${JSON.stringify(path)}`,
    );
  });
});
