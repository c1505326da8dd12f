import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { HttpClient } from '../../net/http-client.ts';
import { redactUrl } from '../../net/redact.ts';

/**
 * The bytes of a file of an index, from the network or a local folder, as they come.
 * @throws UserError E_FILE_MISSING (exit 69), E_INDEX_DENIED (69), E_INDEX_UNAVAILABLE (69); a `TransientError` while the bytes come means that the download has to start anew.
 */
export async function openFile(file: IndexFile, http: HttpClient): Promise<AsyncIterable<Uint8Array>> {
  if (file.url.startsWith('file:')) return createReadStream(fileURLToPath(file.url));
  const response = await http.get({ url: file.url, what: file.filename, raw: true });
  if (response.status === 200) return response.body;
  await response.discard();
  const where = `${file.filename} at ${redactUrl(file.url)}`;
  if (response.status === 401 || response.status === 403) {
    throw new UserError('E_INDEX_DENIED', `${where}: the server refuses access (HTTP ${response.status})`, {
      exit: EXIT.unavailable,
      hint: 'give credentials in the URL of the index or in ~/.netrc',
    });
  }
  throw new UserError(
    'E_FILE_MISSING',
    `${where}: the index lists the file, but the server answers HTTP ${response.status}`,
    {
      exit: EXIT.unavailable,
      hint: 'try again with --refresh; if it stays so, the index is broken for this file',
    },
  );
}
