import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/repository/digest.ts';
import { systemError, watchedDisk } from './support/faulty-disk.ts';
import {
  NEW_TREE,
  OLD_TREE,
  outcomesOf,
  putFiles,
  stateOf,
  temporaryFolder,
  treeOf,
  writeTree,
} from './support/trees.ts';

describe('writeRepository', () => {
  it('makes the repository with the folders around it', async () => {
    const directory = join(await temporaryFolder(), 'a', 'b');

    const result = await writeTree(directory, NEW_TREE);

    expect(outcomesOf(result)).toEqual({
      'default.nix': 'created',
      'pkgs/six/default.nix': 'created',
      'pkgs/toolz/default.nix': 'created',
    });
    expect(await treeOf(directory)).toEqual(NEW_TREE);
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });

  it('writes what has changed and nothing else', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, OLD_TREE);

    const result = await writeTree(directory, NEW_TREE);

    expect(outcomesOf(result)).toEqual({
      'default.nix': 'replaced',
      'pkgs/six/default.nix': 'unchanged',
      'pkgs/toolz/default.nix': 'created',
    });
    expect(await treeOf(directory)).toEqual(NEW_TREE);
  });

  it('takes no step when all is as it should be', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, OLD_TREE);
    const disk = watchedDisk((_step, path) => {
      throw new Error(`touched ${path}`);
    });

    expect(outcomesOf(await writeTree(directory, OLD_TREE, { disk }))).toEqual({
      'default.nix': 'unchanged',
      'pkgs/six/default.nix': 'unchanged',
    });
  });

  it('leaves files alone that it wrote earlier and that are not asked for now', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, NEW_TREE);

    await writeTree(directory, { 'default.nix': 'third' });

    expect(await treeOf(directory)).toEqual({ ...NEW_TREE, 'default.nix': 'third' });
    const again = await writeTree(directory, { 'pkgs/six/default.nix': 'changed' });
    expect(outcomesOf(again)).toEqual({ 'pkgs/six/default.nix': 'replaced' });
  });

  it('writes nothing and lists all files that somebody else wrote', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, OLD_TREE);
    const theirs = { 'default.nix': 'old', 'pkgs/six/default.nix': 'edited', 'pkgs/toolz/default.nix': 'their own' };
    await putFiles(directory, theirs);

    await expect(writeTree(directory, NEW_TREE)).rejects.toMatchObject({
      code: 'E_NOT_OURS',
      exit: 73,
      message: `1 file in the way, nothing is written:\n  ${directory}/pkgs/toolz/default.nix was not written by pypi2nix`,
      hint: 'move them away, or overwrite them with --force',
    });
    expect(await treeOf(directory)).toEqual(theirs);
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });

  it('keeps a hand edit, and merges what is generated in another way elsewhere in the file', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, { 'a.nix': 'one\ntwo\nthree\nfour\n' });
    await putFiles(directory, { 'a.nix': 'ONE\ntwo\nthree\nfour\n' });

    expect(outcomesOf(await writeTree(directory, { 'a.nix': 'one\ntwo\nthree\nfour\n' }))).toEqual({ 'a.nix': 'kept' });
    expect(outcomesOf(await writeTree(directory, { 'a.nix': 'one\ntwo\nthree\nFOUR\n' }))).toEqual({
      'a.nix': 'merged',
    });
    expect(await treeOf(directory)).toEqual({ 'a.nix': 'ONE\ntwo\nthree\nFOUR\n' });
    expect(outcomesOf(await writeTree(directory, { 'a.nix': 'one\ntwo\nthree\nFOUR\n' }))).toEqual({ 'a.nix': 'kept' });
  });

  it('lays a proposal beside a hand edit that is generated in another way, until the user deletes it', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, { 'a.nix': 'version = 1\n' });
    await putFiles(directory, { 'a.nix': 'version = 1.1\n' });
    const both = { 'a.nix': 'version = 1.1\n', 'a.nix.pypi2nix-new': 'version = 2\n' };

    for (const _again of [1, 2]) {
      expect(outcomesOf(await writeTree(directory, { 'a.nix': 'version = 2\n' }))).toEqual({ 'a.nix': 'conflict' });
      expect(await treeOf(directory)).toEqual(both);
    }
    await writeTree(directory, { 'a.nix': 'version = 3\n' });
    expect(await treeOf(directory)).toEqual({ ...both, 'a.nix.pypi2nix-new': 'version = 3\n' });

    await rm(join(directory, 'a.nix.pypi2nix-new'));
    expect(outcomesOf(await writeTree(directory, { 'a.nix': 'version = 3\n' }))).toEqual({ 'a.nix': 'kept' });
    expect(await treeOf(directory)).toEqual({ 'a.nix': 'version = 1.1\n' });
  });

  it('takes the proposal away when the edit has taken up what it says', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, { 'a.nix': 'version = 1\n' });
    await putFiles(directory, { 'a.nix': 'version = 1.1\n' });
    await writeTree(directory, { 'a.nix': 'version = 2\n' });

    await putFiles(directory, { 'a.nix': '# mine\nversion = 2\n' });
    expect(outcomesOf(await writeTree(directory, { 'a.nix': 'version = 2\n' }))).toEqual({ 'a.nix': 'conflict' });
    await putFiles(directory, { 'a.nix': 'version = 2\n' });
    await writeTree(directory, { 'a.nix': 'version = 2\n' });

    expect(await treeOf(directory)).toEqual({ 'a.nix': 'version = 2\n' });
  });

  it('takes away what is not generated any more, with folders that are empty then', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, NEW_TREE);
    await putFiles(directory, { 'pkgs/six/default.nix': 'edited', 'pkgs/toolz/mine': 'theirs' });

    const plan = await writeTree(directory, { 'default.nix': 'new' }, { isWhole: true });

    expect(outcomesOf(plan)).toEqual({
      'default.nix': 'unchanged',
      'pkgs/six/default.nix': 'orphaned',
      'pkgs/toolz/default.nix': 'removed',
    });
    expect(await treeOf(directory)).toEqual({
      'default.nix': 'new',
      'pkgs/six/default.nix': 'edited',
      'pkgs/toolz/mine': 'theirs',
    });
    await rm(join(directory, 'pkgs/six/default.nix'));
    await writeTree(directory, NEW_TREE);
    await rm(join(directory, 'pkgs/toolz/mine'));
    await writeTree(directory, { 'default.nix': 'new' }, { isWhole: true });
    expect(await readdir(directory)).toEqual(['.pypi2nix', 'default.nix']);
  });

  it('plans and writes nothing when it is asked for the plan alone', async () => {
    const directory = join(await temporaryFolder(), 'new');

    const plan = await writeTree(directory, OLD_TREE, { isDry: true });

    expect(plan.changes.map(({ path, text }) => [path, text])).toEqual(Object.entries(OLD_TREE));
    await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('reads the record of versions that kept digests alone, and takes an edit on it for a conflict', async () => {
    const directory = await temporaryFolder();
    await putFiles(directory, OLD_TREE);
    const files = Object.fromEntries(Object.entries(OLD_TREE).map(([path, text]) => [path, digestOf(text)]));
    await putFiles(directory, { '.pypi2nix/generated.json': JSON.stringify({ form: 1, files }) });
    await putFiles(directory, { 'pkgs/six/default.nix': 'edited' });

    const plan = await writeTree(directory, { ...NEW_TREE, 'pkgs/six/default.nix': 'SIX' });

    expect(outcomesOf(plan)).toMatchObject({ 'default.nix': 'replaced', 'pkgs/six/default.nix': 'conflict' });
  });

  it('leaves no trace in a folder of somebody else', async () => {
    const directory = await temporaryFolder();
    await putFiles(directory, { 'default.nix': 'theirs' });

    await expect(writeTree(directory, NEW_TREE)).rejects.toMatchObject({
      code: 'E_NOT_OURS',
    });
    expect(await treeOf(directory, { state: true })).toEqual({ 'default.nix': 'theirs' });
  });

  it('overwrites such files by force, and they are its own from then on', async () => {
    const directory = await temporaryFolder();
    await putFiles(directory, { 'default.nix': 'theirs' });

    await writeTree(directory, OLD_TREE, { force: true });
    await writeTree(directory, NEW_TREE);

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

    await expect(writeTree(directory, NEW_TREE, { force: true })).rejects.toMatchObject({
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

    await expect(writeTree(directory, NEW_TREE)).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
      message: `${directory} is no folder`,
    });
    expect(await readFile(directory, 'utf8')).toBe('x');
  });

  it('refuses a repository inside a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), 'x');

    await expect(writeTree(join(folder, 'file', 'sub'), NEW_TREE)).rejects.toMatchObject({
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

    await expect(writeTree(directory, NEW_TREE, { disk })).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
      message: `cannot write ${directory}/.pypi2nix: permission denied`,
    });
  });

  it.skipIf(process.getuid?.() === 0)('leaves a folder alone that it may not write', async () => {
    const directory = await temporaryFolder();
    await chmod(directory, 0o555);

    await expect(writeTree(directory, NEW_TREE)).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
    });
    await chmod(directory, 0o755);
    expect(await treeOf(directory, { state: true })).toEqual({});
  });

  it('takes nothing for its own when its record is damaged', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, OLD_TREE);
    await writeFile(join(directory, '.pypi2nix', 'generated.json'), '{"form":1,"files":{"default.nix":"?"}}');

    await expect(writeTree(directory, NEW_TREE)).rejects.toMatchObject({
      code: 'E_BAD_RECORD',
      exit: 65,
    });
    expect(await treeOf(directory)).toEqual(OLD_TREE);
    await writeTree(directory, NEW_TREE, { force: true });
    expect(await treeOf(directory)).toEqual(NEW_TREE);
  });

  it('knows its files again when only the record is gone and the texts are the same', async () => {
    const directory = await temporaryFolder();
    await writeTree(directory, NEW_TREE);
    await rm(join(directory, '.pypi2nix'), { recursive: true });

    const result = await writeTree(directory, NEW_TREE);

    expect(new Set(result.outcomes.values())).toEqual(new Set(['unchanged']));
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });

  it.each(['../x', '/x', '.pypi2nix/lock'])('takes %j for a defect of the caller', async (path) => {
    const directory = await temporaryFolder();

    await expect(writeTree(directory, { [path]: '' })).rejects.toThrow(
      `not a path of a repository: ${JSON.stringify(path)}`,
    );
  });
});
