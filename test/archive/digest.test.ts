import { describe, expect, it } from 'vitest';
import { hashingStream, verified } from '../../src/archive/digest.ts';
import { sha256Of, streamOf } from '../support/archives.ts';
import { faultOf } from './support/read-all.ts';

const BYTES = Buffer.from('some bytes '.repeat(500));

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('hashingStream', () => {
  it('gives the bytes, their sha256 and their number', async () => {
    const stream = hashingStream(streamOf(BYTES, 7));

    expect(await gather(stream.bytes)).toEqual(BYTES);
    expect(stream.digest()).toBe(sha256Of(BYTES));
    expect(stream.size()).toBe(BYTES.length);
  });

  it('has no digest before the end', async () => {
    const stream = hashingStream(streamOf(BYTES, 7));
    await stream.bytes.next();

    expect(() => stream.digest()).toThrow('only after the end');
  });
});

describe('verified', () => {
  it('passes what has the expected digest, in whatever case it is written', async () => {
    const expected = { sha256: sha256Of(BYTES).toUpperCase(), what: 'toolz-1.0.tar.gz' };

    expect(await gather(verified(streamOf(BYTES), expected))).toEqual(BYTES);
  });

  it('ends with an error when the digest is another one', async () => {
    const expected = { sha256: '0'.repeat(64), what: 'toolz-1.0.tar.gz' };

    expect(await faultOf(gather(verified(streamOf(BYTES), expected)))).toBe(
      `E_DIGEST_MISMATCH 65: toolz-1.0.tar.gz has the sha256 ${sha256Of(BYTES)}, but ${'0'.repeat(64)} is expected (5500 bytes were read)`,
    );
  });
});
