import { excerpt } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { GitAddress } from '../pep/source-address.ts';

/** A branch, tag or HEAD of a repository. */
export interface GitReference {
  /** `HEAD`, `refs/heads/main`, `refs/tags/v1.0`. */
  readonly name: string;
  /** What it leads to: of a tag with a message the commit that it marks. */
  readonly commit: string;
}

/** What a revision of an address stands for. `reference`: null for a commit that is named by itself. */
export interface ResolvedRevision {
  readonly reference: string | null;
  readonly commit: string;
  /** It is both a branch and a tag, of different commits; the branch is taken. */
  readonly isAmbiguous: boolean;
}

/** Reads the output of `git ls-remote`: lines of an object id, a tab and a name; `NAME^{}` is what the tag NAME marks. */
export function parseReferences(output: string): readonly GitReference[] {
  const commits = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, commit, name] = /^([0-9a-f]{40}|[0-9a-f]{64})\t(\S+)$/u.exec(line) ?? [];
    if (commit === undefined || name === undefined) continue;
    const isPeeled = name.endsWith('^{}');
    const plain = isPeeled ? name.slice(0, -3) : name;
    if (isPeeled || !commits.has(plain)) commits.set(plain, commit);
  }
  return [...commits].map(([name, commit]) => ({ name, commit }));
}

/**
 * The commit that an address asks for: a branch before a tag of the same name, as pip has it; no revision is the default branch. Null for what may be an
 * abbreviated commit. Throws UserError E_NO_SUCH_REVISION (exit 1).
 */
export function resolveRevision(address: GitAddress, references: readonly GitReference[]): ResolvedRevision | null {
  const { revision } = address;
  const named = (name: string): GitReference | undefined => references.find((reference) => reference.name === name);
  const branch = revision === null ? named('HEAD') : (named(`refs/heads/${revision}`) ?? named(revision));
  const tag = revision === null ? undefined : named(`refs/tags/${revision}`);
  const chosen = branch ?? tag;
  if (address.commit !== null) return { reference: chosen?.name ?? null, commit: address.commit, isAmbiguous: false };
  if (chosen !== undefined) {
    const isAmbiguous = branch !== undefined && tag !== undefined && branch.commit !== tag.commit;
    return { reference: chosen.name, commit: chosen.commit, isAmbiguous };
  }
  if (revision !== null && /^[0-9a-f]{7,63}$/iu.test(revision)) return null;
  throw noSuchRevision(address);
}

/** Names of the tags that mark a commit, without `refs/tags/`. */
export function tagsOf(commit: string, references: readonly GitReference[]): readonly string[] {
  return references.flatMap((reference) =>
    reference.commit === commit && reference.name.startsWith('refs/tags/')
      ? [reference.name.slice('refs/tags/'.length)]
      : [],
  );
}

/** The error for a revision that a repository does not have. */
export function noSuchRevision({ url, revision }: GitAddress): UserError {
  const what =
    revision === null ? 'a default branch' : `the branch, tag or commit ${JSON.stringify(excerpt(revision))}`;
  return new UserError('E_NO_SUCH_REVISION', `${excerpt(url)} does not have ${what}`, {
    exit: EXIT.unmet,
    hint: `git ls-remote ${excerpt(url)} lists its branches and tags; a commit is best named in full`,
  });
}
