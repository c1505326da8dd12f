import { fitsPattern } from '../fnmatch.ts';
import { joinPath, normalPath } from './file-paths.ts';
import { countStep, type Machine } from './machine.ts';

/**
 * The paths in the sdist that fit a pattern of `glob.glob` or `Path.glob`, from a folder on, in the order of names; null for a pattern that leads out of the sdist.
 * pattern = segment ("/" segment)*; "**" stands for any number of folders where it is recursive
 */
export function filesLike(
  machine: Machine,
  folder: string,
  pattern: string,
  { isRecursive, takesHidden }: { readonly isRecursive: boolean; readonly takesHidden: boolean },
): string[] | null {
  const whole = normalPath(pattern);
  if (/^(?:\/|\.\.)/u.test(whole) || /^(?:\/|\.\.)/u.test(folder)) return null;
  const segments = whole.split('/');
  const found = new Set<string>();
  const seen = new Set<string>();
  const search = (path: string, at: number): void => {
    const key = `${at} ${path}`;
    const segment = segments[at];
    if (segment === undefined || seen.has(key)) return;
    seen.add(key);
    const isLast = at === segments.length - 1;
    const isAnyDepth = segment === '**' && isRecursive;
    if (isAnyDepth && !isLast) search(path, at + 1);
    for (const name of machine.files.list(path)) {
      countStep(machine);
      if (name.startsWith('.') && !takesHidden && !segment.startsWith('.')) continue;
      if (!isAnyDepth && !fitsPattern(name, segment)) continue;
      const below = joinPath(path, name);
      if (isLast) found.add(below);
      if (isAnyDepth) search(below, at);
      else search(below, at + 1);
    }
  };
  search(normalPath(folder), 0);
  return [...found].sort();
}
