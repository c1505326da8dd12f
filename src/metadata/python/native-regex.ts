import type { Place } from '../release-facts.ts';
import type { CallArguments, NativeFunction } from './call-arguments.ts';
import { type Machine, newList, newTable } from './machine.ts';
import { describe, limited } from './operators.ts';
import { type MatchRequest, matchPattern } from './regular-expression.ts';
import { toText } from './text-format.ts';
import { itemsFrom, lift, NONE, str, unknown, type Value } from './value.ts';

type MatchValue = Extract<Value, { kind: 'match' }>;
type PatternValue = Extract<Value, { kind: 'pattern' }>;
type Search = (request: {
  readonly machine: Machine;
  readonly pattern: PatternValue;
  readonly text: string;
  readonly place: Place;
}) => Value;

/** Functions of a pattern and a text, by their names in Python's `re`. */
const SEARCHES: ReadonlyMap<string, Search> = new Map<string, Search>([
  ['match', matching('match')],
  ['fullmatch', matching('fullmatch')],
  ['search', matching('search')],
  ['findall', findAll],
  ['split', splitAt],
]);

/** The functions of `re` that are understood: `compile`, and those that look for a literal pattern in a known text. */
export const REGEX_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  [
    're.compile',
    (_, args) =>
      lift(args.positional[0] ?? NONE, (value) =>
        patternOf(value, args.positional[1] ?? args.keywords.get('flags')?.value, args.place),
      ),
  ],
  [
    're.sub',
    (machine, args) => {
      const [pattern = NONE, ...rest] = args.positional;
      const flags = args.keywords.get('flags')?.value;
      const keywords = new Map([...args.keywords].filter(([name]) => name !== 'flags'));
      return lift(pattern, (one) =>
        substitute(machine, patternOf(one, flags, args.place), rest, { ...args, keywords }),
      );
    },
  ],
  ...[...SEARCHES].map(
    ([name, search]) =>
      [
        `re.${name}`,
        (machine: Machine, args: CallArguments): Value => {
          const [pattern = NONE, text = NONE] = args.positional;
          const flags = args.positional[2] ?? args.keywords.get('flags')?.value;
          return lift(pattern, (one) =>
            searchIn(machine, { pattern: patternOf(one, flags, args.place), text, search, place: args.place }),
          );
        },
      ] as const,
  ),
];

/** `pattern.search(text)` and its like; null for a method that is not understood. */
export function patternMethod(
  machine: Machine,
  pattern: PatternValue,
  name: string,
  args: CallArguments,
): Value | null {
  if (name === 'sub') return substitute(machine, pattern, args.positional, args);
  const search = SEARCHES.get(name);
  const [text = NONE] = args.positional;
  return search === undefined || args.positional.length > 1
    ? null
    : searchIn(machine, { pattern, text, search, place: args.place });
}

/** `match.group(1)`, `match.groups()`, `match.groupdict()`; null for a method that is not understood. */
export function matchMethod(machine: Machine, match: MatchValue, name: string, args: CallArguments): Value | null {
  switch (name) {
    case 'group': {
      const found = (args.positional.length === 0 ? [{ kind: 'number', value: 0 } as const] : args.positional).map(
        (key) => groupOf(match, key, args.place),
      );
      const [only] = found;
      return found.length === 1 && only !== undefined ? only : { kind: 'tuple', items: itemsFrom(found) };
    }
    case 'groups':
      return { kind: 'tuple', items: itemsFrom(match.groups.slice(1).map(groupValue)) };
    case 'groupdict': {
      const slots = [...match.names].map(
        ([key, index]) => [key, { value: groupValue(match.groups[index] ?? null), place: args.place }] as const,
      );
      return { kind: 'ref', id: newTable(machine, 'dict', slots) };
    }
    default:
      return null;
  }
}

/** `match[1]`, `match["name"]`. */
export function groupOf(match: MatchValue, key: Value, place: Place): Value {
  const index = key.kind === 'number' ? key.value : key.kind === 'string' ? match.names.get(key.value) : undefined;
  const group = index === undefined ? undefined : match.groups[index];
  return group === undefined ? unknown('takes a group that the pattern does not have', place) : groupValue(group);
}

function groupValue(group: string | null): Value {
  return group === null ? NONE : str(group);
}

