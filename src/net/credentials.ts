import type { Netrc } from './netrc.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Takes user and password out of a URL. Percent escapes in them are decoded; a broken escape is taken as it is written. */
export function splitCredentials(url: URL): { readonly url: URL; readonly credentials: Credentials | null } {
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  if (url.username === '' && url.password === '') return { url: clean, credentials: null };
  return { url: clean, credentials: { username: decoded(url.username), password: decoded(url.password) } };
}

/**
 * What to sign a request with: the credentials in the configured URL of the same origin whose path is nearest, else those that netrc
 * has for the host. A configured user without a password takes the password from netrc.
 */
export function credentialsFrom(sources: {
  /** URLs of the user's configuration, with or without credentials. */
  readonly urls: readonly string[];
  readonly netrc: Netrc;
}): (url: URL) => Credentials | null {
  const known = sources.urls.filter((url) => URL.canParse(url)).map((url) => splitCredentials(new URL(url)));
  return (url) => {
    const own = nearest(url, known);
    const entry = sources.netrc.machines.get(url.hostname) ?? sources.netrc.fallback;
    if (own !== null && own.password === '' && entry?.login === own.username)
      return { ...own, password: entry.password };
    if (own !== null) return own;
    return entry === null ? null : { username: entry.login, password: entry.password };
  };
}

function nearest(
  url: URL,
  known: readonly { readonly url: URL; readonly credentials: Credentials | null }[],
): Credentials | null {
  let best: Credentials | null = null;
  let length = -1;
  for (const { url: base, credentials } of known) {
    if (credentials === null || base.origin !== url.origin) continue;
    const shared = sharedSegments(base.pathname, url.pathname);
    if (shared > length) [best, length] = [credentials, shared];
  }
  return best;
}

function sharedSegments(a: string, b: string): number {
  const other = b.split('/');
  const segments = a.split('/');
  const differs = segments.findIndex((segment, index) => segment !== other[index]);
  return differs === -1 ? segments.length : differs;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
