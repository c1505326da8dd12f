import { isDeepStrictEqual } from 'node:util';
import { EXIT, UserError } from '../base/user-error.ts';
import { tomlString } from '../pep/pylock-toml.ts';
import { isTable, readToml, type TextPlace, type TextTable, tomlPlaces } from '../pep/toml-text.ts';

/** A list of texts at the top of a manifest, changed. */
export interface ListEdit {
  readonly key: 'requirements' | 'develop';
  /** Entries by their index that get another text, or go (null). */
  readonly changed: ReadonlyMap<number, string | null>;
  /** What comes behind them. */
  readonly added: readonly string[];
}

/**
 * The manifest with a list of it changed: comments, order and layout stay as they are. What comes out is read again, and only taken when it says what it should.
 * Throws UserError E_CANNOT_EDIT (exit 78), which tells what to write by hand.
 */
export function editList(text: string, edit: ListEdit): string {
  const before = tableOf(text);
  const entries = listOf(before, edit.key);
  if (before === null || entries === null) throw cannotEdit(edit, wantedList(entries ?? [], edit));
  const edited = edit.key in before ? withList(text, { edit, count: entries.length }) : withNewList(text, edit);
  const wanted = wantedList(entries, edit);
  const after = edited === null ? null : tableOf(edited);
  if (edited === null || after === null || !isDeepStrictEqual({ ...after }, { ...before, [edit.key]: wanted }))
    throw cannotEdit(edit, wanted);
  return edited;
}

/**
 * The manifest with an option set in the table `[options]`; `value` is TOML. Comments, order and layout stay as they are.
 * Throws UserError E_CANNOT_EDIT (exit 78), which tells what to write by hand.
 */
export function editOption(text: string, { name, value }: { readonly name: string; readonly value: string }): string {
  const before = tableOf(text);
  const wanted = tableOf(`value = ${value}`)?.value;
  const options = before !== null && isTable(before.options) ? before.options : {};
  const edited =
    before === null ? null : withOption(text, { name, value, isThere: 'options' in before, isSet: name in options });
  const after = edited === null ? null : tableOf(edited);
  const expected = { ...before, options: { ...options, [name]: wanted } };
  if (edited === null || after === null || !isSame(after, expected)) {
    throw new UserError('E_CANNOT_EDIT', 'pypi2nix.toml is written in a way that cannot be edited here', {
      exit: EXIT.config,
      hint: `write this in its table [options] by hand: ${name} = ${value}`,
    });
  }
  return edited;
}

function isSame(a: TextTable, b: TextTable): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}

