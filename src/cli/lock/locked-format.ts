import type { Note } from '../../base/note.ts';
import { oneLine } from '../../base/text.ts';
import type { IndexFile } from '../../index/project-page.ts';
import { isLockedFile, type LockedProjects } from '../../lock/locked-projects.ts';
import type { Format } from '../formats.ts';

/** What the choice of a format by a lock needs of the run. */
export interface LockedFormatOptions {
  /** All files of a release on the index. */
  readonly filesOf: (project: string, version: string) => Promise<readonly IndexFile[]>;
  /** What is taken in general; another choice is worth a note. */
  readonly wanted: Format;
  /** Takes the notes. */
  readonly notes: Note[];
}

/**
 * The kind of file that a lock has of a release where it has only one, by PEP 503 name and version: the other would not be admitted. Null where it has both, or no digests. A
 * file that it has none of is no reason for either: what is wrong with it is told where it is read.
 */
export function onlyLockedFormat(
  locked: LockedProjects | null,
  { filesOf, wanted, notes }: LockedFormatOptions,
): (project: string, version: string) => Promise<Format | null> {
  return async (name, version) => {
    const project = locked?.projects.get(name);
    if (locked === null || project === undefined || project.version !== version) return null;
    if (project.files.every(({ sha256 }) => sha256 === null)) return null;
    const files = await filesOf(name, version);
    const kinds = new Set(
      files
        .filter(({ filename, sha256 }) => sha256 !== null && isLockedFile(project, filename, sha256))
        .map(({ kind }) => kind),
    );
    const [only] = kinds;
    if (only === undefined || kinds.size > 1) return null;
    const isOther = files.some(({ kind }) => kind !== only) && (wanted === 'wheel' ? 'wheel' : 'sdist') !== only;
    const text = `its ${only} is taken: ${oneLine(locked.file)} has no ${only === 'wheel' ? 'sdist' : 'wheel'} of it`;
    if (isOther) notes.push({ kind: 'fallback', text, project: name });
    return only;
  };
}
