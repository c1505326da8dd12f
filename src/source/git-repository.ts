import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, UserError } from '../base/user-error.ts';
import type { GitAddress } from '../pep/source-address.ts';
import { type Environment, type GitOptions, gitFailure, runGit } from './git-command.ts';
import {
  type GitReference,
  noSuchRevision,
  parseReferences,
  type ResolvedRevision,
  resolveRevision,
  tagsOf,
} from './git-references.ts';

/** A commit that is on this machine. */
export interface FetchedRevision extends ResolvedRevision {
  /** Names of the tags that mark it. */
  readonly tags: readonly string[];
  /** To read it with: the bare repository that holds it. */
  readonly git: GitOptions;
}

export interface FetchOptions {
  readonly environment: Environment;
  /** The user's cache; repositories lie below `git` in it. */
  readonly cacheFolder: string;
  readonly offline: boolean;
}

/** What is kept beside a commit: the tags that marked it when it was fetched. */
const TAGS_FILE = 'pypi2nix-tags';

/**
 * Gets the commit that an address asks for, without its history and without a working copy, into a bare repository of the user's cache; a commit that
 * is there already is not fetched again. Nothing of it is run.
 *
 * Throws UserError E_NO_SUCH_REVISION (exit 1), E_GIT_FAILED, E_NO_GIT and E_OFFLINE (69), E_CANNOT_WRITE (73).
 */
export async function fetchRevision(address: GitAddress, options: FetchOptions): Promise<FetchedRevision> {
  const isLocal = address.url.startsWith('file:');
  const remote: GitOptions = { environment: options.environment, repository: null, allowFile: isLocal };
  const folder = path.join(
    options.cacheFolder,
    'git',
    createHash('sha256').update(address.url).digest('hex').slice(0, 32),
  );
  const isNamedByItself = address.commit !== null && address.revision?.toLowerCase() === address.commit;
  if (address.commit !== null && (isNamedByItself || options.offline)) {
    const known = await keptRevision(path.join(folder, address.commit), remote);
    if (known !== null) return { ...known, reference: null, commit: address.commit, isAmbiguous: false };
  }
  if (options.offline && !isLocal) throw offline(address);
  const references = await referencesOf(address, remote);
  const resolved = resolveRevision(address, references) ?? (await resolveAbbreviated(address, { folder, remote }));
  const place = path.join(folder, resolved.commit);
  const known = await keptRevision(place, remote);
  const tags = tagsOf(resolved.commit, references);
  if (known !== null) return { ...resolved, tags, git: known.git };
  await inNewRepository(folder, resolved.commit, async (repository) => {
    await fetchCommit(address, { commit: resolved.commit, git: { ...remote, repository } });
    await writeFile(path.join(repository, TAGS_FILE), JSON.stringify(tags));
    // Another run may have been faster: what it put there is the same commit.
    await rename(repository, place).catch(async (error: unknown) => {
      if ((await keptRevision(place, remote)) === null) throw error;
    });
  });
  return { ...resolved, tags, git: { ...remote, repository: place } };
}

async function referencesOf(address: GitAddress, remote: GitOptions): Promise<readonly GitReference[]> {
  const listed = await runGit(
    ['ls-remote', '--quiet', '--', address.url, 'HEAD', 'refs/heads/*', 'refs/tags/*'],
    remote,
  );
  if (!listed.ok) throw gitFailure(address.url, listed.stderr);
  return parseReferences(listed.stdout.toString('utf8'));
}

/** By the commit alone where the server gives it out, else with everything that branches and tags lead to. */
async function fetchCommit(
  address: GitAddress,
  { commit, git }: { readonly commit: string; readonly git: GitOptions },
): Promise<void> {
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head'];
  const single = await runGit([...fetch, '--depth=1', '--', address.url, `+${commit}:refs/pypi2nix/commit`], git);
  if (!single.ok) {
    const all = await runGit([...fetch, '--', address.url, ...EVERYTHING], git);
    if (!all.ok) throw gitFailure(address.url, all.stderr);
  }
  const found = await runGit(['cat-file', '-e', `${commit}^{commit}`], git);
  if (!found.ok) throw noSuchRevision(address);
}

const EVERYTHING = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];

/** No server tells what the first digits of a commit stand for, so that all commits are fetched to look for it. */
async function resolveAbbreviated(
  address: GitAddress,
  { folder, remote }: { readonly folder: string; readonly remote: GitOptions },
): Promise<ResolvedRevision> {
  const { revision } = address;
  return await inNewRepository(folder, '', async (repository) => {
    const git = { ...remote, repository };
    const all = await runGit(
      ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--filter=tree:0', '--', address.url, ...EVERYTHING],
      git,
    );
    if (!all.ok) throw gitFailure(address.url, all.stderr);
    const found = await runGit(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], git);
    const commit = found.stdout.toString('utf8').trim();
    if (!found.ok || !/^[0-9a-f]{40,64}$/u.test(commit)) throw noSuchRevision(address);
    return { reference: null, commit, isAmbiguous: false };
  });
}

async function keptRevision(
  repository: string,
  remote: GitOptions,
): Promise<{ readonly tags: readonly string[]; readonly git: GitOptions } | null> {
  const text = await readFile(path.join(repository, TAGS_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  const tags: unknown = parsed(text);
  if (!Array.isArray(tags)) return null;
  return { tags: tags.filter((tag) => typeof tag === 'string'), git: { ...remote, repository } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Makes an empty bare repository, which is gone afterwards unless the action gives it another name. */
async function inNewRepository<Result>(
  folder: string,
  commit: string,
  action: (repository: string) => Promise<Result>,
): Promise<Result> {
  const repository = path.join(folder, `.${randomUUID()}.part`);
  try {
    await mkdir(folder, { recursive: true });
    await mkdir(repository);
  } catch (cause) {
    throw new UserError('E_CANNOT_WRITE', `${folder} cannot be written`, { exit: EXIT.cannotWrite, cause });
  }
  try {
    const format = commit.length === 64 ? ['--object-format=sha256'] : [];
    const git: GitOptions = { environment: {}, repository };
    const made = await runGit(['init', '--quiet', '--bare', '--template=', ...format], git);
    if (!made.ok) throw gitFailure(repository, made.stderr);
    return await action(repository);
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

function offline({ url, revision }: GitAddress): UserError {
  return new UserError(
    'E_OFFLINE',
    `${url}${revision === null ? '' : `@${revision}`} is not in the cache, and --offline forbids to fetch it`,
    {
      exit: EXIT.unavailable,
      hint: 'name a full commit that an earlier run has fetched, or run once without --offline',
    },
  );
}
