import { isIdentifier } from './escape.ts';

/** A piece of a string: literal text, or an expression that is interpolated. */
export type StringPart = string | Expression;

/** The operators that expressions here use. */
export type BinaryOperator = '++' | '//' | '+' | '==' | '!=' | '&&' | '||';

/**
 * A Nix expression. Only the printer turns it into text, so nothing from outside can become code:
 * literal text is escaped, names are checked or quoted, and parentheses stand where precedence asks for them.
 */
export type Expression =
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'integer'; readonly value: number }
  /** `"..."`, always on one line. */
  | { readonly kind: 'string'; readonly parts: readonly StringPart[] }
  /** `''...''` of whole lines; only `indented` makes it, which knows what it can hold. */
  | { readonly kind: 'indented'; readonly parts: readonly StringPart[] }
  /** `./a/b` or `<name>`. */
  | { readonly kind: 'path'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }
  | {
      readonly kind: 'set';
      readonly recursive: boolean;
      readonly bindings: readonly Binding[] /** Never on one line. */;
      readonly open: boolean;
    }
  | { readonly kind: 'select'; readonly from: Expression; readonly path: readonly StringPart[] }
  /** `attribute or otherwise`: what stands for an attribute that may not be there. */
  | { readonly kind: 'or'; readonly attribute: Expression; readonly otherwise: Expression }
  | { readonly kind: 'has'; readonly set: Expression; readonly path: readonly StringPart[] }
  | { readonly kind: 'apply'; readonly function: Expression; readonly arguments: readonly Expression[] }
  | {
      readonly kind: 'function';
      readonly parameter: string | readonly Formal[];
      readonly body: Expression /** A blank line before the body. */;
      readonly spaced: boolean;
      /** It takes more arguments than it names, `{ pkgs, ... }:`. */
      readonly open?: boolean;
    }
  | { readonly kind: 'let'; readonly bindings: readonly Binding[]; readonly body: Expression }
  | { readonly kind: 'with'; readonly scope: Expression; readonly body: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  /** Two or more operands of one operator. */
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly operands: readonly Expression[] };

/** What may stand above an entry of a list, a set or the arguments of a function. */
export interface Commented {
  /** Lines above it, one comment each. */
  readonly comments?: readonly string[];
  /** A blank line above it (and above its comments), unless it is the first. */
  readonly spaced?: boolean;
}

/** An entry of a list. */
export interface ListItem extends Commented {
  readonly value: Expression;
}

/** An argument of a function that takes a set. */
export interface Formal extends Commented {
  readonly name: string;
  readonly default?: Expression;
}

/** What a set or a `let` defines. */
export type Binding = Commented &
  (
    | { readonly kind: 'assign'; readonly path: readonly string[]; readonly value: Expression }
    | {
        readonly kind: 'inherit';
        readonly from: Expression | null;
        readonly names: readonly string[];
        /** One name a line even where all would fit on one. */
        readonly open?: boolean;
      }
  );

/** A variable. Throws Error for what is none: names from outside go through `select` or `attribute`. */
export function identifier(name: string): Expression {
  if (!isIdentifier(name)) throw new Error(`${JSON.stringify(name)} is no Nix identifier`);
  return { kind: 'identifier', name };
}

/** A whole number, not negative. */
export function integer(value: number): Expression {
  return { kind: 'integer', value };
}

/** `"..."` of texts, which are escaped, and interpolated expressions. */
export function string(...parts: readonly StringPart[]): Expression {
  return { kind: 'string', parts };
}

/** `''...''` where that can hold the text, else a plain string of the same value. */
export function indented(...parts: readonly StringPart[]): Expression {
  return { kind: holdsWholeLines(parts) ? 'indented' : 'string', parts };
}

/**
 * Whether `''...''` can hold the text: whole lines of which one starts at the margin, because Nix takes away the indentation that all have.
 * Blanks at the end of a line would be lost to formatters, and lines of nothing else do not count for the margin.
 */
function holdsWholeLines(parts: readonly StringPart[]): boolean {
  const lines = parts
    .map((part) => (typeof part === 'string' ? part : '$'))
    .join('')
    .split('\n');
  if (lines.pop() !== '') return false;
  return lines.some((line) => line !== '' && !line.startsWith(' ')) && !lines.some((line) => line.endsWith(' '));
}

/** `./...` of plain characters, or `<name>`. Throws Error for anything else. */
export function path(text: string): Expression {
  const plain = /^(?:\.\/[A-Za-z0-9._+-]+(?:\/[A-Za-z0-9._+-]+)*|<[a-z]+>)$/u.test(text);
  if (!plain || text.includes('/../') || text.endsWith('/..'))
    throw new Error(`${JSON.stringify(text)} is no plain Nix path`);
  return { kind: 'path', text };
}

