import type { Token } from './build-tokens.ts';
import {
  bothHold,
  ELSEWHERE,
  eitherHolds,
  FALSE,
  ON_LINUX,
  ON_MACOS,
  OPEN,
  opposite,
  sameTruth,
  TRUE,
  type Truth,
} from './truth.ts';

/** A value of a meson.build as far as its text tells. `system` is `host_machine.system()`; `choice` one of several, nobody knows which. */
export type MesonValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly MesonValue[] }
  | { readonly kind: 'table'; readonly entries: ReadonlyMap<string, MesonValue> }
  | { readonly kind: 'feature'; readonly state: 'enabled' | 'disabled' | 'auto' }
  | { readonly kind: 'truth'; readonly truth: Truth }
  | { readonly kind: 'system' }
  | { readonly kind: 'choice'; readonly options: readonly MesonValue[] }
  | { readonly kind: 'unknown' };

/** What names stand for. */
export interface MesonScope {
  readonly options: ReadonlyMap<string, MesonValue>;
  readonly variables: ReadonlyMap<string, MesonValue>;
}

export const UNKNOWN: MesonValue = { kind: 'unknown' };

export function truthValue(isTrue: boolean): MesonValue {
  return { kind: 'truth', truth: isTrue ? TRUE : FALSE };
}

/** What a value comes to as a condition; what is not known is open on both sides. */
export function truthOf(value: MesonValue): Truth {
  if (value.kind === 'truth') return value.truth;
  if (value.kind !== 'choice') return OPEN;
  const [first, ...others] = value.options.map(truthOf);
  if (first === undefined) return OPEN;
  return others.every((other) => sameTruth(other, first)) ? first : OPEN;
}

/** One of two values; the same value twice is that value. */
export function eitherValue(a: MesonValue, b: MesonValue): MesonValue {
  const options = [a, b].flatMap((value) => (value.kind === 'choice' ? value.options : [value]));
  const different = options.filter((option, i) => options.findIndex((other) => isSame(other, option)) === i);
  const [only] = different;
  if (different.length === 1 && only !== undefined) return only;
  return different.length > MAX_OPTIONS || different.some(({ kind }) => kind === 'unknown')
    ? UNKNOWN
    : { kind: 'choice', options: different };
}

const MAX_OPTIONS = 8;
const MAX_DEPTH = 40;

/**
 * Evaluates the tokens of an expression.
 *
 *     expression = or ["?" expression ":" expression]
 *     or = and {"or" and};  and = not {"and" not};  not = ["not"] comparison
 *     comparison = operand [("==" | "!=" | "in" | "not" "in") operand]
 *     operand = primary {"." name "(" arguments ")" | "[" … "]"}
 *     primary = text | "(" expression ")" | "[" {expression ","} "]" | "{" {text ":" expression ","} "}" | name ["(" arguments ")"]
 */
export function evaluateMeson(tokens: readonly Token[], scope: MesonScope): MesonValue {
  const reader: Reader = { tokens: tokens.filter(({ kind }) => kind !== 'line'), at: 0, depth: 0, scope };
  const value = expression(reader);
  // What goes on after what was understood (`+`, `/`, `[0]`) makes it another value.
  return reader.at < reader.tokens.length ? UNKNOWN : value;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  readonly scope: MesonScope;
}

function expression(reader: Reader): MesonValue {
  if (++reader.depth > MAX_DEPTH) {
    reader.at = reader.tokens.length;
    return UNKNOWN;
  }
  const condition = or(reader);
  let value = condition;
  if (take(reader, '?')) {
    const yes = expression(reader);
    take(reader, ':');
    const no = expression(reader);
    const { when, otherwise } = truthOf(condition);
    value = when === 'always' ? yes : otherwise === 'always' ? no : eitherValue(yes, no);
  }
  reader.depth--;
  return value;
}

function or(reader: Reader): MesonValue {
  let value = and(reader);
  while (take(reader, 'or')) {
    const [a, b] = [truthOf(value), truthOf(and(reader))];
    value = { kind: 'truth', truth: eitherHolds(a, b) };
  }
  return value;
}

