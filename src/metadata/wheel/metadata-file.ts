import { createHash } from 'node:crypto';
import type { Note } from '../../base/note.ts';
import { oneLine } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { HttpClient } from '../../net/http-client.ts';
import { redactUrl } from '../../net/redact.ts';
import { type RetryPolicy, retrying } from '../../net/retry.ts';
import type { CoreMetadata } from '../../pep/core-metadata.ts';
import { parseWheelName } from '../../pep/wheel-name.ts';
import { bytesWithin } from './byte-source.ts';
import { MAX_METADATA_BYTES, wheelCoreMetadata } from './dist-info.ts';
import type { Verdict } from './routes.ts';

/**
 * Fetches the metadata file that an index may have beside a wheel (PEP 658). The result is null where there is none; a note tells it
 * when the index had announced one. Throws UserError `E_DIGEST_MISMATCH` (65) when it has another sha256 than announced, `E_BAD_WHEEL`
 * when it has the announced one and is no metadata of this wheel, `E_INDEX_UNAVAILABLE` when the host does not answer.
 */
export async function fetchMetadataFile(
  file: IndexFile,
  options: { readonly http: HttpClient; readonly retry: RetryPolicy; readonly onNote: (note: Note) => void },
): Promise<Verdict<CoreMetadata | null>> {
  const url = metadataUrl(file.url);
  const what = `the metadata file of ${file.filename}`;
  const missing = (why: string): Verdict<null> => {
    if (file.coreMetadata !== false) options.onNote(missingNote(file, why));
    return { verdict: 'dead', result: null };
  };
  const answer = await retrying(
    what,
    async () => {
      const response = await options.http.get({ url, what });
      if (response.status === 200) return await bytesWithin(response.body, MAX_METADATA_BYTES);
      await response.discard();
      return response.status;
    },
    options.retry,
  );
  if (typeof answer === 'number') return missing(`answers HTTP ${answer}`);
  if (answer === null) return missing(`gives more than ${MAX_METADATA_BYTES} bytes`);
  if (typeof file.coreMetadata === 'string') checkDigest(answer, { expected: file.coreMetadata, url });
  try {
    return { verdict: 'works', result: wheelCoreMetadata(answer, file) };
  } catch (error) {
    // Without a digest it can be anything: some servers answer every address with a page.
    if (typeof file.coreMetadata === 'string' || !(error instanceof UserError)) throw error;
    return missing(`gives something else: ${error.message}`);
  }
}

/** `.metadata` belongs to the path: a query may follow it. */
function metadataUrl(wheelUrl: string): string {
  const url = new URL(wheelUrl);
  url.pathname += '.metadata';
  url.hash = '';
  return url.href;
}

function checkDigest(bytes: Uint8Array, { expected, url }: { readonly expected: string; readonly url: string }): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === expected.toLowerCase()) return;
  throw new UserError(
    'E_DIGEST_MISMATCH',
    `${redactUrl(url)} has the sha256 ${found}, but the index announces ${oneLine(expected)}`,
    {
      hint: 'the file was changed on its way or on the index; try again, and if it stays so, ask the keeper of the index',
      exit: EXIT.data,
    },
  );
}

function missingNote(file: IndexFile, why: string): Note {
  const project = parseWheelName(file.filename)?.name;
  return {
    kind: 'fallback',
    text: oneLine(
      `the index announces metadata beside ${file.filename}, but its host ${why}; the wheel itself is asked`,
    ),
    ...(project === undefined ? {} : { project }),
  };
}
