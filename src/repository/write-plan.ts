import { createHash } from 'node:crypto';
import { compareText } from '../base/text.ts';

/** What is on the disk under a path of a repository. */
export type OnDisk =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly sha256: string }
  /** Something that is never overwritten: a clause such as `is a folder`. */
  | { readonly kind: 'obstacle'; readonly what: string };

/** Digests (hex sha256) of the files as this program last wrote them, by path. */
export type GeneratedDigests = ReadonlyMap<string, string>;

/** A path that is not written. */
export interface BlockedPath {
  readonly path: string;
  /** A clause, for example `was not written by pypi2nix`. */
  readonly why: string;
  /** Whether `force` overwrites it. */
  readonly forcible: boolean;
}

/** What writing would do, paths in order. Nothing at all is written while something is blocked. */
export interface WritePlan {
  readonly create: readonly string[];
  readonly replace: readonly string[];
  readonly unchanged: readonly string[];
  readonly blocked: readonly BlockedPath[];
}

export interface PlanRequest {
  /** The new text of each file by path. */
  readonly files: ReadonlyMap<string, string>;
  /** What is there, at least for the paths of `files`. */
  readonly disk: ReadonlyMap<string, OnDisk>;
  readonly generated: GeneratedDigests;
  /** Also overwrite files that others wrote or changed. */
  readonly force: boolean;
}

/** Compares new files with what is on the disk. A file is overwritten only if its bytes are those that this program wrote. */
export function planWrite({ files, disk, generated, force }: PlanRequest): WritePlan {
  const create: string[] = [];
  const replace: string[] = [];
  const unchanged: string[] = [];
  const blocked: BlockedPath[] = [];
  for (const [path, text] of [...files].sort(([a], [b]) => compareText(a, b))) {
    const there = disk.get(path) ?? { kind: 'absent' };
    const ours = generated.get(path);
    if (there.kind === 'absent') create.push(path);
    else if (there.kind === 'obstacle') blocked.push({ path, why: there.what, forcible: false });
    else if (there.sha256 === digestOf(text)) unchanged.push(path);
    else if (force || there.sha256 === ours) replace.push(path);
    else {
      const why = ours === undefined ? 'was not written by pypi2nix' : 'has changed since pypi2nix wrote it';
      blocked.push({ path, why, forcible: true });
    }
  }
  return { create, replace, unchanged, blocked };
}

/** The sha256 of a text in UTF-8, or of bytes, in hex. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
