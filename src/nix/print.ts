import { attributeName, commentText, escapeIndented, isIdentifier } from './escape.ts';
import type { Binding, Commented, Expression, Formal, ListItem, StringPart } from './expression.ts';
import {
  attributePath,
  flat,
  flatBinding,
  HAS_POSITION,
  interpolation,
  mergeParts,
  NOT_POSITION,
  needsParentheses,
  operandPosition,
  type Position,
} from './print-flat.ts';
import {
  atStart,
  bodyOf,
  callLayout,
  fits,
  isBlock,
  isUpdateOfSet,
  opensAsArgument,
  type Place,
  staysOnLine,
} from './print-layout.ts';

/**
 * The expression as nixfmt (RFC 166) writes it, for the shapes that this program writes: what fits into 100 columns on one line, lists and sets of
 * several one entry a line, the last argument of a call opened where it stands. Ends with a line break.
 */
export function printExpression(expression: Expression): string {
  return `${render(expression, { indent: 0, column: 0, after: 0 })}\n`;
}

/** As `printExpression` below lines of comment, for whole files. */
export function printFile(header: readonly string[], expression: Expression): string {
  const lines = header.map((line) => `# ${/^ */u.exec(line)?.[0] ?? ''}${commentText(line)}`.trimEnd());
  return `${lines.map((line) => `${line}\n`).join('')}${printExpression(expression)}`;
}

function render(expression: Expression, place: Place, position: Position = 'alone'): string {
  const line = flat(expression, position);
  if (fits(line, place)) return line;
  if (needsParentheses(expression, position)) return renderParenthesised(expression, place);
  switch (expression.kind) {
    case 'identifier':
    case 'integer':
    case 'path':
    case 'string':
      return line ?? '';
    case 'indented':
      return renderIndented(expression.parts, place);
    case 'list':
      return expression.items.length === 0 ? '[ ]' : renderOpenList(expression.items, place.indent);
    case 'set':
      return renderOpenSet(expression, place.indent);
    case 'select':
      return `${render(expression.from, { ...place, after: 0 }, 'selected')}.${attributePath(expression.path)}`;
    case 'or':
      return `${render(expression.attribute, { ...place, after: 0 }, 'argument')} or ${render(expression.otherwise, place, 'argument')}`;
    case 'has':
      return `${render(expression.set, place, HAS_POSITION)} ? ${attributePath(expression.path)}`;
    case 'not':
      return `!${render(expression.operand, place, NOT_POSITION)}`;
    case 'apply':
      return renderCall(expression, place);
    case 'function':
      return renderFunction(expression, place);
    case 'let':
      return [
        `let`,
        ...bindingLines(expression.bindings, place.indent + 2),
        `${pad(place.indent)}in`,
        pad(place.indent) + render(expression.body, atStart(place.indent)),
      ].join('\n');
    case 'with':
      return renderWith(expression, place);
    case 'if':
      return renderIf(expression, place);
    case 'binary':
      return renderChain(expression, place);
  }
}

function pad(indent: number): string {
  return ' '.repeat(indent);
}

function commentLines({ comments = [] }: Commented, indent: number): string[] {
  return comments.map((comment) => `${pad(indent)}# ${commentText(comment)}`.trimEnd());
}

/** Entries one under the other with their comments and blank lines. */
function stacked<T extends Commented>(entries: readonly T[], indent: number, print: (entry: T) => string): string[] {
  return entries.flatMap((entry, index) => [
    ...(entry.spaced === true && index > 0 ? [''] : []),
    ...commentLines(entry, indent),
    pad(indent) + print(entry),
  ]);
}

function renderOpenList(items: readonly ListItem[], indent: number): string {
  const lines = stacked(items, indent + 2, (item) => render(item.value, atStart(indent + 2), 'item'));
  return ['[', ...lines, `${pad(indent)}]`].join('\n');
}

function renderOpenSet(expression: Expression & { readonly kind: 'set' }, indent: number): string {
  return [
    expression.recursive ? 'rec {' : '{',
    ...bindingLines(expression.bindings, indent + 2),
    `${pad(indent)}}`,
  ].join('\n');
}