function patternOf(value: Value, flags: Value | undefined, place: Place): Value {
  if (value.kind === 'pattern') return value;
  if (value.kind !== 'string') return unknown(`makes a pattern of ${describe(value)}`, place);
  if (flags !== undefined && flags.kind !== 'number') return unknown('depends on flags of a pattern', place);
  return { kind: 'pattern', pattern: value.value, flags: flags?.value ?? 0 };
}

function searchIn(
  machine: Machine,
  {
    pattern,
    text,
    search,
    place,
  }: { readonly pattern: Value; readonly text: Value; readonly search: Search; readonly place: Place },
): Value {
  if (pattern.kind !== 'pattern') return pattern;
  return lift(text, (value) => {
    const known = value.kind === 'string' ? toText(value, machine.heap) : null;
    return known === null
      ? unknown(`looks for a pattern in ${describe(value)}`, place)
      : search({ machine, pattern, text: known, place });
  });
}

function matching(how: MatchRequest['how']): Search {
  return ({ pattern, text, place }) => {
    const match = matchPattern(pattern.pattern, text, { how, flags: pattern.flags });
    if (match === undefined) return notFollowed(place);
    return match === null ? NONE : { kind: 'match', groups: match.groups, names: match.names };
  };
}

function findAll({ machine, pattern, text, place }: Parameters<Search>[0]): Value {
  const found: Value[] = [];
  for (let start = 0; start <= text.length && found.length < MOST_FOUND; ) {
    const match = matchPattern(pattern.pattern, text, { how: 'search', flags: pattern.flags, start });
    if (match === undefined) return notFollowed(place);
    if (match === null) return newList(machine, itemsFrom(found));
    const [whole = NONE, ...groups] = match.groups.map((group) => limited(group ?? '', place));
    const [only] = groups;
    found.push(only === undefined ? whole : groups.length === 1 ? only : { kind: 'tuple', items: itemsFrom(groups) });
    start = match.to > match.from ? match.to : match.to + 1;
  }
  return found.length < MOST_FOUND ? newList(machine, itemsFrom(found)) : notFollowed(place);
}

/** `re.split` with a pattern that has no groups. */
function splitAt({ machine, pattern, text, place }: Parameters<Search>[0]): Value {
  const parts: string[] = [];
  let begin = 0;
  for (let start = 0; parts.length < MOST_FOUND; ) {
    const match = matchPattern(pattern.pattern, text, { how: 'search', flags: pattern.flags, start });
    if (match === undefined || (match !== null && (match.groups.length > 1 || match.to === match.from)))
      return notFollowed(place);
    parts.push(text.slice(begin, match?.from));
    if (match === null) return newList(machine, itemsFrom(parts.map(str)));
    begin = match.to;
    start = match.to;
  }
  return notFollowed(place);
}

/** `re.sub(pattern, replacement, text)` for a replacement without references; null for other arguments. */
function substitute(machine: Machine, pattern: Value, rest: readonly Value[], args: CallArguments): Value {
  const [by = NONE, text = NONE] = rest;
  if (rest.length !== 2 || args.keywords.size > 0 || by.kind !== 'string' || by.value.includes('\\'))
    return notFollowed(args.place);
  const search: Search = ({ pattern: one, text: known, place }) => {
    const pieces: string[] = [];
    let begin = 0;
    for (let start = 0; pieces.length < MOST_FOUND; ) {
      const match =
        start > known.length ? null : matchPattern(one.pattern, known, { how: 'search', flags: one.flags, start });
      if (match === undefined) return notFollowed(place);
      if (match === null) return limited(pieces.join('') + known.slice(begin), place);
      // Versions of Python differ in whether an empty match counts behind another.
      const isEmpty = match.from === match.to;
      if (isEmpty && match.from !== known.length) return notFollowed(place);
      const isBehindAnother = isEmpty && pieces.length > 0 && match.from === begin;
      pieces.push(known.slice(begin, match.from), isBehindAnother ? '' : by.value);
      if (isBehindAnother && by.value !== '') return notFollowed(place);
      begin = match.to;
      start = isEmpty ? known.length + 1 : match.to;
    }
    return notFollowed(place);
  };
  return searchIn(machine, { pattern, text, search, place: args.place });
}

const MOST_FOUND = 200;

function notFollowed(place: Place): Value {
  return unknown('depends on a regular expression that is not followed', place);
}
