import type { SyntaxNode } from '@lezer/common';
import { evaluate, notUnderstood } from './expression.ts';
import { formatField } from './format-field.ts';
import { type Frame, type Machine, newTable, tableOf } from './machine.ts';
import { describe, limited } from './operators.ts';
import { unescapePython } from './string-literal.ts';
import { childrenOf, itemsOf, placeOf, textOf } from './syntax.ts';
import { keyOf, num, type Slot, type Unknown, unknown, type Value } from './value.ts';

export function number(frame: Frame, node: SyntaxNode): Value {
  const text = textOf(frame.source, node)
    .replaceAll('_', '')
    .replace(/^0([0-7]+)$/u, '0o$1');
  const value = Number(text);
  return Number.isNaN(value) ? notUnderstood(frame, node) : num(value);
}

export function concatenation(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  let text = '';
  for (const part of childrenOf(node)) {
    const value = evaluate(machine, frame, part);
    if (value.kind !== 'string') return value.kind === 'unknown' ? value : notUnderstood(frame, node);
    text += value.value;
  }
  return limited(text, placeOf(frame.source, node));
}

/** `f"text{expression!conversion:specification}"`. */
export function formatString(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const { source } = frame;
  const opening = /^[A-Za-z]*('''|"""|'|")/u.exec(textOf(source, node))?.[0] ?? '"';
  const isRaw = /r/iu.test(opening);
  const plain = (from: number, to: number) => {
    const text = source.text.slice(from, to).replaceAll('{{', '{').replaceAll('}}', '}');
    return isRaw ? text : unescapePython(text);
  };
  let from = node.from + opening.length;
  let text = '';
  for (const field of childrenOf(node).filter((child) => child.name === 'FormatReplacement')) {
    const [expression, ...layout] = itemsOf(field);
    const parts = new Map(layout.map((part) => [part.name, textOf(source, part).slice(1)]));
    const [conversion, specification] = [parts.get('FormatConversion'), parts.get('FormatSpec')];
    const known = (conversion === undefined ? 0 : 1) + (specification === undefined ? 0 : 1);
    if (expression === undefined || layout.length > known) return notUnderstood(frame, field);
    const value = evaluate(machine, frame, expression);
    const piece = formatField(value, { conversion, specification }, machine.heap);
    if (piece === null)
      return value.kind === 'unknown' ? value : unknown(`formats ${describe(value)}`, placeOf(source, field));
    text += plain(from, field.from) + piece;
    from = field.to;
  }
  return limited(text + plain(from, node.to - opening.replace(/^[A-Za-z]*/u, '').length), placeOf(source, node));
}

export function dictionary(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const slots = new Map<string, Slot>();
  let rest: Unknown | null = null;
  const nodes = itemsOf(node);
  for (let i = 0; i < nodes.length; i += 2) {
    const [first, second] = [nodes[i], nodes[i + 1]];
    if (first === undefined || second === undefined) continue;
    const place = placeOf(frame.source, first);
    if (first.name === '**') {
      const more = evaluate(machine, frame, second);
      const table = tableOf(machine, more);
      for (const [key, slot] of table?.slots ?? []) slots.set(key, slot);
      rest ??= table === null ? unknown(`spreads ${describe(more)}`, place) : table.rest;
      continue;
    }
    const key = keyOf(evaluate(machine, frame, first));
    const value = evaluate(machine, frame, second);
    if (key === null) rest ??= unknown('has a key that is not known', place);
    else slots.set(key, { value, place });
  }
  return { kind: 'ref', id: newTable(machine, 'dict', slots, rest) };
}
