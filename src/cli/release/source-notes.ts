import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import { malformedAmong } from '../../index/page-files.ts';
import type { IndexFile, ProjectPage } from '../../index/project-page.ts';
import type { IndexRelease } from '../../index/releases.ts';

/** What the user should know of the file that a release is generated from, and of files of the project that were dropped because they are malformed. */
export function sourceNotes(file: IndexFile, page: ProjectPage): Note[] {
  const project = page.name;
  const notes: Note[] = [];
  const malformed = malformedAmong(page.ignored);
  if (malformed.length > 0)
    notes.push({ kind: 'omitted', text: `passed over on ${page.index}: ${joinWords(malformed)}`, project });
  if (file.url.startsWith('file:')) {
    const text = `${file.filename} is taken for PyPI's file of that name; add it with nix-store --add-fixed sha256, or the build fetches it from PyPI`;
    notes.push({ kind: 'fallback', text, project });
  } else if (file.sha256 === null) {
    const text = `${page.index} gives no sha256 of ${file.filename}, so nothing could be checked against the index`;
    notes.push({ kind: 'warning', text, project });
  }
  return notes;
}

/** Why a project has no releases although its page is not empty. */
export function nothingUsable(page: ProjectPage, releases: readonly IndexRelease[]): Note[] {
  if (releases.length > 0 || page.ignored.length === 0) return [];
  const text = `${page.index} has no file of it that could be used: ${joinWords(page.ignored)} passed over`;
  return [{ kind: 'warning', text, project: page.name }];
}
