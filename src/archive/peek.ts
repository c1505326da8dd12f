/**
 * The first bytes of a stream (fewer only when the stream has no more) and the whole stream, these bytes included.
 * `bytes` must be iterated or returned: it is what closes the source.
 */
export async function peek(
  source: AsyncGenerator<Uint8Array>,
  count: number,
): Promise<{ readonly head: Uint8Array; readonly bytes: AsyncGenerator<Uint8Array> }> {
  const chunks: Uint8Array[] = [];
  let held = 0;
  while (held < count) {
    const next = await source.next();
    if (next.done === true) break;
    chunks.push(next.value);
    held += next.value.length;
  }
  const bytes = replay(chunks, source);
  // Started here, because the `finally` of a generator that never ran is not run by `return` either.
  await bytes.next();
  return { head: Buffer.concat(chunks).subarray(0, count), bytes };
}

async function* replay(chunks: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield EMPTY;
    yield* chunks;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

const EMPTY = new Uint8Array(0);
