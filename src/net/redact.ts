import { SECRET_PARAMETER } from '../base/secrets.ts';
import { oneLine } from '../base/text.ts';

/** What stands where a secret stood. */
const HIDDEN = '***';

/**
 * A URL as it may be shown: without user and password, and with the values of query parameters hidden whose names speak of tokens,
 * keys, authentication or signatures. What cannot be parsed as a URL is treated by its looks. The result is for messages only.
 */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return oneLine(url.replace(/\/\/[^/\s]*@/g, '//'));
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  for (const name of new Set(shown.searchParams.keys())) {
    if (SECRET_PARAMETER.test(name)) shown.searchParams.set(name, HIDDEN);
  }
  return oneLine(shown.href);
}

/** A text from outside, such as the message of a library, as one line with every URL in it redacted. */
export function redactText(text: string): string {
  return oneLine(text.replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s'"<>]+/gi, (url) => redactUrl(url)));
}
