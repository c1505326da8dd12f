import { EXIT, UserError } from '../../base/user-error.ts';

/**
 * The instant of `--as-of` in milliseconds since 1970: a bare date is the end of that day in UTC, an RFC 3339 time is taken as it is.
 * @throws UserError E_USAGE (exit 2).
 */
export function parseAsOf(text: string): number {
  const isDate = /^\d{4}-\d{2}-\d{2}$/u.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/u.test(text);
  const instant = isDate ? Date.parse(`${text}T23:59:59.999Z`) : isTime ? Date.parse(text) : Number.NaN;
  // Date.parse turns the 31st of a short month into the next one instead of refusing it.
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  const isReal = !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10));
  if (Number.isNaN(instant) || !isReal) {
    throw new UserError('E_USAGE', `--as-of: ${JSON.stringify(text)} is no date or time`, {
      exit: EXIT.usage,
      hint: 'write 2024-01-31 or 2024-01-31T12:00:00Z',
    });
  }
  return instant;
}
