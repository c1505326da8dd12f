/** Orders texts by code unit: the same on every machine, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The distinct texts in order. */
export function sortedUnique(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(compareText);
}

// C0 and C1 controls, zero-width and bidirectional formatting characters, and the byte order mark.
const UNSAFE_IN_TERMINAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** Text from outside made safe for a terminal: control and bidirectional characters are taken out, `\n` and `\t` stay. */
export function printable(text: string): string {
  return text.replace(UNSAFE_IN_TERMINAL, '');
}

/** What a program wrote for a terminal without what moves, colours or links. Control characters that stand alone stay: `printable` takes them out. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, '');
}

// CSI sequences, and OSC sequences with their text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/gu;

/** Text from outside on one line: runs of white space become one blank, unsafe characters are taken out. */
export function oneLine(text: string): string {
  return printable(text.replace(/[\s\u0085\u2028\u2029]+/gu, ' ')).trim();
}

/** As much of a text from outside as a message needs. */
const EXCERPT = 300;

/** Text from outside for a message: on one line, and a long one is cut. */
export function excerpt(text: string): string {
  const line = oneLine(text);
  return line.length <= EXCERPT ? line : `${line.slice(0, EXCERPT)}…`;
}

/** `1 file`, `2 files`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[], conjunction = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
