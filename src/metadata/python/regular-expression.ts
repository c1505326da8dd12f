import { type PatternNode, type PatternSequence, parsePattern } from './pattern.ts';

/** What a regular expression found: the whole match, then its groups; null for a group that took no part. */
export interface PatternMatch {
  readonly groups: readonly (string | null)[];
  readonly names: ReadonlyMap<string, number>;
  /** Where it begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

/** `match`: at the beginning; `fullmatch`: all of the text; `search`: anywhere from `start` on. */
export interface MatchRequest {
  readonly how: 'match' | 'fullmatch' | 'search';
  /** The sum of Python's `re.IGNORECASE` (2), `re.MULTILINE` (8) and `re.DOTALL` (16); others that change what matches are refused. */
  readonly flags: number;
  readonly start?: number;
}

/** No pattern of a setup.py needs more on a file of its sdist; each step is a node at a place of the text, so that none takes long. */
const MAX_STEPS = 200_000;
const LONGEST_TEXT = 64 << 10;
/** `re.VERBOSE` and `re.LOCALE`. */
const REFUSED_FLAGS = 64 | 4;

/**
 * Matches a text with a pattern of Python's `re`, of which a subset is understood: see parsePattern(). By hand and with counted steps, since pattern and text come from
 * outside and the engine of JavaScript has no bound. `undefined` where the pattern is not understood or the steps do not suffice, null where nothing matches.
 */
export function matchPattern(pattern: string, text: string, request: MatchRequest): PatternMatch | null | undefined {
  if ((request.flags & REFUSED_FLAGS) !== 0 || text.length > LONGEST_TEXT) return undefined;
  const parsed = parsePattern(pattern);
  if (parsed === null) return undefined;
  const state: State = { text, flags: request.flags, steps: 0, groups: new Array(parsed.groups + 1).fill(null) };
  const last = request.how === 'search' ? text.length : (request.start ?? 0);
  try {
    for (let from = request.start ?? 0; from <= last; from++) {
      state.groups.fill(null);
      let to = from;
      const found = run(state, parsed.sequence, 0, from, (end) => {
        to = end;
        return request.how !== 'fullmatch' || end === text.length;
      });
      if (!found) continue;
      const groups = state.groups.map((span) => (span === null ? null : text.slice(span[0], span[1])));
      groups[0] = text.slice(from, to);
      return { groups, names: parsed.names, from, to };
    }
  } catch (error) {
    // A group that is repeated more often than the stack is deep.
    if (error instanceof TooManySteps || error instanceof RangeError) return undefined;
    throw error;
  }
  return null;
}

class TooManySteps extends Error {}

interface State {
  readonly text: string;
  readonly flags: number;
  steps: number;
  readonly groups: (readonly [number, number] | null)[];
}

type Continue = (at: number) => boolean;

function run(state: State, sequence: PatternSequence, index: number, at: number, next: Continue): boolean {
  if (++state.steps > MAX_STEPS) throw new TooManySteps();
  const node = sequence[index];
  if (node === undefined) return next(at);
  return runNode(state, node, at, (end) => run(state, sequence, index + 1, end, next));
}

function runNode(state: State, node: PatternNode, at: number, next: Continue): boolean {
  switch (node.kind) {
    case 'character':
      return isAccepted(state, node, at) && next(at + 1);
    case 'anchor':
      return holds(state, node.at, at) && next(at);
    case 'group':
      return node.alternatives.some((alternative) =>
        run(state, alternative, 0, at, (end) => {
          if (node.index === null) return next(end);
          const before = state.groups[node.index] ?? null;
          state.groups[node.index] = [at, end];
          if (next(end)) return true;
          state.groups[node.index] = before;
          return false;
        }),
      );
    case 'repeat':
      return node.of.kind === 'character' ? runCharacters(state, node, at, next) : repeat(state, node, 0, at, next);
  }
}

type Repeat = Extract<PatternNode, { kind: 'repeat' }>;
type Character = Extract<PatternNode, { kind: 'character' }>;

/** A single character many times, without recursion. */
function runCharacters(state: State, node: Repeat, at: number, next: Continue): boolean {
  if (node.of.kind !== 'character') return false;
  let most = 0;
  if (node.lazy) {
    for (let end = at; most <= node.max; end++) {
      if (most >= node.min && next(end)) return true;
      if (!isAccepted(state, node.of, end)) return false;
      most++;
    }
    return false;
  }
  while (most < node.max && isAccepted(state, node.of, at + most)) most++;
  for (let count = most; count >= node.min; count--) if (next(at + count)) return true;
  return false;
}

function repeat(state: State, node: Repeat, count: number, at: number, next: Continue): boolean {
  const again = (): boolean =>
    count < node.max &&
    // A round that takes nothing would go on for ever.
    runNode(state, node.of, at, (end) => (end > at || count < node.min) && repeat(state, node, count + 1, end, next));
  if (++state.steps > MAX_STEPS) throw new TooManySteps();
  if (count < node.min) return again();
  return node.lazy ? next(at) || again() : again() || next(at);
}

function isAccepted(state: State, { accepts }: Character, at: number): boolean {
  if (++state.steps > MAX_STEPS) throw new TooManySteps();
  const character = state.text[at];
  if (character === undefined) return false;
  if ((state.flags & 2) === 0) return accepts(character, (state.flags & 16) !== 0);
  return [character, character.toLowerCase(), character.toUpperCase()].some((one) =>
    accepts(one, (state.flags & 16) !== 0),
  );
}

function holds({ text, flags }: State, anchor: Extract<PatternNode, { kind: 'anchor' }>['at'], at: number): boolean {
  const isMultiline = (flags & 8) !== 0;
  switch (anchor) {
    case 'begin':
      return at === 0;
    case 'line begin':
      return at === 0 || (isMultiline && text[at - 1] === '\n');
    case 'end':
      return at === text.length;
    case 'line end':
      return at === text.length || (at === text.length - 1 && text[at] === '\n') || (isMultiline && text[at] === '\n');
    case 'word':
    case 'no word': {
      const isBoundary = isWord(text[at - 1]) !== isWord(text[at]);
      return isBoundary === (anchor === 'word');
    }
  }
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