function bindingLines(bindings: readonly Binding[], indent: number): string[] {
  return stacked(bindings, indent, (binding) => renderBinding(binding, indent));
}

function renderBinding(binding: Binding, indent: number): string {
  const line = flatBinding(binding);
  if (fits(line, atStart(indent))) return line;
  if (binding.kind === 'inherit') {
    const head = ['inherit', ...(binding.from === null ? [] : [`(${flat(binding.from)})`])].join(' ');
    return [head, ...binding.names.map((name) => pad(indent + 2) + attributeName(name)), `${pad(indent + 2)};`].join(
      '\n',
    );
  }
  const head = `${binding.path.map(attributeName).join('.')} =`;
  return `${head}${renderValue(binding.value, { indent, column: indent + head.length + 1, after: 1 })};`;
}

/** What follows `=`, with the blank or line break before it. */
function renderValue(value: Expression, place: Place): string {
  if (staysOnLine(value, place)) return ` ${render(value, place)}`;
  return `\n${renderBelow(value, { indent: place.indent + 2, after: place.after })}`;
}

/** An expression that had no room where it belongs, on lines of its own; `with` is broken then, and a call is stacked even where its last argument could open. */
function renderBelow(
  expression: Expression,
  { indent, after }: { indent: number; after: number },
  position: Position = 'alone',
): string {
  const place = atStart(indent, after);
  if (expression.kind === 'with') return pad(indent) + renderWith(expression, place);
  const stack = expression.kind === 'apply' && !fits(flat(expression, position), place);
  return pad(indent) + (stack ? renderStacked(expression, place) : render(expression, place, position));
}

function renderCall(call: Expression & { readonly kind: 'apply' }, place: Place): string {
  const layout = callLayout(call, place);
  if (layout.kind === 'stacked') return renderStacked(call, place);
  const opened = layout.kind === 'middle' ? layout.index : call.arguments.length - 1;
  let text = flat(call.function, 'function') ?? '';
  for (const [index, argument] of call.arguments.entries()) {
    if (index !== opened) text += ` ${flat(argument, 'argument') ?? ''}`;
    else if (layout.kind === 'middle') text += ` ${renderParenthesised(argument, place, { open: true })}`;
    else text += ` ${renderOpened(argument, { ...place, column: place.column + text.length + 1 })}`;
  }
  return text;
}

/** The function with all arguments but the last on a line where they fit, and the others below it. */
function renderStacked(call: Expression & { readonly kind: 'apply' }, place: Place): string {
  const inner = atStart(place.indent + 2);
  const head = [
    flat(call.function, 'function'),
    ...call.arguments.slice(0, -1).map((argument) => flat(argument, 'argument')),
  ];
  const line = head.includes(null) ? null : head.join(' ');
  const [first, below] = fits(line, { ...place, after: 0 })
    ? [line, call.arguments.slice(-1)]
    : [render(call.function, { ...place, after: 0 }, 'function'), call.arguments];
  return [first, ...below.map((argument) => pad(inner.indent) + render(argument, inner, 'argument'))].join('\n');
}

/** The last argument of a call, which starts on the line of the call. */
function renderOpened(argument: Expression, place: Place): string {
  if (argument.kind === 'list') return renderOpenList(argument.items, place.indent);
  if (argument.kind === 'set') return renderOpenSet(argument, place.indent);
  return needsParentheses(argument, 'argument') ? `(${render(argument, place)})` : render(argument, place);
}

/** Parentheses around what does not fit: its brackets open inside them, anything else goes on lines of its own. */
function renderParenthesised(expression: Expression, place: Place, { open = false } = {}): string {
  if (!open && opensAsArgument(expression))
    return `(${render(expression, { ...place, column: place.column + 1, after: place.after + 1 })})`;
  const inner = atStart(place.indent + 2);
  return `(\n${pad(inner.indent)}${render(expression, inner)}\n${pad(place.indent)})`;
}

