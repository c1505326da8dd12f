import type { Note } from '../../base/note.ts';
import { countOf } from '../../base/text.ts';
import type { ReadRelease } from '../../classify/classify.ts';
import { isLockedFile, type LockedProjects } from '../../lock/locked-projects.ts';
import type { RequestedProjects } from '../requirements/requirement-arguments.ts';

/**
 * The release with those of its wheels that a lock file and the digests of requirements files admit, and a note where others are left out. The wheel that
 * stands for the release has been checked; others are for other interpreters and systems, which a lock need not serve.
 */
export function withAdmittedWheels(
  release: ReadRelease,
  { locked, hashes }: { readonly locked: LockedProjects | null; readonly hashes: RequestedProjects['hashes'] },
): ReadRelease {
  const { source, name } = release;
  if (source.kind !== 'wheel' || source.wheels === undefined) return release;
  const project = locked?.projects.get(name);
  const digests = hashes.get(name);
  const wheels = source.wheels.filter(
    ({ filename, sha256 }) =>
      (project === undefined || isLockedFile(project, filename, sha256)) && (digests?.has(sha256) ?? true),
  );
  const dropped = source.wheels.length - wheels.length;
  if (dropped === 0) return release;
  const text = `${countOf(dropped, 'wheel')} for other targets left out: no digest of them is given`;
  const note: Note = { kind: 'omitted', text, project: name };
  return { ...release, source: { ...source, wheels }, notes: [...release.notes, note] };
}
