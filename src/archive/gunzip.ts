import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { badArchive, detailOf } from './bad-archive.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Decompresses gzip (RFC 1952), also of several members in a row. Zeros after the end are padding, as tape archivers write it.
 * Throws UserError `E_BAD_ARCHIVE` for damaged or truncated data and for anything else after the end.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<Uint8Array> {
  const engine = createGunzip({ chunkSize: CHUNK_BYTES });
  const feeding = pipeline(source, engine);
  // The same error comes out of the engine below, which is where it is looked at.
  feeding.catch(() => undefined);
  try {
    for await (const chunk of engine) yield chunk;
  } catch (error) {
    throw isZlibError(error) ? badArchive(archive, faultOf(error)) : error;
  } finally {
    engine.destroy();
    // Waits until the source is closed. What this rejects with has been thrown by the engine, or is ERR_STREAM_PREMATURE_CLOSE
    // because the consumer stopped early, which is no fault.
    await feeding.catch(() => undefined);
  }
}

function isZlibError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

function faultOf(error: Error & { readonly code: string }): string {
  if (error.code === 'Z_BUF_ERROR') return 'is truncated: its gzip data ends too early';
  return `has damaged gzip data, or other data after its end${detailOf(error)}`;
}
