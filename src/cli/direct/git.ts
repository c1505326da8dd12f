import type { ArchiveMember } from '../../archive/read-archive.ts';
import type { Note } from '../../base/note.ts';
import type { GitSource } from '../../classify/package-facts.ts';
import { hexOfBase32, sriOfHex } from '../../nix/hash.ts';
import type { GitAddress } from '../../pep/source-address.ts';
import { checkoutChange } from '../../source/checkout-changes.ts';
import { type FetchedRevision, type FetchOptions, fetchRevision } from '../../source/git-repository.ts';
import { type GitTree, listTree, treeHash, treeMembers } from '../../source/git-tree.ts';
import { prefetchGit } from '../../source/prefetch-git.ts';

/** A commit: its files, and what an expression says of it. */
export interface ReadGitSource {
  readonly members: () => AsyncGenerator<ArchiveMember>;
  readonly source: GitSource;
  /** With its commit. */
  readonly address: GitAddress;
  readonly tags: readonly string[];
  readonly notes: readonly Note[];
  /** What matters to an expression alone. */
  readonly expressionNotes: readonly Note[];
}

/** Fetches a revision and computes the hash that `fetchgit` needs. Throws as `fetchRevision` and `listTree` do. */
export async function readGitSource(address: GitAddress, options: FetchOptions): Promise<ReadGitSource> {
  const revision = await fetchRevision(address, options);
  const tree = await listTree(revision.git, { commit: revision.commit, name: address.url });
  const { hash, note } = await hashOf(tree, { address, revision, options });
  return {
    members: () => treeMembers(tree),
    source: {
      kind: 'git',
      url: address.url,
      rev: revision.commit,
      reference: revision.reference === 'HEAD' ? null : revision.reference,
      hash,
      isDefaultBranch: revision.reference === 'HEAD',
      hasSubmodules: tree.entries.some(({ kind }) => kind === 'submodule'),
      subdirectory: address.subdirectory,
    },
    address: { ...address, commit: revision.commit },
    tags: revision.tags,
    notes: revisionNotes(address, revision),
    expressionNotes: note === null ? [] : [note],
  };
}

/** `fetchgit` builds without the user's keys and files, so that only what everybody can fetch is for it. */
async function hashOf(
  tree: GitTree,
  { address, revision, options }: { address: GitAddress; revision: FetchedRevision; options: FetchOptions },
): Promise<{ readonly hash: string | null; readonly note: Note | null }> {
  const scheme = new URL(address.url).protocol;
  if (scheme === 'ssh:' || scheme === 'file:')
    return {
      hash: null,
      note: fetchGitNote(`fetchgit cannot reach ${scheme === 'ssh:' ? 'ssh addresses' : 'this machine'}`),
    };
  const change = await checkoutChange(tree);
  if (change === null) return { hash: sriOfHex(await treeHash(tree)), note: null };
  const prefetched = options.offline
    ? null
    : await prefetchGit({ url: address.url, commit: revision.commit }, options.environment);
  const hash = prefetched === null ? null : sriOf(prefetched);
  if (hash !== null) return { hash, note: null };
  return {
    hash: null,
    note: fetchGitNote(
      `the hash for fetchgit could not be computed, because ${change} and nix-prefetch-git is not here or failed`,
    ),
  };
}

function sriOf(hash: string): string | null {
  if (/^sha256-[A-Za-z0-9+/]{43}=$/u.test(hash)) return hash;
  return /^[0-9a-df-np-sv-z]{52}$/u.test(hash) ? sriOfHex(hexOfBase32(hash)) : null;
}

function fetchGitNote(why: string): Note {
  return {
    kind: 'fallback',
    text: `builtins.fetchGit is written, which fetches while Nix evaluates and needs Nix 2.4: ${why}`,
  };
}

function revisionNotes(address: GitAddress, { commit, isAmbiguous, reference }: FetchedRevision): Note[] {
  if (address.revision?.toLowerCase() === commit || address.commit === commit) return [];
  const what =
    address.revision === null ? `the default branch of ${address.url}` : `${address.revision} of ${address.url}`;
  const notes: Note[] = [{ kind: 'warning', text: `${what} is the commit ${commit} now` }];
  if (isAmbiguous)
    notes.push({
      kind: 'guess',
      text: `${address.revision} is both a branch and a tag; the branch ${reference ?? ''} is taken`,
    });
  return notes;
}