function wantedList(entries: readonly string[], { changed, added }: ListEdit): string[] {
  const kept = entries.flatMap((entry, index) => {
    const now = changed.get(index);
    return now === undefined ? [entry] : now === null ? [] : [now];
  });
  return [...kept, ...added];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Null where the list does not have the form `key = [ string, ... ]`. */
function withList(text: string, { edit, count }: { readonly edit: ListEdit; readonly count: number }): string | null {
  const places = tomlPlaces(text);
  const spans = Array.from({ length: count }, (_, index): Span => {
    const start = offsetOf(text, places.at([edit.key, index]));
    return { start, end: afterString(text, start) };
  });
  const key = offsetOf(text, places.at([edit.key]));
  const open = text.indexOf('[', key);
  if (open < 0 || !/^[\w"'-]+\s*=\s*\[$/u.test(text.slice(key, open + 1))) return null;
  const close = skipBlanks(text, spans.at(-1)?.end ?? open + 1);
  if (text[close] !== ']') return null;
  // From the end to the beginning, so that the places before stay right.
  let edited = withAdded(text, { spans, open, close, added: edit.added });
  for (const [index, span] of [...spans.entries()].reverse()) {
    const now = edit.changed.get(index);
    if (now === undefined) continue;
    edited =
      now === null
        ? withoutEntry(edited, span)
        : edited.slice(0, span.start) + tomlString(now) + edited.slice(span.end);
  }
  return edited;
}

function withAdded(
  text: string,
  {
    spans,
    open,
    close,
    added,
  }: {
    readonly spans: readonly Span[];
    readonly open: number;
    readonly close: number;
    readonly added: readonly string[];
  },
): string {
  if (added.length === 0) return text;
  const last = spans.at(-1);
  const isOneLine = !text.slice(open, close).includes('\n');
  if (isOneLine && last !== undefined)
    return `${text.slice(0, last.end)}${added.map((each) => `, ${tomlString(each)}`).join('')}${text.slice(last.end)}`;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const first = spans[0];
  const indent =
    first === undefined
      ? '    '
      : (/^[\t ]*$/u.exec(text.slice(startOfLine(text, first.start), first.start))?.[0] ?? '    ');
  const lines = added.map((each) => `${indent}${tomlString(each)},${end}`).join('');
  // An entry has to end in a comma before another one follows; a comment may stand behind it.
  const comma =
    last === undefined ||
    text
      .slice(last.end, close)
      .replace(/#[^\n]*/gu, '')
      .includes(',')
      ? ''
      : ',';
  const behind = last?.end ?? open + 1;
  const at = isOneLine ? close : startOfLine(text, close);
  const tail = isOneLine || !/^[\t ]*$/u.test(text.slice(at, close)) ? close : at;
  const before = `${text.slice(0, behind)}${comma}${text.slice(behind, tail)}`;
  const isLineStart = before.endsWith('\n');
  return `${before}${isLineStart ? '' : end}${lines}${text.slice(tail)}`;
}

/** With its line when it is alone there, else with the comma behind or before it. */
function withoutEntry(text: string, { start, end }: Span): string {
  const line = startOfLine(text, start);
  const isFirst = /^[\t ]*$/u.test(text.slice(line, start));
  const rest = /^[\t ]*,?[\t ]*(?:#[^\n]*)?(?:\n|$)/u.exec(text.slice(end));
  if (isFirst && rest !== null) return text.slice(0, line) + text.slice(end + rest[0].length);
  const behind = /^[\t ]*,[\t ]*/u.exec(text.slice(end));
  if (behind !== null) return text.slice(0, start) + text.slice(end + behind[0].length);
  const before = /,[\t ]*$/u.exec(text.slice(0, start));
  return text.slice(0, before?.index ?? start) + text.slice(end);
}

/** Before all other keys, or before the first table, or at the end. */
function withNewList(text: string, { key, added }: ListEdit): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const list = `${key} = [${end}${added.map((each) => `    ${tomlString(each)},${end}`).join('')}]${end}`;
  const at = skipBlanks(text, 0);
  const head = text.slice(0, at);
  return `${head}${head === '' || head.endsWith('\n') ? '' : end}${list}${at < text.length ? `${end}${text.slice(at)}` : ''}`;
}

function withOption(
  text: string,
  {
    name,
    value,
    isThere,
    isSet,
  }: { readonly name: string; readonly value: string; readonly isThere: boolean; readonly isSet: boolean },
): string | null {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  if (!isThere)
    return `${text}${text === '' || text.endsWith('\n') ? '' : end}${end}[options]${end}${name} = ${value}${end}`;
  const places = tomlPlaces(text);
  if (isSet) {
    const start = offsetOf(text, places.at(['options', name]));
    const equals = text.indexOf('=', start) + 1;
    const first = skipBlanks(text, equals);
    const last = afterValue(text, first);
    return last === null ? null : `${text.slice(0, first)}${value}${text.slice(last)}`;
  }
  const header = offsetOf(text, places.at(['options']));
  const line = text.indexOf('\n', header);
  if (!text.startsWith('[options]', header)) return null;
  return line < 0
    ? `${text}${end}${name} = ${value}${end}`
    : `${text.slice(0, line + 1)}${name} = ${value}${end}${text.slice(line + 1)}`;
}

/** Behind a string, a word, or a list of strings; null for other values. */
function afterValue(text: string, start: number): number | null {
  const first = text[start];
  if (first === '"' || first === "'") return afterString(text, start);
  if (first !== '[') return start + (/^[^\s#,]*/u.exec(text.slice(start))?.[0].length ?? 0);
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text[at] !== ']') {
    if (text[at] !== '"' && text[at] !== "'") return null;
    at = skipBlanks(text, afterString(text, at));
  }
  return at + 1;
}

function afterString(text: string, start: number): number {
  const quote = text[start] ?? '';
  const fence = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  let at = start + fence.length;
  while (at < text.length && !text.startsWith(fence, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  return at + fence.length;
}

/** Behind blanks, commas and comments. */
function skipBlanks(text: string, start: number): number {
  let at = start;
  for (;;) {
    if (text[at] === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (at < text.length && /[\s,\ufeff]/u.test(text[at] ?? '')) at += 1;
    else return at;
  }
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function offsetOf(text: string, { line, column }: TextPlace): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

function tableOf(text: string): TextTable | null {
  const read = readToml(text);
  return 'table' in read ? read.table : null;
}

function listOf(table: TextTable | null, key: string): readonly string[] | null {
  const list = table?.[key] ?? [];
  return Array.isArray(list) && list.every((entry) => typeof entry === 'string') ? list : null;
}

function cannotEdit({ key }: ListEdit, wanted: readonly string[]): UserError {
  return new UserError('E_CANNOT_EDIT', 'pypi2nix.toml is written in a way that cannot be edited here', {
    exit: EXIT.config,
    hint: `write this in it by hand, then run pypi2nix add without names: ${key} = [${wanted.map(tomlString).join(', ')}]`,
  });
}
