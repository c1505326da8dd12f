import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isElf, readElf } from '../../../src/metadata/wheel/elf.ts';
import { makeElf } from '../../support/elf.ts';

describe('an ELF file', () => {
  it.each([
    { bits: 64, order: 'little' },
    { bits: 64, order: 'big' },
    { bits: 32, order: 'little' },
    { bits: 32, order: 'big' },
  ] as const)('of $bits bits, the $order end first, tells what it links and what it is called', (form) => {
    const bytes = makeElf({ needed: ['libz.so.1', 'libc.so.6'], soname: 'libpress.so.2', ...form });
    expect(readElf(bytes)).toEqual({ soname: 'libpress.so.2', needed: ['libz.so.1', 'libc.so.6'] });
  });

  it('that is linked statically links nothing', () => {
    expect(readElf(makeElf({ dynamic: false }))).toEqual({ soname: null, needed: [] });
  });

  it('without a name of its own has none', () => {
    expect(readElf(makeElf({ needed: ['libm.so.6'] }))).toEqual({ soname: null, needed: ['libm.so.6'] });
  });

  it.each<[what: string, bytes: Uint8Array]>([
    ['cut off in its header', makeElf({ needed: ['libz.so.1'] }).subarray(0, 20)],
    ['cut off in its dynamic section', makeElf({ needed: ['libz.so.1'] }).subarray(0, 190)],
    ['cut off in its names', makeElf({ needed: ['libz.so.1'] }).subarray(0, -4)],
    ['of an unknown form', Buffer.from('\x7fELF\x07\x01\x01', 'latin1')],
    ['with a terminal escape for a name', makeElf({ needed: ['lib\u001b[31m.so'] })],
  ])('%s is damaged', (_, bytes) => {
    expect(readElf(bytes)).toEqual({ soname: null, needed: null });
  });

  it('is told from other files', () => {
    expect(isElf(Buffer.from('import os\n'))).toBe(false);
    expect(readElf(Buffer.from('import os\n'))).toBeNull();
    expect(readElf(new Uint8Array())).toBeNull();
  });

  it('that is damaged anywhere never stops the reader', () => {
    const whole = makeElf({ needed: ['libz.so.1', 'libstdc++.so.6'], soname: 'x.so' });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }),
        fc.nat(whole.length),
        (changes, end) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          const read = readElf(bytes.subarray(0, end));
          return read === null || read.needed === null || read.needed.length <= 1000;
        },
      ),
      { numRuns: 2000, seed: 11 },
    );
  });
});
