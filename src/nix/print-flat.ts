import { attributeName, escapeString } from './escape.ts';
import type { Binding, Expression, StringPart } from './expression.ts';

/** How tightly an expression binds, loosest first; an operand of a lower one stands in parentheses. */
const LEVEL = {
  open: 0,
  or: 1,
  and: 2,
  equals: 3,
  update: 4,
  not: 5,
  plus: 6,
  concat: 7,
  has: 8,
  apply: 9,
  select: 10,
  atom: 11,
} as const;
export type Level = (typeof LEVEL)[keyof typeof LEVEL];

const OPERATOR_LEVEL = {
  '||': LEVEL.or,
  '&&': LEVEL.and,
  '==': LEVEL.equals,
  '!=': LEVEL.equals,
  '//': LEVEL.update,
  '+': LEVEL.plus,
  '++': LEVEL.concat,
} as const;

/** Where an expression stands, which decides whether it needs parentheses. */
export type Position = 'alone' | 'function' | 'argument' | 'item' | 'selected' | 'interpolated' | Level;

/** Whether the expression needs parentheses at this position. */
export function needsParentheses(expression: Expression, position: Position): boolean {
  if (position === 'alone' || position === 'interpolated') return false;
  const level = levelOf(expression);
  if (position === 'function') return level < LEVEL.apply;
  if (position === 'argument' || position === 'item') return level < LEVEL.select;
  if (position === 'selected') return level < LEVEL.atom;
  return level <= position;
}

/** The position of an operand. `&&` inside `||` gets parentheses too: few readers know which of them binds tighter. */
export function operandPosition(expression: Expression & { readonly kind: 'binary' }): Level {
  return expression.operator === '||' ? LEVEL.and : OPERATOR_LEVEL[expression.operator];
}

export const NOT_POSITION: Level = LEVEL.apply;
export const HAS_POSITION: Level = LEVEL.apply;

function levelOf(expression: Expression): Level {
  switch (expression.kind) {
    case 'function':
    case 'let':
    case 'with':
    case 'if':
      return LEVEL.open;
    case 'binary':
      return OPERATOR_LEVEL[expression.operator];
    case 'not':
      return LEVEL.not;
    case 'has':
      return LEVEL.has;
    case 'apply':
    case 'or':
      return LEVEL.apply;
    case 'select':
      return LEVEL.select;
    default:
      return LEVEL.atom;
  }
}

/** The expression on one line, null where it is never written so: lists of several, sets of several, whole-line strings, `let`, comments. */
export function flat(expression: Expression, position: Position = 'alone'): string | null {
  const text = flatBare(expression);
  if (text === null) return null;
  return needsParentheses(expression, position) ? `(${text})` : text;
}

function flatBare(expression: Expression): string | null {
  switch (expression.kind) {
    case 'identifier':
      return expression.name;
    case 'integer':
      return String(expression.value);
    case 'path':
      return expression.text;
    case 'string':
      return quoted(expression.parts);
    case 'indented':
      return null;
    case 'list':
      return flatList(expression.items);
    case 'set':
      return flatSet(expression);
    case 'select':
      return joined([flat(expression.from, 'selected'), attributePath(expression.path)], '.');
    case 'or':
      return joined([flat(expression.attribute, 'argument'), flat(expression.otherwise, 'argument')], ' or ');
    case 'has':
      return joined([flat(expression.set, HAS_POSITION), attributePath(expression.path)], ' ? ');
    case 'apply':
      return joined(
        [flat(expression.function, 'function'), ...expression.arguments.map((each) => flat(each, 'argument'))],
        ' ',
      );
    case 'function':
      return typeof expression.parameter === 'string' && !expression.spaced
        ? joined([`${expression.parameter}:`, flat(expression.body)], ' ')
        : null;
    case 'let':
      return null;
    case 'with':
      return joined(
        [`with ${flat(expression.scope)};`, isOpenSet(expression.body) ? null : flat(expression.body)],
        ' ',
      );
    case 'if':
      return expression.otherwise.kind === 'if'
        ? null
        : joined(
            ['if', flat(expression.condition), 'then', flat(expression.then), 'else', flat(expression.otherwise)],
            ' ',
          );
    case 'not':
      return joined(['!', flat(expression.operand, NOT_POSITION)], '');
    case 'binary':
      return joined(
        expression.operands.map((operand) => flat(operand, operandPosition(expression))),
        ` ${expression.operator} `,
      );
  }
}

function joined(parts: readonly (string | null)[], separator: string): string | null {
  return parts.includes(null) ? null : parts.join(separator);
}

function flatList(items: (Expression & { readonly kind: 'list' })['items']): string | null {
  const [only] = items;
  if (only === undefined) return '[ ]';
  if (items.length > 1 || (only.comments ?? []).length > 0) return null;
  return joined(['[', flat(only.value, 'item'), ']'], ' ');
}

function flatSet(expression: Expression & { readonly kind: 'set' }): string | null {
  const word = expression.recursive ? 'rec ' : '';
  const [only] = expression.bindings;
  if (only === undefined) return `${word}{ }`;
  if (expression.open || expression.bindings.length > 1 || (only.comments ?? []).length > 0) return null;
  return joined([`${word}{`, flatBinding(only), '}'], ' ');
}

/** A binding on one line with its semicolon; a set that is a value always takes several. */
export function flatBinding(binding: Binding): string | null {
  if (binding.kind === 'inherit') {
    if (binding.open === true) return null;
    const from = binding.from === null ? [] : [`(${flat(binding.from)})`];
    return `${['inherit', ...from, ...binding.names.map(attributeName)].join(' ')};`;
  }
  const { value } = binding;
  if (value.kind === 'set' && value.bindings.length > 0) return null;
  return joined([`${binding.path.map(attributeName).join('.')} =`, joined([flat(value), ';'], '')], ' ');
}

function isOpenSet(expression: Expression): boolean {
  return expression.kind === 'set' && expression.bindings.length > 0;
}

export function attributePath(path: readonly StringPart[]): string {
  return path.map((part) => (typeof part === 'string' ? attributeName(part) : interpolation(part))).join('.');
}

/** `"..."` with its interpolations. */
export function quoted(parts: readonly StringPart[]): string {
  const merged = mergeParts(parts);
  const texts = merged.map((part, index) =>
    typeof part === 'string' ? escapeString(part, typeof merged[index + 1] === 'object') : interpolation(part),
  );
  return `"${texts.join('')}"`;
}

/** `${...}`. Throws Error for an expression that does not fit on a line. */
export function interpolation(expression: Expression): string {
  const text = flat(expression, 'interpolated');
  if (text === null) throw new Error('an expression of several lines cannot be interpolated');
  return `\${${text}}`;
}

/** Neighbouring texts as one, so that what they spell together is escaped together. */
export function mergeParts(parts: readonly StringPart[]): StringPart[] {
  const merged: StringPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else if (part !== '') merged.push(part);
  }
  return merged;
}
