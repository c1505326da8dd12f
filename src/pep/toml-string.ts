/**
 * Where a character of a text stands in the source of its string.
 *
 *     string = "'" text "'" | "'''" [ newline ] text "'''" | quote escaped quote | quote quote quote [ newline ] escaped quote quote quote
 *
 * `quoteAt` is the offset of the first quote of a valid TOML (or JSON) string, `index` the index in its value; offsets and indices
 * are UTF-16 units. An index behind the end gives the place behind the text.
 */
export function offsetInString(source: string, quoteAt: number, index: number): number {
  const quote = source[quoteAt] ?? '';
  const fence = source.startsWith(quote.repeat(3), quoteAt) ? quote.repeat(3) : quote;
  let offset = quoteAt + fence.length;
  if (fence.length === 3) offset += lineEndAt(source, offset);
  if (quote !== '"') return Math.min(offset + index, source.length);
  let read = 0;
  while (read < index && offset < source.length) {
    const piece = pieceAt(source, offset);
    offset += piece.width;
    read += piece.value;
  }
  // A folded line end has no characters: what follows it begins behind it.
  while (pieceAt(source, offset).value === 0) offset += pieceAt(source, offset).width;
  return offset;
}

/** How many units a piece of a basic string has in the source and in the value. */
function pieceAt(source: string, offset: number): { readonly width: number; readonly value: number } {
  if (source[offset] !== '\\') return { width: 1, value: 1 };
  const letter = source[offset + 1] ?? '';
  if (letter === 'x') return { width: 4, value: 1 };
  if (letter === 'u') return { width: 6, value: 1 };
  if (letter === 'U') {
    const code = Number.parseInt(source.slice(offset + 2, offset + 10), 16);
    return { width: 10, value: code > 0xffff ? 2 : 1 };
  }
  if (!/\s/u.test(letter)) return { width: 2, value: 1 };
  let end = offset + 1;
  while (/\s/u.test(source[end] ?? '')) end += 1;
  return { width: end - offset, value: 0 };
}

function lineEndAt(source: string, offset: number): number {
  if (source.startsWith('\r\n', offset)) return 2;
  return source[offset] === '\n' ? 1 : 0;
}
