import { compareText } from '../base/text.ts';

/**
 * A non-negative whole number as its decimal digits without leading zeros (`0` for zero). Versions hold numbers as texts, because
 * they may have any length, and because texts, unlike `bigint`, fit JSON.
 */
export type Digits = string;

/** The digits without leading zeros; zero for the empty text. */
export function toDigits(text: string): Digits {
  let start = 0;
  while (start < text.length - 1 && text.charAt(start) === '0') start += 1;
  return text.slice(start) || '0';
}

/** -1, 0 or 1 by value. */
export function compareDigits(a: Digits, b: Digits): number {
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return compareText(a, b);
}

/** The number that follows. */
export function nextDigits(digits: Digits): Digits {
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === '9') end -= 1;
  const zeros = '0'.repeat(digits.length - end);
  if (end === 0) return `1${zeros}`;
  return `${digits.slice(0, end - 1)}${Number(digits.charAt(end - 1)) + 1}${zeros}`;
}