function renderFunction(expression: Expression & { readonly kind: 'function' }, place: Place): string {
  const { parameter, body } = expression;
  if (typeof parameter !== 'string') {
    const lines = stacked(parameter, place.indent + 2, (formal) => renderFormal(formal, place.indent + 2));
    if (expression.open === true) lines.push(`${pad(place.indent + 2)}...`);
    const open = lines.length === 0 ? '{ }:' : ['{', ...lines, `${pad(place.indent)}}:`].join('\n');
    return `${open}\n${expression.spaced ? '\n' : ''}${pad(place.indent)}${render(body, atStart(place.indent, place.after))}`;
  }
  const head = `${parameter}:`;
  if (isBlock(bodyOf(expression)))
    return `${head} ${render(body, { ...place, column: place.column + head.length + 1 })}`;
  return `${head}\n${pad(place.indent)}${render(body, atStart(place.indent, place.after))}`;
}

function renderFormal(formal: Formal, indent: number): string {
  if (!isIdentifier(formal.name)) throw new Error(`${JSON.stringify(formal.name)} cannot be an argument`);
  if (formal.default === undefined) return `${formal.name},`;
  return `${formal.name} ? ${render(formal.default, { indent, column: indent + formal.name.length + 3, after: 1 })},`;
}

function renderWith({ scope, body }: Expression & { readonly kind: 'with' }, place: Place): string {
  const head = `with ${flat(scope) ?? ''};`;
  if (isBlock(body)) return `${head} ${renderOpened(body, { ...place, column: place.column + head.length + 1 })}`;
  return `${head}\n${pad(place.indent)}${render(body, atStart(place.indent, place.after))}`;
}

function renderIf({ condition, then, otherwise }: Expression & { readonly kind: 'if' }, place: Place): string {
  const inner = atStart(place.indent + 2);
  const test = flat(condition);
  const question = fits(test, { ...place, column: place.column + 3, after: 5 })
    ? `if ${test} then`
    : `if\n${pad(inner.indent)}${render(condition, inner)}\n${pad(place.indent)}then`;
  const head = `${question}\n${pad(inner.indent)}${render(then, inner)}\n${pad(place.indent)}else`;
  if (otherwise.kind === 'if') return `${head} ${renderIf(otherwise, place)}`;
  return `${head}\n${pad(inner.indent)}${render(otherwise, { ...inner, after: place.after })}`;
}

function renderChain(expression: Expression & { readonly kind: 'binary' }, place: Place): string {
  const { operator, operands } = expression;
  const position = operandPosition(expression);
  const [first, ...rest] = operands;
  if (first === undefined) return '';
  if (isUpdateOfSet(expression) && rest[0]?.kind === 'set') {
    const head = `${flat(first, position) ?? ''} // `;
    return head + renderOpenSet(rest[0], place.indent);
  }
  const lines = rest.map((operand) => pad(place.indent) + renderOperand(operator, operand, { place, position }));
  return [renderBlockOperand(first, place, position), ...lines].join('\n');
}

function renderOperand(
  operator: string,
  operand: Expression,
  { place, position }: { place: Place; position: Position },
): string {
  const at = { indent: place.indent, column: place.indent + operator.length + 1, after: place.after };
  if (!fits(flat(operand, position), at) && operand.kind === 'apply' && callLayout(operand, at).kind === 'stacked') {
    return `${operator}\n${renderBelow(operand, { indent: place.indent + 2, after: place.after }, position)}`;
  }
  return `${operator} ${renderBlockOperand(operand, at, position)}`;
}

/** In a chain of several lines a bare list or set is never on one. */
function renderBlockOperand(operand: Expression, place: Place, position: Position): string {
  if (operand.kind === 'list' && operand.items.length > 0) return renderOpenList(operand.items, place.indent);
  if (operand.kind === 'set' && operand.bindings.length > 0) return renderOpenSet(operand, place.indent);
  return render(operand, place, position);
}

function renderIndented(parts: readonly StringPart[], place: Place): string {
  const merged = mergeParts(parts);
  const text = merged
    .map((part, index) =>
      typeof part === 'string' ? escapeIndented(part, typeof merged[index + 1] === 'object') : interpolation(part),
    )
    .join('');
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line) => (line === '' ? '' : pad(place.indent + 2) + line));
  return [`''`, ...lines, `${pad(place.indent)}''`].join('\n');
}
