import type { Place } from '../release-facts.ts';
import type { CallArguments } from './call-arguments.ts';
import { ALWAYS } from './condition.ts';
import { containerMethod } from './container-methods.ts';
import { baseName, joinPath, normalPath, parentPath } from './file-paths.ts';
import { filesLike } from './glob.ts';
import { type Machine, newList } from './machine.ts';
import { readKept } from './native-files.ts';
import { matchMethod, patternMethod } from './native-regex.ts';
import { describe, iterate, limited, linesOf } from './operators.ts';
import { braceFormat, toText } from './text-format.ts';
import { bool, choose, type Item, itemsFrom, lift, NONE, num, str, unknown, type Value } from './value.ts';

/** `receiver.name(...)` for the types whose methods are understood; null for any other. */
export function callMethod(machine: Machine, receiver: Value, name: string, args: CallArguments): Value | null {
  switch (receiver.kind) {
    case 'choice':
      return eachOption(machine, receiver.options, name, args);
    case 'string':
      return textMethod(machine, receiver.value, name, args);
    case 'file':
      return fileMethod(machine, receiver, name);
    case 'path':
      return pathMethod(machine, receiver.path, name, args);
    case 'pattern':
      return patternMethod(machine, receiver, name, args);
    case 'match':
      return matchMethod(machine, receiver, name, args);
    case 'version':
      return name === 'startswith' ? unknown('tests the text of the version', args.place) : null;
    case 'ref':
    case 'tuple':
      return containerMethod(machine, receiver, name, args);
    default:
      return null;
  }
}

/** Attributes that are no methods: those of paths. Null for any other. */
export function plainAttribute(receiver: Value, name: string): Value | null {
  if (receiver.kind === 'file' && name === 'name') return str(receiver.path);
  if (receiver.kind !== 'path') return null;
  const base = baseName(receiver.path);
  const dot = base.lastIndexOf('.');
  switch (name) {
    case 'parent':
      return { kind: 'path', path: parentPath(receiver.path) };
    case 'name':
      return str(base);
    case 'stem':
      return str(dot > 0 ? base.slice(0, dot) : base);
    case 'suffix':
      return str(dot > 0 ? base.slice(dot) : '');
    case 'parents': {
      const parents: Item[] = [];
      for (let path = receiver.path; path !== ''; path = parentPath(path)) {
        parents.push({ value: { kind: 'path', path: parentPath(path) }, when: ALWAYS });
        if (path.startsWith('..') || path === '/') break;
      }
      return { kind: 'tuple', items: parents };
    }
    default:
      return null;
  }
}

function eachOption(
  machine: Machine,
  options: readonly { readonly when: Parameters<typeof choose>[0][number]['when']; readonly value: Value }[],
  name: string,
  args: CallArguments,
): Value | null {
  const results = options.map(({ when, value }) => ({
    when,
    value: callMethod(machine, value, name, args) ?? unknown(`calls ${name} of ${describe(value)}`, args.place),
  }));
  return choose(results);
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}

function textMethod(machine: Machine, text: string, name: string, args: CallArguments): Value | null {
  const [first, second] = args.positional.map((value) => (value.kind === 'string' ? value.value : null));
  const { place } = args;
  const list = (parts: readonly string[]): Value => newList(machine, itemsFrom(parts.map(str)));
  switch (name) {
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      return first === null ? null : str(stripped(text, name, first));
    case 'lower':
      return str(text.toLowerCase());
    case 'upper':
      return str(text.toUpperCase());
    case 'title':
      return str(text.replace(/\p{L}+/gu, capitalized));
    case 'capitalize':
      return str(capitalized(text));
    case 'encode':
    case 'decode':
    case 'expandtabs':
      return str(text);
    case 'isdigit':
      return bool(/^\d+$/u.test(text));
    case 'isspace':
      return bool(/^\s+$/u.test(text));
    case 'splitlines':
      return list(linesOf(text).map((line) => line.replace(/\r?\n$/u, '')));
    case 'split':
    case 'rsplit':
      return first === null
        ? splitOnNone(args, text, list)
        : list(split(text, first, args.positional[1] ?? args.keywords.get('maxsplit')?.value, name));
    case 'partition':
    case 'rpartition': {
      if (typeof first !== 'string' || first === '') return null;
      const at = name === 'partition' ? text.indexOf(first) : text.lastIndexOf(first);
      const parts = at < 0 ? [text, '', ''] : [text.slice(0, at), first, text.slice(at + first.length)];
      return { kind: 'tuple', items: itemsFrom(parts.map(str)) };
    }
    case 'startswith':
    case 'endswith':
      return lift(args.positional[0] ?? NONE, (value) => affixTest(machine, text, name, value, place));
    case 'replace':
      if (typeof first !== 'string' || typeof second !== 'string') return null;
      return limited(text.split(first).join(second), place);
    case 'removeprefix':
      return typeof first === 'string' ? str(text.startsWith(first) ? text.slice(first.length) : text) : null;
    case 'removesuffix':
      return typeof first === 'string'
        ? str(first !== '' && text.endsWith(first) ? text.slice(0, -first.length) : text)
        : null;
    case 'find':
      return typeof first === 'string' ? num(text.indexOf(first)) : null;
    case 'count':
      return typeof first === 'string' && first !== '' ? num(text.split(first).length - 1) : null;
    case 'join':
      return lift(args.positional[0] ?? NONE, (value) => joined(machine, text, value, place));
    case 'format': {
      if (args.rest !== null) return null;
      const keywords = new Map([...args.keywords].map(([key, slot]) => [key, slot.value]));
      const formatted = braceFormat(text, args.positional, keywords, machine.heap);
      return formatted === null ? unknown('formats a value that is not known', place) : limited(formatted, place);
    }
    default:
      return null;
  }
}

