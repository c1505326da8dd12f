import { posix } from 'node:path';
import { UserError } from '../base/user-error.ts';
import type { LockFaults } from '../pep/pylock-fault.ts';
import {
  fileUrl,
  formatSourceAddress,
  type GitAddress,
  parseSourceAddress,
  type SourceAddress,
} from '../pep/source-address.ts';
import type { TextKey } from '../pep/toml-text.ts';
import type { LockedFile } from './locked-projects.ts';

/** What a lock says on a project that comes from no index. */
export type LockedSource =
  | {
      readonly kind: 'archive';
      readonly url: string | null;
      readonly path: string | null;
      readonly sha256: string | null;
      readonly subdirectory: string | null;
    }
  | {
      readonly kind: 'directory';
      readonly path: string;
      readonly editable: boolean;
      readonly subdirectory: string | null;
    }
  | {
      readonly kind: 'git';
      readonly url: string | null;
      readonly path: string | null;
      /** Branch or tag that was asked for; missing or null: not told. */
      readonly revision?: string | null;
      /** Has to be a full commit. */
      readonly commit: string;
      readonly subdirectory: string | null;
    };

/** Where a fault of the source is reported, and the folder that its paths are of. */
export interface SourcePlace {
  readonly faults: Pick<LockFaults, 'report'>;
  readonly path: readonly TextKey[];
  readonly directory: string;
}

/** The address of a source; null where it is none, which is reported. */
export function addressOf(source: LockedSource, { faults, path, directory }: SourcePlace): SourceAddress | null {
  if (source.kind === 'git' && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/iu.test(source.commit)) {
    faults.report(path, 'names no full commit');
    return null;
  }
  try {
    if (source.kind === 'git' && typeof source.revision === 'string') {
      const commit = addressOf({ ...source, revision: null }, { faults, path, directory });
      return commit?.kind === 'git' ? withRevision(commit, source.revision) : commit;
    }
    return parseSourceAddress(`${baseOf(source, directory)}#${fragmentOf(source)}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    faults.report(path, `names a source that cannot be used: ${error.message}`, error.hint);
    return null;
  }
}

/** A name that git would not take is left out: the commit decides. */
function withRevision(address: GitAddress, revision: string): GitAddress {
  const named = { ...address, revision };
  try {
    const read = parseSourceAddress(formatSourceAddress(named));
    return read.kind === 'git' && read.url === address.url && read.commit === address.commit ? named : address;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return address;
  }
}

// The last slash makes a folder of a path that ends like an archive.
function baseOf(source: LockedSource, directory: string): string {
  switch (source.kind) {
    case 'directory':
      return `${fileUrl(posix.resolve(directory, source.path))}/`;
    case 'archive':
      return urlOf(source, directory);
    case 'git':
      return `git+${urlOf(source, directory)}@${encodeURIComponent(source.commit)}`;
  }
}

function urlOf(
  { url, path }: { readonly url: string | null; readonly path: string | null },
  directory: string,
): string {
  return path === null ? withoutFragment(url ?? '') : fileUrl(posix.resolve(directory, path));
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/su, '');
}

function fragmentOf(source: LockedSource): string {
  const parts = source.subdirectory === null ? [] : [`subdirectory=${encodeURIComponent(source.subdirectory)}`];
  if (source.kind === 'archive' && source.sha256 !== null) parts.push(`sha256=${encodeURIComponent(source.sha256)}`);
  if (source.kind === 'directory' && source.editable) parts.push('editable=true');
  return parts.join('&');
}

/** Lower-case hex of `sha256:HEX`; null for other algorithms and what is no hash. */
export function sha256Of(hash: string | null | undefined): string | null {
  return /^sha256:([0-9a-f]{64})$/iu.exec(hash ?? '')?.[1]?.toLowerCase() ?? null;
}

/** The digest of a file as `LockedFile` has it, of `sha256:HEX` or `ALGORITHM:DIGEST`. */
export function digestOf(hash: string | null | undefined): Pick<LockedFile, 'sha256' | 'otherDigest'> {
  const sha256 = sha256Of(hash);
  const other = sha256 === null ? /^([a-z0-9_-]{1,30}):/iu.exec(hash ?? '')?.[1] : undefined;
  return { sha256, ...(other === undefined ? {} : { otherDigest: other }) };
}

/** Digests of an archive that is had by its address, of which one has to be right; none where the address itself has it. */
export function digestsOfArchive(
  address: SourceAddress | null,
  hashes: readonly (string | null | undefined)[],
): readonly LockedFile[] {
  if (address?.kind !== 'archive' || address.sha256 !== null) return [];
  return hashes.map((hash) => ({ filename: '', ...digestOf(hash), url: null }));
}

/** A URL as it may be shown and kept: null for one with user or password. */
export function openUrl(url: string | null): string | null {
  return url === null || /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/iu.test(url) ? null : url;
}
