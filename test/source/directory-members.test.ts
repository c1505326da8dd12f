import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { directoryMembers } from '../../src/source/directory-members.ts';
import { rerooted } from '../../src/source/rerooted.ts';
import { useTemporaryFolder } from './support/temporary-folder.ts';

const folder = useTemporaryFolder();

async function put(file: string, text = ''): Promise<void> {
  const whole = path.join(folder(), file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, text);
}

async function listed(members: AsyncIterable<{ path: string; kind: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { path: name, kind } of members) found.push(`${kind} ${name}`);
  return found;
}

describe('the members of a folder', () => {
  it('are its files in order, below one root folder', async () => {
    await put('setup.py');
    await put('kettle/__init__.py');
    await put('kettle/lid.py');
    expect(await listed(directoryMembers(folder()))).toEqual([
      'file source/kettle/__init__.py',
      'file source/kettle/lid.py',
      'file source/setup.py',
    ]);
  });

  it('have their contents', async () => {
    await put('setup.py', 'setup()\n');
    for await (const member of directoryMembers(folder()))
      expect(new TextDecoder().decode(await member.bytes())).toBe('setup()\n');
  });

  it('leave out repositories, caches and virtual environments', async () => {
    for (const file of ['.git/config', '__pycache__/a.pyc', '.tox/a', '.venv/a', 'mine/pyvenv.cfg', 'mine/bin/python'])
      await put(file);
    await put('setup.py');
    expect(await listed(directoryMembers(folder()))).toEqual(['file source/setup.py']);
  });

  it('never lead out of the folder by a link', async () => {
    await put('outside/secret.txt', 'secret');
    await put('tree/setup.py');
    await symlink('../outside/secret.txt', path.join(folder(), 'tree/out.txt'));
    await symlink('../outside', path.join(folder(), 'tree/away'));
    await symlink('setup.py', path.join(folder(), 'tree/in.py'));
    await symlink('nowhere', path.join(folder(), 'tree/broken'));
    expect(await listed(directoryMembers(path.join(folder(), 'tree')))).toEqual([
      'link source/away',
      'link source/broken',
      'file source/in.py',
      'link source/out.txt',
      'file source/setup.py',
    ]);
  });

  it('are limited in number and size', async () => {
    await put('a', '12345');
    await put('b', '12345');
    const limits = { members: 10, unpackedBytes: 9, memberBytes: 100 };
    await expect(listed(directoryMembers(folder(), { limits }))).rejects.toMatchObject({ code: 'E_BAD_SOURCE' });
    const few = { members: 1, unpackedBytes: 100, memberBytes: 100 };
    await expect(listed(directoryMembers(folder(), { limits: few }))).rejects.toMatchObject({ code: 'E_BAD_SOURCE' });
  });

  it('of a folder that is not there are an error that says where it was looked for', async () => {
    const missing = path.join(folder(), 'missing');
    await expect(listed(directoryMembers(missing))).rejects.toMatchObject({
      code: 'E_NO_SUCH_SOURCE',
      message: `${missing} does not exist or cannot be read`,
    });
  });

  it('can be those of a folder in it', async () => {
    await put('README');
    await put('a/b/setup.py');
    await put('a/bc/setup.py');
    expect(await listed(rerooted(directoryMembers(folder()), { subdirectory: 'a/b', label: 'made-up' }))).toEqual([
      'file source/setup.py',
    ]);
  });
});
