import { caretBlock } from '../base/caret.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/** A text that is read from left to right, and what to say when it does not go on as its grammar wants. */
export interface Scanner {
  readonly text: string;
  /** Stable code of the error, for example `E_INVALID_MARKER`. */
  readonly code: string;
  /** What the text should be, for example `marker`. */
  readonly what: string;
  readonly hint: string;
  /** Where reading goes on, in UTF-16 units. */
  position: number;
}

/** A regular expression with the flag `y`. */
export type Token = RegExp;

// Blanks inside a requirement: no line breaks (PEP 508, `wsp`).
const BLANKS: Token = /[ \t]+/y;

/** The text of the token when it comes next (null otherwise), without going past it. */
export function peek(scanner: Scanner, token: Token): string | null {
  token.lastIndex = scanner.position;
  return token.exec(scanner.text)?.[0] ?? null;
}

/** As `peek`, and goes past it. */
export function accept(scanner: Scanner, token: Token): string | null {
  const text = peek(scanner, token);
  if (text !== null) scanner.position += text.length;
  return text;
}

/** As `accept`; throws the scanner's error when the token does not come next. */
export function expect(scanner: Scanner, token: Token, expected: string): string {
  return accept(scanner, token) ?? fail(scanner, `expected ${expected}`);
}

export function skipBlanks(scanner: Scanner): void {
  accept(scanner, BLANKS);
}

export function atEnd(scanner: Scanner): boolean {
  return scanner.position === scanner.text.length;
}

/** Throws the scanner's UserError (exit 65): the message, the text and a caret under the place. */
export function fail(scanner: Scanner, message: string, start = scanner.position, end = scanner.position): never {
  throw new UserError(scanner.code, `not a ${scanner.what}: ${message}\n${caretBlock(scanner.text, start, end)}`, {
    exit: EXIT.data,
    hint: scanner.hint,
  });
}
