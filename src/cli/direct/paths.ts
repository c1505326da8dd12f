import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { excerpt } from '../../base/text.ts';
import type { PackageFacts } from '../../classify/package-facts.ts';

/** Where expressions are written. */
export interface WrittenTo {
  /** The working directory, absolute. */
  readonly directory: string;
  /** The folder of `-o`, relative to it; null for stdout. */
  readonly output: string | null;
}

/**
 * The path of a source on this machine, seen from the file that its expression stands in: of `pkgs/NAME/default.nix` with `-o`, else of a file in the working directory.
 * Undefined for what is fetched.
 */
export function sourcePathOf({ name, source }: PackageFacts, { directory, output }: WrittenTo): string | undefined {
  const whole =
    source.kind === 'directory' || source.kind === 'sdist' || source.kind === 'wheel' ? source.path : undefined;
  if (whole === undefined) return undefined;
  const from = output === null ? directory : path.join(path.resolve(directory, output), 'pkgs', name);
  return path.relative(from, whole) || '.';
}

/** A note where the text on stdout holds paths, which are right in one folder only. */
export function pathNotes(packages: readonly PackageFacts[], written: WrittenTo): Note[] {
  if (written.output !== null) return [];
  return packages.flatMap((facts): Note[] => {
    const local = sourcePathOf(facts, written);
    if (local === undefined) return [];
    const text = `its source is the path ${excerpt(local.startsWith('.') ? local : `./${local}`)}: save the output as a file in ${excerpt(written.directory)}, or the path leads elsewhere`;
    return [{ kind: 'warning', text, project: facts.name }];
  });
}
