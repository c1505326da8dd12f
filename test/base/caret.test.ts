import { describe, expect, it } from 'vitest';
import { caretBlock } from '../../src/base/caret.ts';

describe('the caret under a place', () => {
  it('underlines from the start of the place to the caret at its end', () => {
    expect(caretBlock('name>1.*', 4, 7)).toBe('    name>1.*\n        ~~~^');
  });

  it('is alone at a place without length, also behind the last character', () => {
    expect(caretBlock('name', 4)).toBe('    name\n        ^');
  });

  it('shows the line of the place only', () => {
    expect(caretBlock('first\nsecond\nthird', 8, 10)).toBe('    second\n      ~~^');
  });

  it('cuts a long line around the place', () => {
    const block = caretBlock(`${'a'.repeat(500)}!${'b'.repeat(500)}`, 500, 501);
    expect(block).toBe(`    ...${'a'.repeat(30)}!${'b'.repeat(30)}...\n    ${' '.repeat(33)}~^`);
  });

  it('shows characters that a terminal would obey as question marks, so that the caret stays in its column', () => {
    expect(caretBlock('a\u001b[31m\u202eb\tc!', 9, 10)).toBe('    a?[31m?b c!\n             ~^');
  });
});
