import pLimit from 'p-limit';
import { hashingStream } from '../../archive/digest.ts';
import type { Note } from '../../base/note.ts';
import { countOf, excerpt } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { defaultIndexUrl } from '../../index/default-index.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { LockedProjects } from '../../lock/locked-projects.ts';
import type { HttpClient } from '../../net/http-client.ts';
import { retrying } from '../../net/retry.ts';
import type { ResolvedPackage } from '../../resolve/provider.ts';
import { openFile } from '../release/download.ts';
import type { ReleaseReader } from '../release/release-reader.ts';
import { checkLockedFile } from './locked-closure.ts';

/** All files of a release as a lock file lists them: each has a digest. */
export interface ReleaseFiles {
  /** Address of the index; null for a local folder. */
  readonly index: string | null;
  readonly files: readonly (IndexFile & { readonly sha256: string })[];
  /** What all files say of requires-python; null: nothing, or different things. */
  readonly requiresPython: string | null;
}

export interface LockedFilesOptions {
  readonly reader: ReleaseReader;
  readonly http: HttpClient;
  readonly jobs: number;
  /** By PEP 503 name the digests (lower-case hex) that a requirements or lock file admits; other files of these projects are left out. */
  readonly admitted: ReadonlyMap<string, ReadonlySet<string>>;
  /** A file that it has under the same name has to have its digest. */
  readonly locked: LockedProjects | null;
}

/**
 * The files of each package by its name. A file whose index tells no digest is downloaded for it, which a note says.
 * Throws UserError E_HASH_NOT_ADMITTED (exit 1), E_NO_ADDRESS (69) for files of which only the shipped record is known, and what downloads throw.
 */
export async function filesOfReleases(
  packages: readonly ResolvedPackage[],
  options: LockedFilesOptions,
): Promise<{ readonly files: ReadonlyMap<string, ReleaseFiles>; readonly notes: readonly Note[] }> {
  const limit = pLimit(options.jobs);
  const notes: Note[] = [];
  const found = await Promise.all(
    packages.map(async ({ name, version }): Promise<[string, ReleaseFiles]> => {
      const { index, files } = await options.reader.files(name, version.text);
      const label = `${name} ${version.text}`;
      for (const file of files) if (file.url === '') throw withoutAddress(file);
      // What lies in a folder of this machine is as it is; an index is expected to tell.
      const unknown = files.filter(({ sha256, url }) => sha256 === null && !url.startsWith('file:'));
      if (unknown.length > 0) {
        const text = `the index tells no sha256 for ${countOf(unknown.length, 'file')} of ${label}: the digests are those of what it sent now`;
        notes.push({ kind: 'fallback', project: name, text });
      }
      const known = await Promise.all(
        files.map(async (file) => ({
          ...file,
          sha256: file.sha256 ?? (await limit(() => digestOf(file, options.http))),
        })),
      );
      for (const file of known) checkSameName(name, file, options.locked);
      const admitted = admittedFiles(known, { label, digests: options.admitted.get(name) });
      return [
        name,
        { index: await indexAddress(index), files: admitted, requiresPython: commonRequiresPython(admitted) },
      ];
    }),
  );
  return { files: new Map(found), notes };
}

/** Pages carry the name of their index for messages: its address, or for the public index a name. */
async function indexAddress(name: string): Promise<string | null> {
  if (/^https?:/u.test(name)) return name;
  return name === PUBLIC_INDEX_NAME ? (await defaultIndexUrl()).replace(/\/$/u, '') : null;
}

/** As `indexSettings` calls it. */
const PUBLIC_INDEX_NAME = 'PyPI';

async function digestOf(file: IndexFile, http: HttpClient): Promise<string> {
  return retrying(file.filename, async () => {
    const hashed = hashingStream(await openFile(file, http));
    for await (const _chunk of hashed.bytes);
    return hashed.digest();
  });
}

/** What the lock file does not have is left out; what it has under another digest was replaced. */
function checkSameName(
  name: string,
  file: { readonly filename: string; readonly sha256: string },
  locked: LockedProjects | null,
): void {
  const isNamed = locked?.projects.get(name)?.files.some(({ filename }) => filename === file.filename) === true;
  if (isNamed) checkLockedFile(name, file, locked);
}

function admittedFiles(
  files: ReleaseFiles['files'],
  { label, digests }: { readonly label: string; readonly digests: ReadonlySet<string> | undefined },
): ReleaseFiles['files'] {
  if (digests === undefined) return files;
  const admitted = files.filter(({ sha256 }) => digests.has(sha256.toLowerCase()));
  if (admitted.length > 0) return admitted;
  throw new UserError(
    'E_HASH_NOT_ADMITTED',
    `no file of ${label} on the index has one of the sha256 digests that were given for it`,
    { hint: 'the files were replaced, or the digests are of another version: compare them before you change either' },
  );
}

function commonRequiresPython(files: readonly IndexFile[]): string | null {
  const texts = new Set(files.map(({ requiresPython }) => requiresPython));
  const [first = null] = texts;
  return texts.size === 1 ? first : null;
}

function withoutAddress({ filename }: IndexFile): UserError {
  return new UserError('E_NO_ADDRESS', `the address of ${excerpt(filename)} is not in the cache`, {
    exit: EXIT.unavailable,
    hint: 'run once without --offline: the record that ships with the program has no addresses, and a lock file needs them',
  });
}
