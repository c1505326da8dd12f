import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

const BYTE_ORDER_MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  // Before UTF-16, whose mark is a part of this one.
  [[0xff, 0xfe, 0, 0], 'utf-32-le'],
  [[0, 0, 0xfe, 0xff], 'utf-32-be'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
];

/** Names that Python has for encodings and browsers have not, by their letters and digits. */
const PYTHON_NAMES: ReadonlyMap<string, string> = new Map([
  ['latin', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
  ['iso88591', 'iso-8859-1'],
  ['l1', 'iso-8859-1'],
  ['ascii', 'utf-8'],
  ['usascii', 'utf-8'],
  ['u8', 'utf-8'],
  ['utf8sig', 'utf-8'],
  ['cp1252', 'windows-1252'],
  ['cp1251', 'windows-1251'],
  ['cp1250', 'windows-1250'],
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
]);

/**
 * The text of a requirements file as pip 26.3 decodes it: by its byte order mark, else by a comment of PEP 263 in one of the first two
 * lines (`# -*- coding: latin-1 -*-`), else as UTF-8. pip then falls back to the encoding of the machine; here that is UserError
 * E_BAD_REQUIREMENTS_FILE (exit 65), as is an encoding that is not known: a guess would change names. `name` stands in the message.
 */
export function decodeRequirements(bytes: Uint8Array, name: string): string {
  for (const [mark, encoding] of BYTE_ORDER_MARKS) {
    if (mark.every((byte, index) => bytes[index] === byte)) return decode(bytes.subarray(mark.length), encoding, name);
  }
  return decode(bytes, declaredEncoding(bytes) ?? 'utf-8', name);
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const beginning = String.fromCharCode(...bytes.subarray(0, 2000));
  for (const line of beginning.split('\n').slice(0, 2)) {
    const encoding = line.startsWith('#') ? /coding[:=]\s*([-\w.]+)/.exec(line)?.[1] : undefined;
    if (encoding !== undefined) return encoding;
  }
  return null;
}

function decode(bytes: Uint8Array, encoding: string, name: string): string {
  if (encoding.startsWith('utf-32')) return decodeUtf32(bytes, encoding.endsWith('le'), name);
  const label = PYTHON_NAMES.get(encoding.toLowerCase().replace(/[-_]/g, '')) ?? encoding;
  // Browsers read Windows-1252 where Latin-1 is named.
  if (label === 'iso-8859-1') return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    const isUnknown = cause instanceof RangeError;
    throw badText(
      name,
      isUnknown ? `the encoding ${oneLine(encoding)} is not known` : `the text is not ${oneLine(encoding)}`,
      cause,
    );
  }
}

function decodeUtf32(bytes: Uint8Array, isLittle: boolean, name: string): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let offset = 0; offset < bytes.length; offset += 4) {
    const code = offset + 4 <= bytes.length ? view.getUint32(offset, isLittle) : Number.POSITIVE_INFINITY;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw badText(name, 'the text is not utf-32', null);
    text += String.fromCodePoint(code);
  }
  return text;
}

function badText(name: string, what: string, cause: unknown): UserError {
  return new UserError('E_BAD_REQUIREMENTS_FILE', `${oneLine(name)}: ${what}`, {
    exit: EXIT.data,
    hint: 'save the file as UTF-8, or name its encoding in the first line, for example: # -*- coding: cp1252 -*-',
    cause,
  });
}
