import { toText } from './text-format.ts';
import type { Heap, Value } from './value.ts';

/** How one value is laid out: `!s` or `!r`, and what stands after the colon. */
export interface FieldFormat {
  readonly conversion?: string | undefined;
  readonly specification?: string | undefined;
}

/**
 * A value as `format()` and f-strings print it; null where it, or how to print it, is not known.
 * specification = [[fill] ("<" | ">" | "^")] ["0"] [width] ["." precision] ["s" | "d" | "f"]
 */
export function formatField(value: Value, { conversion = '', specification = '' }: FieldFormat, heap: Heap) {
  const shown = conversion === 'r' ? quoted(value, heap) : conversion === '' || conversion === 's' ? value : null;
  if (shown === null) return null;
  if (specification === '') return toText(shown, heap);
  const match = /^(?:(.?)([<>^]))?(0?)(\d{0,3})(?:\.(\d{1,2}))?([sdf]?)$/su.exec(specification);
  if (match === null) return null;
  const [, fill, side, zero, width = '', precision, type = ''] = match;
  const text = layOut(shown, { precision: precision === undefined ? null : Number(precision), type }, heap);
  if (text === null) return null;
  const isNumber = shown.kind === 'number';
  return padded(text, {
    width: Number(width),
    fill: zero === '0' && isNumber ? '0' : fill === undefined || fill === '' ? ' ' : fill,
    side: side ?? (isNumber ? '>' : '<'),
  });
}

/** `repr()` of what needs no escapes. */
function quoted(value: Value, heap: Heap): Value | null {
  if (value.kind === 'number' || value.kind === 'boolean' || value.kind === 'none') return value;
  const text = value.kind === 'string' ? toText(value, heap) : null;
  return text === null || !/^[\p{L}\p{N} !#-&(-[\]-~]*$/u.test(text) ? null : { kind: 'string', value: `'${text}'` };
}

function layOut(
  value: Value,
  { precision, type }: { readonly precision: number | null; readonly type: string },
  heap: Heap,
): string | null {
  if (value.kind !== 'number') {
    const text = type === 'd' || type === 'f' ? null : toText(value, heap);
    return text === null || precision === null ? text : [...text].slice(0, precision).join('');
  }
  if (type === 'f') return fixed(value.value, precision ?? 6);
  if (type === 's' || precision !== null) return null;
  return type === 'd' && !Number.isInteger(value.value) ? null : String(value.value);
}

/** Digits behind the point; null in the middle between two, which Python rounds to the even one. */
export function fixed(value: number, digits: number): string | null {
  const scaled = Math.abs(value) * 10 ** digits;
  const isBetween = Math.abs(scaled - Math.floor(scaled) - 0.5) < 1e-9;
  return isBetween || scaled > 1e15 ? null : value.toFixed(digits);
}

/** Filled up to a width of at most three digits. */
export function padded(
  text: string,
  { width, fill, side }: { readonly width: number; readonly fill: string; readonly side: string },
): string {
  const missing = Math.max(0, width - [...text].length);
  const sign = fill === '0' ? (/^-/u.exec(text)?.[0] ?? '') : '';
  if (side === '<') return text + fill.repeat(missing);
  if (side === '^') return fill.repeat(missing >> 1) + text + fill.repeat(missing - (missing >> 1));
  return sign + fill.repeat(missing) + text.slice(sign.length);
}
