import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { compareText } from '../../base/text.ts';
import { REQUESTS_PATH } from '../../repository/journal.ts';

/** A run of `generate -o` that wrote packages of a folder. */
export interface RecordedRequest {
  /** Its command line, without credentials of addresses. */
  readonly arguments: readonly string[];
  /** The folder in which it was run, relative to that of `-o`. */
  readonly directory: string;
  /** The packages that no later run has written again: PEP 503 name and version. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

const REQUESTS = v.object({
  form: v.literal(1),
  requests: v.array(
    v.object({
      arguments: v.array(v.string()),
      directory: v.string(),
      packages: v.array(v.object({ name: v.string(), version: v.string() })),
    }),
  ),
});

/**
 * The text of the requests of a folder with one more, so that packages can be written again with other rules. A package belongs to the last run that wrote it; the same
 * run once more changes nothing.
 */
export function requestsWith(target: string, request: RecordedRequest): string {
  const names = new Set(request.packages.map(({ name }) => name));
  const earlier = readRequests(target)
    .map((each) => ({ ...each, packages: each.packages.filter(({ name }) => !names.has(name)) }))
    .filter(({ packages }) => packages.length > 0);
  const plain: RecordedRequest = {
    arguments: request.arguments.map(withoutCredentials),
    directory: request.directory,
    packages: [...request.packages].sort((a, b) => compareText(a.name, b.name)),
  };
  return `${JSON.stringify({ form: 1, requests: [...earlier, plain] }, null, 2)}\n`;
}

/** The requests of a folder, the latest last; none where nothing is recorded, or not in this form. */
export function readRequests(target: string): readonly RecordedRequest[] {
  const text = textOf(path.join(target, REQUESTS_PATH));
  if (text === null) return [];
  try {
    const read = v.safeParse(REQUESTS, JSON.parse(text));
    return read.success ? read.output.requests : [];
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** An argument without the user and password of the addresses in it: they are secrets, and the environment has them for the next run. */
function withoutCredentials(argument: string): string {
  return argument.replace(/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^/@\s]{1,500}@/giu, '$1');
}
