import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe } from 'vitest';
import type { TestServer } from '../../support/http-server.ts';

/** Declares tests that need git; without it they are skipped, and their name says so. */
export function describeWithGit(name: string, body: () => void): void {
  const isHere = spawnSync('git', ['--version'], { stdio: 'ignore' }).status === 0;
  if (isHere) describe(name, body);
  else describe.skip(`${name} (skipped: git is not here)`, body);
}

/** What goes into a commit: texts by path; `run` makes it executable, `link` a link. */
export type CommitFiles = Readonly<Record<string, string | { readonly run: string } | { readonly link: string }>>;

export interface MadeRepository {
  readonly folder: string;
  readonly url: string;
  /** Adds files and commits; gives the commit. */
  commit(files: CommitFiles): Promise<string>;
  git(...args: readonly string[]): string;
}

/** An empty repository whose commits are the same on every machine. */
export async function makeRepository(folder: string): Promise<MadeRepository> {
  await mkdir(folder, { recursive: true });
  const date = '2026-01-02T03:04:05Z';
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Cook',
    GIT_AUTHOR_EMAIL: 'cook@kettle.test',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Cook',
    GIT_COMMITTER_EMAIL: 'cook@kettle.test',
    GIT_COMMITTER_DATE: date,
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    url: `file://${folder}`,
    git,
    async commit(files) {
      for (const [name, content] of Object.entries(files)) await put(path.join(folder, name), content);
      git('add', '--all');
      git('commit', '--quiet', '--message', 'a change');
      return git('rev-parse', 'HEAD');
    },
  };
}

/** Serves a repository as plain files at `/kettle.git`, the way of git that needs no program on the server. */
export async function serveRepository(
  server: TestServer,
  { folder, git }: Pick<MadeRepository, 'folder' | 'git'>,
): Promise<string> {
  git('update-server-info');
  const root = path.join(folder, '.git');
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const at = `/kettle.git/${path.relative(root, file)}`;
    const body = await readFile(file);
    server.on(at, { body });
    if (at.endsWith('/info/refs')) server.on(`${at}?service=git-upload-pack`, { body });
  }
  return `${server.url}/kettle.git`;
}

async function put(file: string, content: CommitFiles[string]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  if (typeof content === 'string') await writeFile(file, content);
  else if ('link' in content) await symlink(content.link, file);
  else {
    await writeFile(file, content.run);
    await chmod(file, 0o755);
  }
}
