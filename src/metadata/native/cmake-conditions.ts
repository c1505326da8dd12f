import {
  bothHold,
  ELSEWHERE,
  eitherHolds,
  FALSE,
  ON_LINUX,
  ON_MACOS,
  ON_UNIX,
  OPEN,
  opposite,
  TRUE,
  type Truth,
} from './truth.ts';

/** Values of options and variables by name; null for one that was set to several. */
export type CmakeVariables = ReadonlyMap<string, string | null>;

/** What is looked for counts as found, so that what stands in for it is not needed. */
const FOUND: Truth = { when: 'optional', otherwise: 'off' };

const MAX_DEPTH = 40;

/**
 * Evaluates the words of an `if()`, its own parentheses among them.
 *
 *     or = and {"OR" and};  and = not {"AND" not};  not = {"NOT"} primary
 *     primary = "(" or ")" | ("DEFINED" | "EXISTS" | "TARGET" | …) word | word [comparison word]
 */
export function cmakeTruth(words: readonly string[], variables: CmakeVariables): Truth {
  const reader: Reader = { words, at: 0, depth: 0, variables };
  const truth = or(reader);
  return reader.at < words.length ? OPEN : truth;
}

/** Whether a text counts as true; null where it is computed or the name of something. */
function cmakeConstant(text: string): boolean | null {
  if (/^(?:ON|YES|TRUE|Y|[1-9]\d*)$/iu.test(text)) return true;
  return /^(?:|OFF|NO|FALSE|N|0|IGNORE|NOTFOUND|.*-NOTFOUND)$/iu.test(text) ? false : null;
}

interface Reader {
  readonly words: readonly string[];
  at: number;
  depth: number;
  readonly variables: CmakeVariables;
}

function or(reader: Reader): Truth {
  if (++reader.depth > MAX_DEPTH) {
    reader.at = reader.words.length + 1;
    return OPEN;
  }
  let truth = and(reader);
  while (take(reader, 'OR')) {
    truth = eitherHolds(truth, and(reader));
  }
  reader.depth--;
  return truth;
}

function and(reader: Reader): Truth {
  let truth = not(reader);
  while (take(reader, 'AND')) {
    truth = bothHold(truth, not(reader));
  }
  return truth;
}

function not(reader: Reader): Truth {
  let isNegated = false;
  while (take(reader, 'NOT')) isNegated = !isNegated;
  const truth = primary(reader);
  return isNegated ? opposite(truth) : truth;
}

function primary(reader: Reader): Truth {
  if (take(reader, '(')) {
    const truth = or(reader);
    return take(reader, ')') ? truth : OPEN;
  }
  const word = reader.words[reader.at++] ?? '';
  if (UNARY.has(word)) {
    reader.at++;
    return OPEN;
  }
  const operator = reader.words[reader.at] ?? '';
  if (!COMPARISON.test(operator)) return truthOfWord(word, reader.variables);
  const other = reader.words[reader.at + 1] ?? '';
  reader.at += 2;
  return comparison(word, operator, other, reader.variables);
}

const UNARY: ReadonlySet<string> = new Set([
  ...['DEFINED', 'EXISTS', 'TARGET', 'COMMAND', 'POLICY', 'TEST', 'IS_DIRECTORY', 'IS_ABSOLUTE', 'IS_SYMLINK'],
]);
const COMPARISON =
  /^(?:STREQUAL|EQUAL|MATCHES|IN_LIST|IS_NEWER_THAN|PATH_EQUAL|(?:STR|VERSION_)?(?:LESS|GREATER)(?:_EQUAL)?|VERSION_EQUAL)$/u;
const OTHER_SYSTEMS = /^(?:WIN32|MSVC|MINGW|CYGWIN|ANDROID|IOS|EMSCRIPTEN|BORLAND|MSYS)$/u;
const SYSTEM_NAME = /^(?:\$\{)?CMAKE_(?:HOST_)?SYSTEM_NAME\}?$/u;

function truthOfWord(word: string, variables: CmakeVariables): Truth {
  const name = /^\$\{(\w+)\}$/u.exec(word)?.[1] ?? word;
  const value = variables.get(name) ?? null;
  const constant = cmakeConstant(value ?? word);
  if (constant !== null) return constant ? TRUE : FALSE;
  if (name === 'APPLE') return ON_MACOS;
  if (OTHER_SYSTEMS.test(name)) return ELSEWHERE;
  if (name === 'UNIX') return ON_UNIX;
  if (name === 'LINUX') return ON_LINUX;
  return /_FOUND$/u.test(name) ? FOUND : OPEN;
}

function comparison(left: string, operator: string, right: string, variables: CmakeVariables): Truth {
  if (SYSTEM_NAME.test(left)) {
    if (/linux/iu.test(right)) return /darwin/iu.test(right) ? ON_UNIX : ON_LINUX;
    if (/darwin/iu.test(right)) return ON_MACOS;
    return /windows|android|ios|emscripten|bsd/iu.test(right) ? ELSEWHERE : OPEN;
  }
  if (operator !== 'STREQUAL') return OPEN;
  const [a, b] = [textOf(left, variables), textOf(right, variables)];
  if (a === null || b === null) return OPEN;
  return a === b ? TRUE : FALSE;
}

/** The text of `${NAME}` or of the name of a variable; of another word the word itself. */
function textOf(word: string, variables: CmakeVariables): string | null {
  const name = /^\$\{(\w+)\}$/u.exec(word)?.[1];
  if (name !== undefined) return variables.get(name) ?? null;
  if (word.includes('$')) return null;
  return variables.has(word)
    ? (variables.get(word) ?? null)
    : /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/u.test(word)
      ? null
      : word;
}

function take(reader: Reader, word: string): boolean {
  if (reader.words[reader.at] !== word) return false;
  reader.at++;
  return true;
}
