/** The characters that Python's `\s` and `str.strip()` know as white space, for use inside a character class. JavaScript's `\s` differs in six of them. */
export const PYTHON_SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Where Python's `str.splitlines()` ends a line, as the source of a regular expression. */
export const PYTHON_LINE_END = '\\r\\n|[\\n-\\r\\x1c-\\x1e\\x85\\u2028\\u2029]';

const IS_SPACE = new RegExp(`^[${PYTHON_SPACE}]$`);

/** The text without white space at both ends, as `str.strip()` does. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && IS_SPACE.test(text.charAt(start))) start += 1;
  while (end > start && IS_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
