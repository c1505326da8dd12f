import { oneLine } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { HttpClient, HttpResponse } from '../../net/http-client.ts';
import { redactUrl } from '../../net/redact.ts';
import { type RetryPolicy, retrying } from '../../net/retry.ts';
import { type ByteSource, bytesBetween, bytesWithin } from './byte-source.ts';
import { TAIL_BYTES } from './zip-end.ts';

/** How a host answers when a part of a file is asked for (RFC 9110, 14). */
export type RangeAnswer =
  | { readonly kind: 'ranges'; readonly source: ByteSource }
  /** The whole file comes; `isWholeAsked` when the part that was asked for may have been all of it. */
  | { readonly kind: 'whole'; readonly response: HttpResponse; readonly isWholeAsked: boolean }
  /** Neither; `isMissing` when the fault is of this file and says nothing on ranges. */
  | { readonly kind: 'refused'; readonly status: number; readonly isMissing: boolean };

interface Fetching {
  readonly http: HttpClient;
  readonly retry: RetryPolicy;
}

interface Piece {
  readonly from: number;
  readonly bytes: Buffer;
}

/** What is asked for first: it usually has the directory of a wheel and its metadata, which stand at the end. */
const FIRST_BYTES = TAIL_BYTES;
/** Faults of a file or of rights to it, not of ranges. */
const MISSING: ReadonlySet<number> = new Set([401, 403, 404, 410, 451]);

/**
 * Asks for the last 64 KiB of a file, or for the first ones where the index does not tell its size: ranges that count from the end are
 * not understood everywhere. Throws UserError `E_INDEX_UNAVAILABLE` when the host does not answer.
 */
export function openRanges(file: IndexFile, fetching: Fetching): Promise<RangeAnswer> {
  const from = file.size === null ? 0 : Math.max(0, file.size - FIRST_BYTES);
  const to = file.size === null ? FIRST_BYTES : file.size;
  return retrying(file.filename, () => firstAnswer(file, { from, to }, fetching), fetching.retry);
}

async function firstAnswer(
  file: IndexFile,
  { from, to }: { readonly from: number; readonly to: number },
  fetching: Fetching,
): Promise<RangeAnswer> {
  const response = await askFor(file, from, to, fetching.http);
  if (response.status === 200) {
    const length = response.headers.get('content-length') ?? '';
    const isWholeAsked = from === 0 && /^\d+$/.test(length) && Number(length) <= to;
    return { kind: 'whole', response, isWholeAsked };
  }
  const range = contentRange(response);
  if (range?.from !== from || range.total === null || range.to > to) {
    await response.discard();
    return { kind: 'refused', status: response.status, isMissing: MISSING.has(response.status) };
  }
  const bytes = await bytesWithin(response.body, range.to - from);
  if (bytes?.length !== range.to - from) throw brokenPromise(file, 'another number of bytes than it announces');
  return { kind: 'ranges', source: rangeSource(file, { size: range.total, first: { from, bytes }, fetching }) };
}

/** Reads what is not held by further requests. What reaches to the end of the file is held: the directory and the metadata are there. */
function rangeSource(
  file: IndexFile,
  { size, first, fetching }: { readonly size: number; readonly first: Piece; readonly fetching: Fetching },
): ByteSource {
  let held = first;
  return {
    size,
    async read(from, to) {
      if (from >= to) return Buffer.alloc(0);
      const heldEnd = held.from + held.bytes.length;
      if (from >= held.from && to <= heldEnd) return held.bytes.subarray(from - held.from, to - held.from);
      const isEndHeld = from < held.from && to > held.from && to <= heldEnd;
      const missing = await fetchPart(file, { from, to: isEndHeld ? held.from : to, size }, fetching);
      const known = isEndHeld ? Buffer.concat([missing, held.bytes]) : missing;
      if (from + known.length === size) held = { from, bytes: known };
      return known.subarray(0, to - from);
    },
  };
}

function fetchPart(
  file: IndexFile,
  { from, to, size }: { readonly from: number; readonly to: number; readonly size: number },
  { http, retry }: Fetching,
): Promise<Buffer> {
  return retrying(
    file.filename,
    async () => {
      const response = await askFor(file, from, to, http);
      const range = contentRange(response);
      const isPart = range?.from === from && range.to === to && range.total === size;
      if (response.status !== 200 && !isPart) {
        await response.discard();
        throw brokenPromise(file, `HTTP ${response.status} for a part of it, after it had given another`);
      }
      // One of several servers behind a name may not know ranges.
      const bytes = await bytesBetween(response.body, isPart ? 0 : from, isPart ? to - from : to);
      if (bytes.length !== to - from) throw brokenPromise(file, 'fewer bytes than it announces');
      return bytes;
    },
    retry,
  );
}

function askFor(file: IndexFile, from: number, to: number, http: HttpClient): Promise<HttpResponse> {
  const headers = { range: `bytes=${from}-${to - 1}` };
  return http.get({ url: file.url, what: file.filename, raw: true, headers });
}

/** content-range = "bytes" first "-" last "/" ( total | "*" ); here `to` is the byte after the last. Null unless the answer is a 206 with one. */
function contentRange(
  response: HttpResponse,
): { readonly from: number; readonly to: number; readonly total: number | null } | null {
  const header = response.headers.get('content-range') ?? '';
  const match = /^bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(header.trim());
  if (response.status !== 206 || match === null) return null;
  const [, from = '', last = '', total = ''] = match;
  return { from: Number(from), to: Number(last) + 1, total: total === '*' ? null : Number(total) };
}

function brokenPromise(file: IndexFile, answer: string): UserError {
  return new UserError('E_INDEX_UNAVAILABLE', `${redactUrl(file.url)} gives ${oneLine(answer)}`, {
    hint: 'try again; if it stays so, the index is broken for this file',
    exit: EXIT.unavailable,
  });
}
