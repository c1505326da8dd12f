import { createHash } from 'node:crypto';
import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/** A stream that is hashed while it is read. */
export interface HashingStream {
  /** The same bytes; can be read once. */
  readonly bytes: AsyncGenerator<Uint8Array>;
  /** sha256 in lower-case hex; throws an Error before the end of the stream. */
  digest(): string;
  /** Bytes that went by so far. */
  size(): number;
}

/** Passes the bytes through and computes their sha256 on the way. */
export function hashingStream(source: AsyncIterable<Uint8Array>): HashingStream {
  const hash = createHash('sha256');
  let digest: string | null = null;
  let size = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
    digest = hash.digest('hex');
  }
  return {
    bytes: bytes(),
    digest() {
      if (digest === null) throw new Error('the digest is known only after the end of the stream');
      return digest;
    },
    size: () => size,
  };
}

/**
 * Passes the bytes through and compares their sha256 at the end: UserError `E_DIGEST_MISMATCH` (exit 65) when it is another one.
 * What was read before the end is not to be trusted, so results are kept only after the last byte. `what` is for the message:
 * `toolz-1.0.tar.gz`.
 */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  expected: { readonly sha256: string; readonly what: string },
): AsyncGenerator<Uint8Array> {
  const stream = hashingStream(source);
  yield* stream.bytes;
  const found = stream.digest();
  if (found === expected.sha256.toLowerCase()) return;
  throw new UserError(
    'E_DIGEST_MISMATCH',
    `${oneLine(expected.what)} has the sha256 ${found}, but ${oneLine(expected.sha256)} is expected (${stream.size()} bytes were read)`,
    {
      hint: 'the file was changed on its way or on the index; try again, and if it stays so, ask the keeper of the index',
      exit: EXIT.data,
    },
  );
}
