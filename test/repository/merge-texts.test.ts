import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../../src/repository/merge-texts.ts';

/** Texts of a few short lines, so that both sides often meet. */
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '{', '}', ''), { maxLength: 8 })
  .map((lines) => `${lines.join('\n')}\n`);

describe('mergeTexts', () => {
  it.each([
    ['changes in different places', 'a\nb\nc\nd\n', 'A\nb\nc\nd\n', 'a\nb\nc\nD\n', 'A\nb\nc\nD\n'],
    ['the same change on both sides once', 'a\nb\n', 'a\nB\n', 'a\nB\n', 'a\nB\n'],
    ['added lines', 'a\nb\n', 'a\n# mine\nb\n', 'a\nb\nc\nd\n', 'a\n# mine\nb\nc\nd\n'],
    ['a deletion', 'a\nb\nc\nd\ne\n', 'b\nc\nd\ne\n', 'a\nb\nc\nd\nE\n', 'b\nc\nd\nE\n'],
    ['a file without a last line end', 'a\nb\nc', 'A\nb\nc', 'a\nb\nc\n', 'A\nb\nc\n'],
  ])('keeps %s', (_what, base, edited, generated, merged) => {
    expect(mergeTexts({ base, edited, generated })).toBe(merged);
  });

  it('gives nothing where both sides change one line in different ways', () => {
    expect(mergeTexts({ base: 'a\n', edited: 'mine\n', generated: 'theirs\n' })).toBeNull();
  });

  it('is the other side where one side has changed nothing', () => {
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(mergeTexts({ base, edited: base, generated: other })).toBe(other);
        expect(mergeTexts({ base, edited: other, generated: base })).toBe(other);
        expect(mergeTexts({ base, edited: other, generated: other })).toBe(other);
      }),
    );
  });

  it('merges again to the same: what was merged is a hand edit of what is generated now', () => {
    fc.assert(
      fc.property(text, text, text, (base, edited, generated) => {
        const merged = mergeTexts({ base, edited, generated });
        fc.pre(merged !== null);
        expect(mergeTexts({ base: generated, edited: merged, generated })).toBe(merged);
      }),
    );
  });

  it('has no line that neither side has', () => {
    fc.assert(
      fc.property(text, text, text, (base, edited, generated) => {
        const merged = mergeTexts({ base, edited, generated });
        fc.pre(merged !== null);
        const known = new Set([...edited.split('\n'), ...generated.split('\n')]);
        expect(merged.split('\n').filter((line) => !known.has(line))).toEqual([]);
      }),
    );
  });

  it('does not depend on who is which side', () => {
    fc.assert(
      fc.property(text, text, text, (base, edited, generated) => {
        expect(mergeTexts({ base, edited, generated })).toBe(
          mergeTexts({ base, edited: generated, generated: edited }),
        );
      }),
    );
  });
});
