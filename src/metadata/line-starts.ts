/** The offsets at which the lines of a text begin. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line of an offset, counted from 1. */
export function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** Tells the lines of many offsets of one text; it is searched once, when the first is asked for. */
export function lineFinder(text: string): (offset: number) => number {
  let starts: readonly number[] | null = null;
  return (offset) => {
    starts ??= lineStartsOf(text);
    return lineAt(starts, offset);
  };
}