function and(reader: Reader): MesonValue {
  let value = not(reader);
  while (take(reader, 'and')) {
    const [a, b] = [truthOf(value), truthOf(not(reader))];
    value = { kind: 'truth', truth: bothHold(a, b) };
  }
  return value;
}

function not(reader: Reader): MesonValue {
  let isNegated = false;
  while (take(reader, 'not')) isNegated = !isNegated;
  const value = comparison(reader);
  return isNegated ? negated(value) : value;
}

function negated(value: MesonValue): MesonValue {
  return { kind: 'truth', truth: opposite(truthOf(value)) };
}

function comparison(reader: Reader): MesonValue {
  const left = operand(reader);
  if (take(reader, '==')) return equal(left, operand(reader));
  if (take(reader, '!=')) return negated(equal(left, operand(reader)));
  if (take(reader, 'in')) return contains(operand(reader), left);
  if (reader.tokens[reader.at]?.value === 'not' && reader.tokens[reader.at + 1]?.value === 'in') {
    reader.at += 2;
    return negated(contains(operand(reader), left));
  }
  return left;
}

function operand(reader: Reader): MesonValue {
  let value = primary(reader);
  while (reader.tokens[reader.at]?.value === '.' && reader.tokens[reader.at + 1]?.kind === 'name') {
    const name = reader.tokens[reader.at + 1]?.value ?? '';
    reader.at += 2;
    value = method(value, name, argumentsOf(reader));
  }
  if (reader.tokens[reader.at]?.kind === 'mark' && reader.tokens[reader.at]?.value === '[') {
    skipBrackets(reader);
    return UNKNOWN;
  }
  return value;
}

function primary(reader: Reader): MesonValue {
  const token = reader.tokens[reader.at];
  if (token === undefined) return UNKNOWN;
  if (token.kind === 'text') {
    reader.at++;
    return { kind: 'text', value: token.value };
  }
  if (token.value === '(') {
    reader.at++;
    const value = expression(reader);
    take(reader, ')');
    return value;
  }
  if (token.value === '[') return { kind: 'list', items: entries(reader, ']').map(({ value }) => value) };
  if (token.value === '{') {
    const pairs = entries(reader, '}').flatMap(({ key, value }) => (key === null ? [] : [[key, value] as const]));
    return { kind: 'table', entries: new Map(pairs) };
  }
  reader.at++;
  if (token.kind !== 'name') return UNKNOWN;
  if (token.value === 'true' || token.value === 'false') return truthValue(token.value === 'true');
  if (reader.tokens[reader.at]?.value === '(') return call(token.value, argumentsOf(reader), reader.scope);
  return reader.scope.variables.get(token.value) ?? (MACHINES.has(token.value) ? MACHINE : UNKNOWN);
}

const MACHINES: ReadonlySet<string> = new Set(['host_machine', 'target_machine', 'build_machine']);
const MACHINE: MesonValue = { kind: 'text', value: '(machine)' };

function call(name: string, args: readonly MesonValue[], { options }: MesonScope): MesonValue {
  const [first] = args;
  return name === 'get_option' && first?.kind === 'text' ? (options.get(first.value) ?? UNKNOWN) : UNKNOWN;
}

function method(value: MesonValue, name: string, args: readonly MesonValue[]): MesonValue {
  const [first = UNKNOWN] = args;
  if (name === 'found') return { kind: 'truth', truth: { when: 'optional', otherwise: 'off' } };
  if (value === MACHINE) return name === 'system' ? { kind: 'system' } : UNKNOWN;
  if (value.kind === 'choice')
    return value.options.map((option) => method(option, name, args)).reduce((a, b) => eitherValue(a, b));
  if (name === 'contains') return contains(value, first);
  if (value.kind === 'feature') {
    const { state } = value;
    if (name === 'enabled' || name === 'disabled' || name === 'auto') return truthValue(state === name);
    return name === 'allowed' ? truthValue(state !== 'disabled') : UNKNOWN;
  }
  if (value.kind !== 'text') return UNKNOWN;
  if (name === 'to_lower') return { kind: 'text', value: value.value.toLowerCase() };
  if (name === 'to_upper') return { kind: 'text', value: value.value.toUpperCase() };
  if (name === 'strip' && args.length === 0) return { kind: 'text', value: value.value.trim() };
  if (first.kind !== 'text') return UNKNOWN;
  if (name === 'startswith') return truthValue(value.value.startsWith(first.value));
  return name === 'endswith' ? truthValue(value.value.endsWith(first.value)) : UNKNOWN;
}