function stripped(text: string, name: string, characters: string | undefined): string {
  const isStripped = (character: string) =>
    characters === undefined ? /\s/u.test(character) : characters.includes(character);
  let start = 0;
  let end = text.length;
  if (name !== 'rstrip') while (start < end && isStripped(text.charAt(start))) start++;
  if (name !== 'lstrip') while (end > start && isStripped(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** `split(None, ...)` is `split()`. */
function splitOnNone(args: CallArguments, text: string, list: (parts: readonly string[]) => Value): Value | null {
  return args.positional[0]?.kind === 'none' ? list(split(text, undefined, args.positional[1], 'split')) : null;
}

function split(text: string, separator: string | undefined, limit: Value | undefined, name: string): string[] {
  const most = limit?.kind === 'number' && limit.value >= 0 ? limit.value : Number.POSITIVE_INFINITY;
  const parts =
    separator === undefined || separator === ''
      ? text.split(/\s+/u).filter((part) => part !== '')
      : text.split(separator);
  if (parts.length <= most + 1) return parts;
  const glue = separator ?? ' ';
  return name === 'rsplit'
    ? [parts.slice(0, parts.length - most).join(glue), ...parts.slice(parts.length - most)]
    : [...parts.slice(0, most), parts.slice(most).join(glue)];
}

function affixTest(machine: Machine, text: string, name: string, affixes: Value, place: Place): Value {
  const items = affixes.kind === 'string' ? itemsFrom([affixes]) : iterate(machine, affixes, place);
  if ('kind' in items) return items;
  const test = (affix: string) => (name === 'startswith' ? text.startsWith(affix) : text.endsWith(affix));
  return bool(items.some(({ value }) => value.kind === 'string' && test(value.value)));
}

function joined(machine: Machine, glue: string, list: Value, place: Place): Value {
  const items = iterate(machine, list, place);
  if ('kind' in items) return items;
  const texts: string[] = [];
  for (const { value, when } of items) {
    const text = when.kind === 'always' ? toText(value, machine.heap) : null;
    if (text === null) return value.kind === 'unknown' ? value : unknown('joins texts that are not known', place);
    texts.push(text);
  }
  return limited(texts.join(glue), place);
}

function fileMethod(
  machine: Machine,
  file: { readonly path: string; readonly text: string },
  name: string,
): Value | null {
  switch (name) {
    case 'read':
      return str(file.text);
    case 'readlines':
      return newList(machine, itemsFrom(linesOf(file.text).map(str)));
    case 'close':
    case 'seek':
      return NONE;
    default:
      return null;
  }
}

function pathMethod(machine: Machine, path: string, name: string, args: CallArguments): Value | null {
  const kind = machine.files.kind(normalPath(path));
  switch (name) {
    case 'resolve':
    case 'absolute':
    case 'expanduser':
      return { kind: 'path', path: normalPath(path) };
    case 'joinpath': {
      const parts = args.positional.map((part) => toText(part, machine.heap)).filter((part) => part !== null);
      return parts.length < args.positional.length ? null : { kind: 'path', path: joinPath(path, ...parts) };
    }
    case 'with_name': {
      const other = args.positional[0];
      return other?.kind === 'string' ? { kind: 'path', path: joinPath(parentPath(path), other.value) } : null;
    }
    case 'open':
      return readKept(machine, path, args.place);
    case 'read_text':
    case 'read_bytes':
      return lift(readKept(machine, path, args.place), (file) => (file.kind === 'file' ? str(file.text) : file));
    case 'exists':
      return bool(kind !== null);
    case 'is_file':
      return bool(kind === 'file');
    case 'is_dir':
      return bool(kind === 'directory');
    case 'as_posix':
      return str(path === '' ? '.' : path);
    case 'iterdir':
      return paths(
        machine,
        machine.files.list(path).map((entry) => joinPath(path, entry)),
      );
    case 'glob':
    case 'rglob': {
      const [pattern] = args.positional;
      if (pattern?.kind !== 'string' || args.keywords.size > 0) return null;
      const below = name === 'rglob' ? `**/${pattern.value}` : pattern.value;
      const found = filesLike(machine, path, below, { isRecursive: true, takesHidden: true });
      return found === null ? null : paths(machine, found);
    }
    default:
      return null;
  }
}

function paths(machine: Machine, found: readonly string[]): Value {
  return newList(machine, itemsFrom(found.map((path): Value => ({ kind: 'path', path }))));
}
