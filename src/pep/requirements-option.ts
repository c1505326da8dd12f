import { joinWords } from '../base/text.ts';

/** Options that a requirements file can have, by the name that pip's documentation uses; the value says whether one follows. */
const OPTIONS = {
  'index-url': true,
  'extra-index-url': true,
  'find-links': true,
  'no-index': false,
  constraint: true,
  requirement: true,
  editable: true,
  'no-binary': true,
  'only-binary': true,
  'prefer-binary': false,
  'require-hashes': false,
  'no-require-hashes': false,
  pre: false,
  'all-releases': true,
  'only-final': true,
  'trusted-host': true,
  'use-feature': true,
  hash: true,
  'config-settings': true,
  // Older versions of pip.
  'global-option': true,
  'install-option': true,
} as const;

export type RequirementsOptionName = keyof typeof OPTIONS;

export interface RequirementsOption {
  readonly name: RequirementsOptionName;
  /** Empty for options without value. */
  readonly value: string;
}

const OTHER_NAMES: ReadonlyMap<string, RequirementsOptionName> = new Map([
  ['-i', 'index-url'],
  ['-f', 'find-links'],
  ['-c', 'constraint'],
  ['-r', 'requirement'],
  ['-e', 'editable'],
  ['-C', 'config-settings'],
]);

const OTHER_LONG_NAMES: ReadonlyMap<string, RequirementsOptionName> = new Map([
  ['pypi-url', 'index-url'],
  ['config-setting', 'config-settings'],
]);

/** A line in its two parts. The requirement is empty where the line has options only. `fault` says what is wrong with the options. */
export interface SplitLine {
  readonly requirement: string;
  readonly options: readonly RequirementsOption[];
  readonly fault: string | null;
}

/** line = [ requirement ] *( blank option [ ( "=" / blank ) value ] ), where the options begin at the first word with a leading `-`. */
export function splitOptions(line: string): SplitLine {
  const words = line.split(' ');
  const first = words.findIndex((word) => word.startsWith('-'));
  if (first < 0) return { requirement: line, options: [], fault: null };
  const requirement = words.slice(0, first).join(' ').trim();
  const rest = shellWords(words.slice(first).join(' '));
  return {
    requirement,
    ...(rest === null
      ? { options: [], fault: 'a quote is not closed, or a backslash has nothing after it' }
      : readOptions(rest)),
  };
}

function readOptions(words: readonly string[]): Omit<SplitLine, 'requirement'> {
  const options: RequirementsOption[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const { written, attached } = splitWord(word);
    if (!word.startsWith('-')) return { options, fault: `"${word}" belongs to no option` };
    const names = optionNames(written);
    const [name, other] = names;
    if (name === undefined) return { options, fault: `unknown option ${written}` };
    if (other !== undefined) {
      const meant = joinWords(
        names.map((each) => `--${each}`),
        'or',
      );
      return { options, fault: `${written} can be ${meant}` };
    }
    const value = OPTIONS[name] ? (attached ?? queue.shift()) : '';
    if (value === undefined) return { options, fault: `${written} has no value` };
    if (!OPTIONS[name] && attached !== null) return { options, fault: `${written} takes no value` };
    options.push({ name, value });
  }
  return { options, fault: null };
}

// `--name=value`, `-xVALUE`
function splitWord(word: string): { written: string; attached: string | null } {
  if (!word.startsWith('--')) return { written: word.slice(0, 2), attached: word.slice(2) || null };
  const equals = word.indexOf('=');
  return equals < 0
    ? { written: word, attached: null }
    : { written: word.slice(0, equals), attached: word.slice(equals + 1) };
}

// As pip's own parser does, a long name may be cut short as far as it stays clear: `--extra` is `--extra-index-url`.
function optionNames(written: string): RequirementsOptionName[] {
  const short = OTHER_NAMES.get(written);
  if (short !== undefined) return [short];
  if (!written.startsWith('--') || written === '--') return [];
  const long = written.slice(2);
  const exact = OTHER_LONG_NAMES.get(long) ?? (isOptionName(long) ? long : undefined);
  if (exact !== undefined) return [exact];
  const beginnings = LONG_NAMES.filter(([name]) => name.startsWith(long)).map(([, name]) => name);
  return [...new Set(beginnings)];
}

const LONG_NAMES: readonly (readonly [string, RequirementsOptionName])[] = [
  ...Object.keys(OPTIONS)
    .filter(isOptionName)
    .map((name) => [name, name] as const),
  ...OTHER_LONG_NAMES,
];

function isOptionName(name: string): name is RequirementsOptionName {
  return Object.hasOwn(OPTIONS, name);
}

/** Words as a POSIX shell splits them: quotes of both kinds and backslashes, no expansion. Null when a quote stays open or a backslash has nothing after it. */
function shellWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if (character === '\\' && next === '' && quote !== "'") return null;
    const escapes =
      character === '\\' && quote !== "'" && next !== '' && (quote === '' || next === '"' || next === '\\');
    if (escapes) {
      word = (word ?? '') + next;
      index += 1;
    } else if (quote === '' ? character === '"' || character === "'" : character === quote) {
      quote = quote === '' ? character : '';
      word ??= '';
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return quote === '' ? words : null;
}
