import { diff3Merge } from 'node-diff3';

/** Three states of one file: what was generated last, what the user made of it, and what is generated now. */
export interface ThreeTexts {
  readonly base: string;
  readonly edited: string;
  readonly generated: string;
}

/**
 * The file with the changes of both sides, line by line as diff3 does; null where both changed the same place in different ways.
 * What both sides changed alike counts once. A line that only one side has touched is that side's.
 */
export function mergeTexts({ base, edited, generated }: ThreeTexts): string | null {
  if (edited === generated || base === generated) return edited;
  if (base === edited) return generated;
  const regions = diff3Merge(linesOf(edited), linesOf(base), linesOf(generated), {
    excludeFalseConflicts: true,
  });
  const merged: string[] = [];
  for (const region of regions) {
    if (region.conflict !== undefined) return null;
    for (const line of region.ok ?? []) merged.push(line);
  }
  return merged.join('\n');
}

// The last line is what stands behind the last line break, empty for a text that ends in one.
function linesOf(text: string): string[] {
  return text.split('\n');
}