/**
 * A path relative to the file that it stands in: `./a/b`, `../a` or `./.`. `name` is what the store calls it where its own name cannot stand there, for then it is
 * `builtins.path { name = ...; path = ./. + "/..."; }`.
 */
export function relativePath(text: string, name: string): Expression {
  const segments = text.split('/').filter((part) => part !== '' && part !== '.');
  const isPlain = segments.every((part) => /^[A-Za-z0-9._+-]+$/u.test(part));
  const last = segments.at(-1) ?? '..';
  // Names of store paths begin with no dot in many versions of Nix.
  if (isPlain && (last === '..' || !last.startsWith('.'))) {
    const start = segments[0] === '..' ? segments : ['.', ...segments];
    return { kind: 'path', text: start.length === 1 ? `${start[0]}/.` : start.join('/') };
  }
  const joined = binary('+', [{ kind: 'path', text: './.' }, string(`/${segments.join('/')}`)]);
  return apply(select(identifier('builtins'), 'path'), set([assign('name', string(name)), assign('path', joined)]));
}

/** `[ ... ]`; several entries stand one a line. */
export function list(items: readonly (Expression | ListItem)[]): Expression {
  return { kind: 'list', items: items.map((item) => ('kind' in item ? { value: item } : item)) };
}

/** A set that is written over several lines, but for an empty one. */
export function set(bindings: readonly Binding[], options: { readonly recursive?: boolean } = {}): Expression {
  return { kind: 'set', recursive: options.recursive ?? false, bindings, open: true };
}

/** A set for an argument: on one line when it is a single binding that fits. */
export function inlineSet(bindings: readonly Binding[]): Expression {
  return { kind: 'set', recursive: false, bindings, open: false };
}

/** `from.a.b`; a part that is an expression is interpolated. */
export function select(from: Expression, ...parts: readonly StringPart[]): Expression {
  if (parts.length === 0) return from;
  return from.kind === 'select' ? { ...from, path: [...from.path, ...parts] } : { kind: 'select', from, path: parts };
}

/** `a.b or otherwise`. */
export function orElse(attribute: Expression, otherwise: Expression): Expression {
  return { kind: 'or', attribute, otherwise };
}

/** `set ? a.b`. */
export function has(set: Expression, ...parts: readonly StringPart[]): Expression {
  return { kind: 'has', set, path: parts };
}

/** `func arg arg`. */
export function apply(func: Expression, ...args: readonly Expression[]): Expression {
  return { kind: 'apply', function: func, arguments: args };
}

/** `{ formals }: body`, one formal a line and with `open` a last `...`, or `parameter: body`. */
export function lambda(
  parameter: string | readonly Formal[],
  body: Expression,
  options: { readonly spaced?: boolean; readonly open?: boolean } = {},
): Expression {
  const open = options.open === true ? { open: true } : {};
  return { kind: 'function', parameter, body, spaced: options.spaced ?? false, ...open };
}

/** `let ... in body`; the body itself when nothing is bound. */
export function letIn(bindings: readonly Binding[], body: Expression): Expression {
  return bindings.length === 0 ? body : { kind: 'let', bindings, body };
}

/** `with scope; body`. */
export function withScope(scope: Expression, body: Expression): Expression {
  return { kind: 'with', scope, body };
}

/** `if condition then ... else ...`. */
export function ifElse(condition: Expression, then: Expression, otherwise: Expression): Expression {
  return { kind: 'if', condition, then, otherwise };
}

/** `!operand`. */
export function not(operand: Expression): Expression {
  return { kind: 'not', operand };
}

/** The operands joined; one alone is itself. Throws Error for none. */
export function binary(operator: BinaryOperator, operands: readonly Expression[]): Expression {
  const [first] = operands;
  if (first === undefined) throw new Error(`nothing to join with ${operator}`);
  return operands.length === 1 ? first : { kind: 'binary', operator, operands };
}

/** `name = value;` or, with a path, `a.b = value;`. Names are quoted where they must be. */
export function assign(name: string | readonly string[], value: Expression, extra: Commented = {}): Binding {
  return { kind: 'assign', path: typeof name === 'string' ? [name] : name, value, ...extra };
}

/** `inherit names;` or `inherit (from) names;`. */
export function inherit(
  from: Expression | null,
  names: readonly string[],
  extra: Commented & { readonly open?: boolean } = {},
): Binding {
  return { kind: 'inherit', from, names, ...extra };
}
