import { oneLine } from '../base/text.ts';

/** How many files are looked at, and how much of each: a notice stands at the head of every file, or of the first ones. */
const MOST_FILES = 60;
const HEAD = 3000;

/**
 * What the notices at the heads of a release's own modules say of later versions of a GNU licence, whose text alone does not tell: one sentence where all that name the
 * licence allow them, none where one of them does not.
 */
export function licenceNotices(
  modules: readonly string[],
  { paths, text }: { readonly paths: readonly string[]; readonly text: (path: string) => string | null },
): string[] {
  const tops = new Set(modules.map((module) => module.split('.', 1)[0] ?? module));
  const notices = paths
    .filter((path) => isOf(tops, path))
    .slice(0, MOST_FILES)
    .flatMap((path) => noticeOf(text(path) ?? '') ?? []);
  const [first] = notices;
  return first !== undefined && notices.every((notice) => LATER.test(notice)) ? [first] : [];
}

/** A module file at the root or below one folder (src/), and no copy of another project in it. */
function isOf(tops: ReadonlySet<string>, path: string): boolean {
  const parts = path.replace(/\.py$/u, '').split('/');
  if (!path.endsWith('.py') || !parts.slice(0, 2).some((part) => tops.has(part))) return false;
  return !parts.some((part) => /^_?(?:vendor|vendored|extern|external|third_?party|tests?)$/iu.test(part));
}

/** What “or later” speaks of must be the licence: an interpreter may be named beside it. */
const LATER =
  /any later version|(?:licen[cs]e|[al]?gpl|(?<!python )version)[ ,()]{0,3}(?:[al]?gpl\)? ?,? ?)?(?:version |v)?\d?(?:\.\d)?[ ,(]{0,3}or later\b/iu;

/** The words around the name of the licence, where the head is a notice and not a mention of it. */
function noticeOf(text: string): string | null {
  const head = oneLine(text.slice(0, HEAD).replace(/^[ \t]*(?:#+|\*+)/gmu, ''));
  const at = head.search(/General Public Licen[cs]e/iu);
  if (at < 0) return null;
  const notice = head.slice(Math.max(0, at - 150), at + 250);
  return /redistribute|terms of|licen[cs]ed under|released under/iu.test(notice) ? notice : null;
}
