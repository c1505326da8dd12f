import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';

export interface NetrcEntry {
  readonly login: string;
  readonly password: string;
}

export interface Netrc {
  /** By host name. */
  readonly machines: ReadonlyMap<string, NetrcEntry>;
  /** The entry `default`, for all other hosts. */
  readonly fallback: NetrcEntry | null;
  /** What could not be understood, each with its line (from 1). Never holds a word of the file: it may be a password. */
  readonly faults: readonly { readonly line: number; readonly text: string }[];
}

export const NO_NETRC: Netrc = { machines: new Map(), fallback: null, faults: [] };

/**
 * The user's netrc: the file that NETRC names, else `~/.netrc`. A missing or unreadable file has no entries; what cannot be read or
 * understood is noted.
 */
export async function readNetrc(
  environment: Readonly<Record<string, string | undefined>>,
  onNote: (note: Note) => void,
): Promise<Netrc> {
  const named = environment.NETRC;
  const isNamed = named !== undefined && named !== '';
  const file = isNamed ? named : path.join(environment.HOME ?? os.homedir(), '.netrc');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isNamed || !isMissing)
      onNote({ kind: 'warning', text: `${oneLine(file)} cannot be read; no credentials are taken from it` });
    return NO_NETRC;
  }
  const netrc = parseNetrc(text);
  for (const fault of netrc.faults) onNote({ kind: 'warning', text: fault.text, file, line: fault.line });
  return netrc;
}

/**
 * Reads a netrc file as Python's netrc module does, which is what pip users know.
 *
 *     file    = *( "machine" NAME fields | "default" fields | "macdef" NAME EOL *( line EOL ) EOL | "#" ... EOL )
 *     fields  = *( ( "login" | "user" | "account" | "password" ) VALUE )
 *     VALUE   = one word; or in double quotes; a backslash takes the next character as it is
 *
 * The last of several entries for a machine holds. A faulty part ends at the next line that starts with a keyword of the file.
 */
export function parseNetrc(text: string): Netrc {
  const machines = new Map<string, NetrcEntry>();
  const faults: { line: number; text: string }[] = [];
  let fallback: NetrcEntry | null = null;
  const words = wordReader(text.replace(/^\ufeff/, ''));

  for (let word = words.next(); word !== null; word = words.next()) {
    if (word.startsWith('#')) words.skipLine();
    else if (word === 'macdef') words.skipMacro();
    else if (word === 'default') fallback = readFields(words);
    else if (word === 'machine') {
      const name = words.next();
      if (name === null) faults.push({ line: words.line(), text: 'netrc: a machine without a name' });
      else machines.set(name.toLowerCase(), readFields(words));
    } else {
      faults.push({
        line: words.line(),
        text: "netrc: 'machine', 'default' or 'macdef' is expected; the rest of the line is passed over",
      });
      words.skipLine();
    }
  }
  return { machines, fallback, faults };
}

interface WordReader {
  next(): string | null;
  /** Gives the last word back. */
  back(): void;
  skipLine(): void;
  skipMacro(): void;
  /** Line of the last word, from 1. */
  line(): number;
}

function readFields(words: WordReader): NetrcEntry {
  let login = '';
  let password = '';
  for (let word = words.next(); word !== null; word = words.next()) {
    if (word === 'login' || word === 'user') login = words.next() ?? '';
    else if (word === 'password') password = words.next() ?? '';
    else if (word === 'account') words.next();
    else if (word.startsWith('#')) words.skipLine();
    else {
      words.back();
      break;
    }
  }
  return { login, password };
}

function wordReader(text: string): WordReader {
  let at = 0;
  let start = 0;

  return {
    next() {
      while (at < text.length && isBlank(text[at])) at++;
      start = at;
      if (at >= text.length) return null;
      return text[at] === '"' ? quoted() : bare();
    },
    back() {
      at = start;
    },
    skipLine() {
      // From the beginning of the word: a comment may be one blank-free word, and the line end after it is not its own.
      at = endOfLine(start);
    },
    skipMacro() {
      // A macro ends with an empty line.
      at = endOfLine(at) + 1;
      while (at < text.length && endOfLine(at) > at) at = endOfLine(at) + 1;
    },
    line: () => text.slice(0, start).split('\n').length,
  };

  function quoted(): string {
    let word = '';
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at++;
      word += text[at] ?? '';
    }
    at++;
    return word;
  }

  function bare(): string {
    let word = '';
    for (; at < text.length && !isBlank(text[at]); at++) {
      if (text[at] === '\\') at++;
      word += text[at] ?? '';
    }
    return word;
  }

  function endOfLine(from: number): number {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  }
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
