import { describe, expect, it } from 'vitest';
import { decodeRequirements } from '../../src/pep/requirements-encoding.ts';

function bytes(text: string, encoding: BufferEncoding = 'utf8'): Uint8Array {
  return Buffer.from(text, encoding);
}

function utf32(text: string, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * (1 + [...text].length)));
  [0xfeff, ...[...text].map((character) => character.codePointAt(0) ?? 0)].forEach((code, index) => {
    view.setUint32(4 * index, code, isLittle);
  });
  return new Uint8Array(view.buffer);
}

describe('the text of a requirements file', () => {
  it.each([
    ['UTF-8', bytes('é # 𝄞\n')],
    ['UTF-8 with a byte order mark', bytes('\ufeffé # 𝄞\n')],
    ['UTF-16 with a byte order mark', bytes('\ufeffé # 𝄞\n', 'utf16le')],
    ['UTF-16 of big-endian machines', Buffer.from('\ufeffé # 𝄞\n', 'utf16le').swap16()],
    ['UTF-32 with a byte order mark', utf32('é # 𝄞\n', true)],
    ['UTF-32 of big-endian machines', utf32('é # 𝄞\n', false)],
  ])('is read from %s', (_what, content) => {
    expect(decodeRequirements(content, 'a.txt')).toBe('é # 𝄞\n');
  });

  it.each(['latin-1', 'ISO-8859-1', 'latin1', 'iso-8859-15', 'cp1252'])(
    'is read from %s where a comment says so',
    (encoding) => {
      const text = `# first\n# -*- coding: ${encoding} -*-\né`;
      expect(decodeRequirements(bytes(text, 'latin1'), 'a.txt')).toBe(text);
    },
  );

  it('keeps the control characters of Latin-1, which browsers take for others', () => {
    expect(decodeRequirements(bytes('# coding: latin-1\n\x85', 'latin1'), 'a.txt')).toBe('# coding: latin-1\n\x85');
  });

  it.each([
    ['bytes that are not UTF-8', bytes('é', 'latin1'), 'a.txt: the text is not utf-8'],
    [
      'bytes that are not of the encoding of the comment',
      bytes('# coding: utf8\né', 'latin1'),
      'a.txt: the text is not utf8',
    ],
    ['an encoding that is not known', bytes('# coding: klingon\nx'), 'a.txt: the encoding klingon is not known'],
    ['a broken UTF-32', utf32('a', true).slice(0, 6), 'a.txt: the text is not utf-32'],
  ])('is refused for %s', (_what, content, message) => {
    expect(() => decodeRequirements(content, 'a.txt')).toThrow(
      expect.objectContaining({ code: 'E_BAD_REQUIREMENTS_FILE', exit: 65, message }),
    );
  });

  it('is not looked for beyond the second line', () => {
    const text = '\n\n# coding: latin-1\né';
    expect(decodeRequirements(bytes(text), 'a.txt')).toBe(text);
  });
});
