import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSourceAddress } from '../../src/pep/source-address.ts';
import { checkoutChange, conversionIn } from '../../src/source/checkout-changes.ts';
import { type FetchedRevision, fetchRevision } from '../../src/source/git-repository.ts';
import { listTree, treeHash, treeMembers } from '../../src/source/git-tree.ts';
import { startServer } from '../support/http-server.ts';
import { describeWithNix, openNixStore } from '../support/nix.ts';
import { describeWithGit, type MadeRepository, makeRepository, serveRepository } from './support/git.ts';
import { useTemporaryFolder } from './support/temporary-folder.ts';

const folder = useTemporaryFolder();

async function fetched(url: string, options: { readonly offline?: boolean } = {}): Promise<FetchedRevision> {
  const address = parseSourceAddress(`git+${url}`);
  if (address.kind !== 'git') throw new Error('no address of git');
  const cacheFolder = path.join(folder(), 'cache');
  return await fetchRevision(address, { environment: {}, cacheFolder, offline: options.offline ?? false });
}

async function repository(): Promise<MadeRepository> {
  return await makeRepository(path.join(folder(), 'kettle'));
}

async function filesOf({ git, commit }: FetchedRevision): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const member of treeMembers(await listTree(git, { commit, name: 'it' })))
    files[`${member.kind} ${member.path}`] = new TextDecoder().decode(await member.bytes());
  return files;
}

describeWithGit('a revision of git', () => {
  it('may be a branch, a tag, a commit, its first digits or the default branch', async () => {
    const { commit, git, url } = await repository();
    const first = await commit({ a: '1' });
    git('tag', '--annotate', '--message', 'x', 'v1.0');
    git('branch', 'feature/lid');
    const second = await commit({ a: '2' });
    const found = await Promise.all(
      ['', '@main', '@feature/lid', '@v1.0', `@${first}`, `@${first.slice(0, 9)}`].map((part) => fetched(url + part)),
    );
    expect(found.map((each) => [each.commit, each.reference])).toEqual([
      [second, 'HEAD'],
      [second, 'refs/heads/main'],
      [first, 'refs/heads/feature/lid'],
      [first, 'refs/tags/v1.0'],
      [first, null],
      [first, null],
    ]);
  });

  it('is the branch where a tag has the same name, and says so', async () => {
    const { commit, git, url } = await repository();
    await commit({ a: '1' });
    git('tag', 'main');
    const second = await commit({ a: '2' });
    expect(await fetched(`${url}@refs/heads/main`)).toMatchObject({ commit: second });
    expect(await fetched(`${url}@main`)).toMatchObject({ commit: second, isAmbiguous: true });
  });

  it('that is not there is an error that names it', async () => {
    const { commit, url } = await repository();
    await commit({ a: '1' });
    await expect(fetched(`${url}@v2`)).rejects.toMatchObject({
      code: 'E_NO_SUCH_REVISION',
      message: `${url} does not have the branch, tag or commit "v2"`,
    });
    await expect(fetched(`${url}@${'1'.repeat(40)}`)).rejects.toMatchObject({ code: 'E_NO_SUCH_REVISION' });
  });

  it('tells the tags of its commit', async () => {
    const { commit, git, url } = await repository();
    await commit({ a: '1' });
    git('tag', 'v1.0');
    git('tag', '--annotate', '--message', 'x', 'stable');
    expect((await fetched(url)).tags).toEqual(['stable', 'v1.0']);
  });

  it('that was fetched as a full commit is not asked for again, even without a network', async () => {
    const { commit, git, url } = await repository();
    const first = await commit({ a: '1' });
    git('tag', 'v1.0');
    await fetched(`${url}@${first}`);
    await writeFile(path.join(folder(), 'kettle/.git/HEAD'), 'broken');
    expect(await fetched(`${url}@${first}`, { offline: true })).toMatchObject({ commit: first, tags: ['v1.0'] });
  });

  it('of a server is not fetched with --offline', async () => {
    await expect(fetched('https://host.test/a.git@v1', { offline: true })).rejects.toMatchObject({ code: 'E_OFFLINE' });
  });

  it('that git cannot read is told in the words of git', async () => {
    const missing = `file://${folder()}/missing`;
    await expect(fetched(missing)).rejects.toMatchObject({
      code: 'E_GIT_FAILED',
      message: expect.stringContaining('does not appear to be a git repository'),
    });
  });

  it('is fetched from a server that only hands out files', async () => {
    const { commit, folder: repositoryFolder, git } = await repository();
    const first = await commit({ a: '1' });
    await commit({ a: '2' });
    const server = await startServer();
    try {
      await serveRepository(server, { folder: repositoryFolder, git });
      const found = await fetched(`${server.url}/kettle.git@${first}`);
      expect(await filesOf(found)).toEqual({ 'file source/a': '1' });
    } finally {
      await server.close();
    }
  });

  it('runs no hook and no filter of a repository', async () => {
    const { commit, git, url } = await repository();
    const mark = path.join(folder(), 'ran');
    git('config', 'filter.x.smudge', `touch ${mark}`);
    git('config', 'uploadpack.packObjectsHook', `touch ${mark};`);
    await commit({
      '.gitattributes': '* filter=x\n',
      a: '1',
      'hooks/post-checkout': { run: `#!/bin/sh\ntouch ${mark}\n` },
    });
    git('config', 'core.hooksPath', 'hooks');
    expect(Object.keys(await filesOf(await fetched(url)))).toHaveLength(3);
    expect(await readdir(folder())).not.toContain('ran');
  });
});

