/** A part of a regular expression. */
export type PatternNode =
  | { readonly kind: 'character'; readonly accepts: (character: string, dotAll: boolean) => boolean }
  | { readonly kind: 'anchor'; readonly at: 'begin' | 'end' | 'line begin' | 'line end' | 'word' | 'no word' }
  | { readonly kind: 'group'; readonly index: number | null; readonly alternatives: readonly PatternSequence[] }
  | {
      readonly kind: 'repeat';
      readonly of: PatternNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

export type PatternSequence = readonly PatternNode[];

export interface Pattern {
  readonly sequence: PatternSequence;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

const LONGEST = 500;
const DEEPEST = 20;

/**
 * A pattern of Python's `re`; null for one with more than this: look-around, references to groups, inline flags, and possessive quantifiers are not understood.
 * alternatives = sequence ("|" sequence)*
 * sequence = (atom [quantifier])*
 * atom = character | "." | "\" escape | "[" ["^"] ranges "]" | "(" ["?:" | "?P<" name ">"] alternatives ")" | "^" | "$"
 * quantifier = ("*" | "+" | "?" | "{" [number] ["," [number]] "}") ["?"]
 */
export function parsePattern(text: string): Pattern | null {
  if (text.length > LONGEST) return null;
  const reader: Reader = { text, at: 0, groups: 0, names: new Map(), depth: 0 };
  try {
    const alternatives = readAlternatives(reader);
    if (reader.at < text.length) return null;
    const sequence: PatternSequence = [{ kind: 'group', index: null, alternatives }];
    return { sequence, groups: reader.groups, names: reader.names };
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

class NotUnderstood extends Error {}

interface Reader {
  readonly text: string;
  at: number;
  groups: number;
  readonly names: Map<string, number>;
  depth: number;
}

function readAlternatives(reader: Reader): PatternSequence[] {
  if (++reader.depth > DEEPEST) throw new NotUnderstood();
  const alternatives: PatternNode[][] = [[]];
  while (reader.at < reader.text.length && reader.text[reader.at] !== ')') {
    if (reader.text[reader.at] === '|') {
      reader.at++;
      alternatives.push([]);
    } else alternatives.at(-1)?.push(quantified(reader, readAtom(reader)));
  }
  reader.depth--;
  return alternatives;
}

function quantified(reader: Reader, of: PatternNode): PatternNode {
  const match = /^(?:([*+?])|\{(\d{0,4})(,(\d{0,4}))?\})(\?)?/u.exec(reader.text.slice(reader.at, reader.at + 13));
  if (match === null) return of;
  const [whole, sign, from = '', comma, to = '', lazy] = match;
  // `{}` and `{,}` are characters in Python.
  if (of.kind === 'anchor' || (sign === undefined && from === '' && to === '')) throw new NotUnderstood();
  reader.at += whole.length;
  if (/^[*+?]/u.test(reader.text.slice(reader.at))) throw new NotUnderstood();
  const counts = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] } as const;
  const own = [Number(from), comma === undefined ? Number(from) : to === '' ? Infinity : Number(to)] as const;
  const [min, max] = sign === '*' || sign === '+' || sign === '?' ? counts[sign] : own;
  return { kind: 'repeat', of, min, max, lazy: lazy !== undefined };
}

function readAtom(reader: Reader): PatternNode {
  const character = reader.text[reader.at++] ?? '';
  switch (character) {
    case '.':
      return { kind: 'character', accepts: (one, dotAll) => dotAll || one !== '\n' };
    case '^':
      return { kind: 'anchor', at: 'line begin' };
    case '$':
      return { kind: 'anchor', at: 'line end' };
    case '(':
      return readGroup(reader);
    case '[':
      return readSet(reader);
    case '\\':
      return readEscape(reader);
    case '*':
    case '+':
    case '?':
    case '{':
      throw new NotUnderstood();
    default:
      return { kind: 'character', accepts: (one) => one === character };
  }
}

function readGroup(reader: Reader): PatternNode {
  let index: number | null = null;
  const special = /^\?(?::|P<([A-Za-z_]\w{0,40})>)/u.exec(reader.text.slice(reader.at));
  if (special === null && reader.text[reader.at] === '?') throw new NotUnderstood();
  reader.at += special?.[0].length ?? 0;
  if (special?.[0] !== '?:') {
    index = ++reader.groups;
    if (special?.[1] !== undefined) reader.names.set(special[1], index);
  }
  const alternatives = readAlternatives(reader);
  if (reader.text[reader.at++] !== ')') throw new NotUnderstood();
  return { kind: 'group', index, alternatives };
}

function readEscape(reader: Reader): PatternNode {
  const character = reader.text[reader.at++] ?? '';
  const anchors: ReadonlyMap<string, Extract<PatternNode, { kind: 'anchor' }>['at']> = new Map([
    ['A', 'begin'],
    ['Z', 'end'],
    ['b', 'word'],
    ['B', 'no word'],
  ]);
  const at = anchors.get(character);
  return at === undefined ? { kind: 'character', accepts: escaped(character) } : { kind: 'anchor', at };
}

/** What `\d` and its like accept, or the one character that an escape stands for. */
function escaped(character: string): (one: string) => boolean {
  const kinds: ReadonlyMap<string, RegExp> = new Map([
    ['d', /\p{Nd}/u],
    ['D', /\P{Nd}/u],
    ['s', /\s/u],
    ['S', /\S/u],
    ['w', /[\p{L}\p{N}_]/u],
    ['W', /[^\p{L}\p{N}_]/u],
  ]);
  const kind = kinds.get(character);
  if (kind !== undefined) return (one) => kind.test(one);
  const controls: ReadonlyMap<string, string> = new Map([
    ['n', '\n'],
    ['t', '\t'],
    ['r', '\r'],
  ]);
  const control = controls.get(character);
  if (control === undefined && /[A-Za-z0-9]/u.test(character)) throw new NotUnderstood();
  return (one) => one === (control ?? character);
}

function readSet(reader: Reader): PatternNode {
  const isNegated = reader.text[reader.at] === '^';
  if (isNegated) reader.at++;
  const tests: ((one: string) => boolean)[] = [];
  for (let isFirst = true; ; isFirst = false) {
    const character = reader.text[reader.at++];
    if (character === undefined) throw new NotUnderstood();
    if (character === ']' && !isFirst) break;
    if (character === '\\') {
      tests.push(escaped(reader.text[reader.at++] ?? ''));
      continue;
    }
    const end = reader.text[reader.at + 1];
    if (reader.text[reader.at] === '-' && end !== undefined && end !== ']') {
      if (end === '\\' || end < character) throw new NotUnderstood();
      reader.at += 2;
      tests.push((one) => one >= character && one <= end);
    } else tests.push((one) => one === character);
  }
  return { kind: 'character', accepts: (one) => tests.some((test) => test(one)) !== isNegated };
}
