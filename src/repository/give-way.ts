import { diffIndices } from 'node-diff3';

/** What an edit by hand has taken away and is to stand again. */
export interface TakenAway {
  /** Whether a word of the file is the name that is missed. */
  readonly isMissed: (word: string) => boolean;
  /** The attributes in whose lists it is missed, by the names of all releases of nixpkgs. The arguments of the function count always. */
  readonly attributes: ReadonlySet<string>;
}

/** The file with the edits that stay. */
export interface GivenWay {
  readonly text: string;
  /** Lines of the generated text, from 1, whose edit gave way. */
  readonly lines: readonly number[];
}

/**
 * Takes back those edits of an expression that took a name out of its lists or arguments; every other edit stays, also in the same line. `base`: what was generated, `edited`: what
 * the user made of it. Gives null where no edit did that, and `inseparable` where one put something in its place that cannot stand beside it.
 */
export function giveWay(
  { base, edited }: { readonly base: string; readonly edited: string },
  taken: TakenAway,
): GivenWay | 'inseparable' | null {
  const before = base.split('\n');
  const after = edited.split('\n');
  const lines: number[] = [];
  const result: string[] = [];
  let copied = 0;
  for (const { buffer1, buffer1Content, buffer2, buffer2Content } of diffIndices(before, after)) {
    const [start] = buffer1;
    const [at, length] = buffer2;
    result.push(...after.slice(copied, at));
    copied = at + length;
    const hunk = { base: buffer1Content.join('\n'), edited: length === 0 ? null : buffer2Content.join('\n') };
    const places = buffer1Content.flatMap((line, index) =>
      isPlace(before, start + index, taken) && has(line, taken) ? [start + index] : [],
    );
    const given =
      places.length === 0 ? null : hunkGivenWay(hunk, { ...taken, separator: isArgument(before, start) ? ', ' : ' ' });
    if (given === 'inseparable') return given;
    if (given === null) result.push(...buffer2Content);
    else {
      result.push(...given.split('\n'));
      lines.push(...places.map((place) => place + 1));
    }
  }
  result.push(...after.slice(copied));
  return lines.length === 0 ? null : { text: result.join('\n'), lines };
}

/** The names in the lists of an expression, by the attribute. */
export function listsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  let attribute: string | null = null;
  for (const line of text.split('\n')) {
    const begun = /^\s*([A-Za-z_][\w'-]*)\s*=\s*(\[.*)$/u.exec(line);
    if (begun !== null) attribute = begun[1] ?? null;
    if (attribute === null) continue;
    const names = lists.get(attribute) ?? [];
    lists.set(attribute, names);
    const inside = (begun?.[2] ?? line).replace(/#.*$/u, '');
    names.push(...(inside.match(/[A-Za-z_][\w'-]*(?:\.[A-Za-z_][\w'-]*)*/gu) ?? []));
    if (/\]\s*;/u.test(inside)) attribute = null;
  }
  return lists;
}

function has(line: string, { isMissed }: TakenAway): boolean {
  return countOf(line, isMissed) > 0;
}

/** Whether a line is of the arguments, or of one of the lists that are meant. */
function isPlace(lines: readonly string[], at: number, { attributes }: TakenAway): boolean {
  if (isArgument(lines, at)) return true;
  for (let above = at; above >= 0; above -= 1) {
    const name = /^\s*([A-Za-z_][\w'-]*)\s*=(?!=)/u.exec(lines[above] ?? '')?.[1];
    if (name !== undefined) return attributes.has(name);
  }
  return false;
}

/** Arguments stand before the first line that ends them. */
function isArgument(lines: readonly string[], at: number): boolean {
  const end = lines.findIndex((line) => /\}\s*:\s*$/u.test(line));
  return at <= end;
}

/** Changed lines in which the name stands again; null: it stands there as often as before. */
function hunkGivenWay(
  hunk: { readonly base: string; readonly edited: string | null },
  { isMissed, separator }: Pick<TakenAway, 'isMissed'> & { readonly separator: string },
): string | 'inseparable' | null {
  if (hunk.edited === null) return hunk.base;
  // With the line break that both have before them, so that what begins a line does so again.
  const before = tokensOf(`\n${hunk.base}`);
  const after = tokensOf(`\n${hunk.edited}`);
  const result: Token[] = [];
  let copied = 0;
  let isChanged = false;
  for (const { buffer1, buffer2 } of diffIndices(before.map(textOf), after.map(textOf))) {
    const gone = before.slice(buffer1[0], buffer1[0] + buffer1[1]);
    const put = after.slice(buffer2[0], buffer2[0] + buffer2[1]);
    result.push(...after.slice(copied, buffer2[0]));
    copied = buffer2[0] + buffer2[1];
    if (!gone.some(({ text }) => isMissed(text)) || put.some(({ text }) => isMissed(text))) {
      result.push(...put);
      continue;
    }
    isChanged = true;
    result.push(...gone);
    if (put.every(isNothing)) continue;
    if (![...gone, ...put].every(isEntry)) return 'inseparable';
    result.push(...put.map((token, index) => (index === 0 ? { ...token, space: separator } : token)));
  }
  result.push(...after.slice(copied));
  if (!isChanged) return null;
  const text = result
    .map((token) => `${token.space}${token.text}`)
    .join('')
    .slice(1);
  // A comment of the user may have swallowed it.
  return countOf(text, isMissed) > countOf(hunk.edited, isMissed) ? text : 'inseparable';
}

interface Token {
  /** The blanks and line breaks before it. */
  readonly space: string;
  readonly text: string;
}

/** token = { blank } ( comment | name | any other character | end of the text ) */
function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(/(\s*)(#[^\n]*|[A-Za-z_][\w'-]*|\S|$)/gu)].map(([, space = '', what = '']) => ({
    space,
    text: what,
  }));
}

function textOf({ text }: Token): string {
  return text;
}

function countOf(text: string, isMissed: TakenAway['isMissed']): number {
  return tokensOf(text).filter((token) => isMissed(token.text)).length;
}

/** What stands in the place of what was deleted and says nothing: comments, commas. */
function isNothing({ text }: Token): boolean {
  return text === '' || text === ',' || text.startsWith('#');
}

/** What may stand beside other entries. */
function isEntry(token: Token): boolean {
  return isNothing(token) || /^(?:[A-Za-z_][\w'-]*|\.)$/u.test(token.text);
}
