import { EXIT, UserError } from '../base/user-error.ts';
import { type Credentials, splitCredentials } from './credentials.ts';
import { redactText, redactUrl } from './redact.ts';

/** One request of a chain of redirects. */
export interface Hop {
  /** Without credentials. */
  readonly url: URL;
  /** Those that the URL held, or that a former URL of the same host held. */
  readonly credentials: Credentials | null;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Redirects so far. */
  readonly count: number;
  /** For messages. */
  readonly what: string;
}

const MAX_REDIRECTS = 10;
const PRIVATE_HEADERS: readonly string[] = ['authorization', 'cookie', 'proxy-authorization'];

/** Whether a status says "look elsewhere" (RFC 9110, 15.4); 300 and 304 do not. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * Where to go on. Credentials and private headers stay behind when the host changes. Throws UserError `E_BAD_REDIRECT` (69) for a
 * missing or unusable location, a step from https to http, and the eleventh redirect.
 */
export function nextHop(hop: Hop, location: string | null): Hop {
  if (hop.count >= MAX_REDIRECTS) throw badRedirect(hop, `redirects more than ${MAX_REDIRECTS} times`);
  if (location === null || !URL.canParse(location, hop.url.href)) {
    throw badRedirect(
      hop,
      location === null ? 'redirects without saying where' : `redirects to '${redactText(location)}'`,
    );
  }
  const next = splitCredentials(new URL(location, hop.url));
  if (next.url.protocol !== 'https:' && next.url.protocol !== 'http:') {
    throw badRedirect(hop, `redirects to ${redactUrl(next.url.href)}, which is not an address of the web`);
  }
  if (hop.url.protocol === 'https:' && next.url.protocol === 'http:') {
    throw badRedirect(
      hop,
      `redirects from https to ${redactUrl(next.url.href)}, which anybody on the way can read and change`,
    );
  }
  const isSame = isSameHost(hop.url, next.url);
  return {
    ...next,
    credentials: next.credentials ?? (isSame ? hop.credentials : null),
    headers: isSame ? hop.headers : withoutPrivate(hop.headers),
    count: hop.count + 1,
    what: hop.what,
  };
}

/** The same origin, or its secure twin: from http to https on the usual ports. */
function isSameHost(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  return (
    from.hostname === to.hostname &&
    from.protocol === 'http:' &&
    from.port === '' &&
    to.protocol === 'https:' &&
    to.port === ''
  );
}

function withoutPrivate(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.includes(name)));
}

function badRedirect(hop: Hop, fault: string): UserError {
  return new UserError('E_BAD_REDIRECT', `${redactUrl(hop.url.href)}, asked for ${hop.what}, ${fault}`, {
    hint: 'check the address of the index, and whether a proxy or a login page stands before it',
    exit: EXIT.unavailable,
  });
}
