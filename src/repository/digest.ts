import { createHash } from 'node:crypto';

/** The sha256 of a text in UTF-8, or of bytes, in hex. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