describeWithGit('the members of a commit', () => {
  it('are its files, with links inside of it followed and all others not', async () => {
    const { commit, url } = await repository();
    await commit({
      'a/b.txt': 'b',
      'run.sh': { run: '#!/bin/sh\n' },
      'in.txt': { link: 'a/b.txt' },
      'out.txt': { link: '../secret.txt' },
    });
    expect(await filesOf(await fetched(url))).toEqual({
      'file source/a/b.txt': 'b',
      'file source/in.txt': 'b',
      'link source/out.txt': '',
      'file source/run.sh': '#!/bin/sh\n',
    });
  });

  it('that are empty or large come whole', async () => {
    const { commit, url } = await repository();
    const large = 'x'.repeat(300_000);
    await commit({ empty: '', large, next: '1' });
    expect(await filesOf(await fetched(url))).toEqual({
      'file source/empty': '',
      'file source/large': large,
      'file source/next': '1',
    });
  });
});

describeWithNix('the hash of a commit', () => {
  describeWithGit('as fetchgit takes it', () => {
    it('is what nix-hash computes of the working copy without .git', async () => {
      const { commit, git, url } = await repository();
      await commit({
        'b/c/d.txt': 'd',
        'b.txt': 'after the folder b by bytes',
        'b-': 'before it',
        'run.sh': { run: '#!/bin/sh\n' },
        link: { link: 'b/c/d.txt' },
        broken: { link: '../ö' },
        'ä.txt': 'name with bytes above 127',
        empty: '',
        large: 'x'.repeat(70_001),
      });
      const copy = path.join(folder(), 'copy');
      git('worktree', 'add', '--quiet', copy, '--detach');
      await rm(path.join(copy, '.git'));
      const store = await openNixStore();
      try {
        const { stdout } = await store.run('nix-hash', ['--type', 'sha256', copy]);
        const revision = await fetched(url);
        const tree = await listTree(revision.git, { commit: revision.commit, name: 'it' });
        expect(await treeHash(tree)).toBe(stdout.trim());
      } finally {
        await store.remove();
      }
    });
  });
});

describeWithGit('a working copy', () => {
  it('is the commit itself unless submodules or attributes change it', async () => {
    const { commit, git, url } = await repository();
    const change = async (): Promise<string | null> => {
      const { git: options, commit: at } = await fetched(url);
      return await checkoutChange(await listTree(options, { commit: at, name: 'it' }));
    };
    await commit({ '.gitattributes': '*.py text\n*.txt export-subst\n# eol=crlf\n' });
    expect(await change()).toBeNull();
    await commit({ 'data/.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
    expect(await change()).toBe('its .gitattributes has filter=lfs');
    git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    git('commit', '--quiet', '--message', 'submodule');
    expect(await change()).toBe('it has submodules');
  });
});

describe('attributes that change contents', () => {
  it.each([
    ['* text=auto', null],
    ['* text eol=lf', null],
    ['*.bat text eol=crlf', 'eol=crlf'],
    ['*.c ident', 'ident'],
    ['*.c -ident', null],
    ['*.txt working-tree-encoding=UTF-16', 'working-tree-encoding=UTF-16'],
    ['*.bin filter=lfs -text', 'filter=lfs'],
    ['*.bin !filter', null],
  ])('%s: %s', (line, found) => {
    expect(conversionIn(`${line}\n`)).toBe(found);
  });
});