function equal(a: MesonValue, b: MesonValue): MesonValue {
  if (a.kind === 'choice') return a.options.map((option) => equal(option, b)).reduce((x, y) => eitherValue(x, y));
  if (b.kind === 'choice') return equal(b, a);
  if (a.kind === 'system' && b.kind === 'text') return isSystem(b.value);
  if (b.kind === 'system' && a.kind === 'text') return isSystem(a.value);
  return a.kind === 'text' && b.kind === 'text' ? truthValue(a.value === b.value) : UNKNOWN;
}

function isSystem(name: string): MesonValue {
  return { kind: 'truth', truth: name === 'linux' ? ON_LINUX : name === 'darwin' ? ON_MACOS : ELSEWHERE };
}

function contains(whole: MesonValue, part: MesonValue): MesonValue {
  if (whole.kind === 'choice')
    return whole.options.map((option) => contains(option, part)).reduce((a, b) => eitherValue(a, b));
  if (whole.kind === 'text' && part.kind === 'text') return truthValue(whole.value.includes(part.value));
  if (whole.kind !== 'list') return UNKNOWN;
  const truths = whole.items.map((item) => truthOf(equal(part, item)));
  if (truths.length === 0) return truthValue(false);
  return { kind: 'truth', truth: truths.reduce(eitherHolds) };
}

function argumentsOf(reader: Reader): MesonValue[] {
  return reader.tokens[reader.at]?.value === '(' ? entries(reader, ')').map(({ value }) => value) : [];
}

/** The parts between brackets, from the opening one on. `key`: what stands before a colon. */
function entries(reader: Reader, close: string): { readonly key: string | null; readonly value: MesonValue }[] {
  const found: { key: string | null; value: MesonValue }[] = [];
  reader.at++;
  while (reader.at < reader.tokens.length && !take(reader, close)) {
    if (take(reader, ',')) continue;
    const before = reader.at;
    const token = reader.tokens[reader.at];
    const isKey = reader.tokens[reader.at + 1]?.value === ':' && token?.kind !== 'mark';
    if (isKey) reader.at += 2;
    const value = expression(reader);
    found.push({ key: isKey ? (token?.value ?? null) : null, value });
    // An operator that is not understood: the entry is not known.
    if (reader.tokens[reader.at]?.value !== ',' && reader.tokens[reader.at]?.value !== close) {
      found[found.length - 1] = { key: null, value: UNKNOWN };
      skipEntry(reader, close);
    }
    if (reader.at === before) reader.at++;
  }
  return found;
}

function skipEntry(reader: Reader, close: string): void {
  while (reader.at < reader.tokens.length) {
    const value = reader.tokens[reader.at]?.value ?? '';
    if (reader.tokens[reader.at]?.kind === 'mark') {
      if (value === ',' || value === close) return;
      if ('([{'.includes(value)) {
        skipBrackets(reader);
        continue;
      }
    }
    reader.at++;
  }
}

function skipBrackets(reader: Reader): void {
  let depth = 0;
  for (; reader.at < reader.tokens.length; reader.at++) {
    const token = reader.tokens[reader.at];
    if (token?.kind !== 'mark') continue;
    if ('([{'.includes(token.value)) depth++;
    if (')]}'.includes(token.value) && --depth === 0) {
      reader.at++;
      return;
    }
  }
}

function take(reader: Reader, value: string): boolean {
  const token = reader.tokens[reader.at];
  if (token === undefined || token.kind === 'text' || token.value !== value) return false;
  reader.at++;
  return true;
}

function isSame(a: MesonValue, b: MesonValue): boolean {
  if (a.kind === 'text' && b.kind === 'text') return a.value === b.value;
  if (a.kind === 'truth' && b.kind === 'truth') return sameTruth(a.truth, b.truth);
  if (a.kind === 'feature' && b.kind === 'feature') return a.state === b.state;
  if (a.kind === 'list' && b.kind === 'list')
    return a.items.length === b.items.length && a.items.every((item, i) => isSame(item, b.items[i] ?? UNKNOWN));
  return a === b;
}
