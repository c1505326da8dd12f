import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { redactUrl } from '../net/redact.ts';

/** Where the text of a page came from, for resolving addresses and for messages. */
export interface PageSource {
  /** PEP 503 name of the project that was asked for. */
  readonly project: string;
  /** Final address of the page, after redirects. */
  readonly url: string;
}

/** The error for an answer that is no page of a package index; `found` says what it is instead. */
export function badPage(source: PageSource, found: string, cause?: unknown): UserError {
  return new UserError(
    'E_BAD_INDEX_PAGE',
    `The page of ${source.project} at ${redactUrl(source.url)} is no page of a package index: found ${oneLine(found)}`,
    {
      exit: EXIT.data,
      hint: 'check the address of the index; a proxy or a login page may have answered in its place',
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** Refuses interfaces whose major version is above 1, as PEP 629 demands; a version that cannot be read counts as 1. */
export function checkApiVersion(version: string | null, source: PageSource): void {
  const major = /^\s*(\d+)(?:\.|\s*$)/.exec(version ?? '')?.[1];
  if (major === undefined || Number(major) <= 1) return;
  throw new UserError(
    'E_INDEX_VERSION',
    `The index at ${redactUrl(source.url)} speaks version ${oneLine(version ?? '')} of the simple repository interface; version 1 is understood`,
    { exit: EXIT.unavailable, hint: 'use a newer pypi2nix or another index' },
  );
}

/** A status or its reason as one line of bounded length; null for an empty one. */
export function statusText(text: string | null): string | null {
  const line = oneLine(text ?? '').slice(0, 500);
  return line === '' ? null : line;
}
