import { readFile } from 'node:fs/promises';
import { EXIT, UserError } from '../base/user-error.ts';
import type { TextPlace } from '../pep/toml-text.ts';

// A file of rules has some kilobytes; more is a mistake, such as an archive under the wrong name.
const LARGEST_FILE = 1_000_000;

/** What is wrong with the bytes of a file, and where that shows first. */
export interface UnreadableFile extends TextPlace {
  /** As messages show it. */
  readonly file: string;
  /** A clause. */
  readonly text: string;
}

/** Reads an override file, or a patch beside it, as UTF-8; `label` is how messages show it. Throws UserError E_CANNOT_READ (exit 74) when it cannot be read. */
export async function readOverrideFile(
  path: string,
  label: string,
): Promise<{ readonly text: string } | { readonly fault: UnreadableFile }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    throw cannotRead(label, thrown);
  }
  if (bytes.length > LARGEST_FILE) {
    const text = `has ${bytes.length} bytes; it may have at most ${LARGEST_FILE}`;
    return { fault: { file: label, line: 1, column: 1, text } };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { fault: { file: label, ...firstBadByte(bytes), text: 'is not UTF-8 text' } };
  }
}

// Where the decoder puts the first mark for bytes that mean nothing, which the text itself may hold before it.
function firstBadByte(bytes: Buffer): TextPlace {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let at = text.indexOf('\ufffd');
  while (at >= 0 && isInBytes(bytes, text, at)) at = text.indexOf('\ufffd', at + 1);
  const before = text.slice(0, Math.max(at, 0));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

function isInBytes(bytes: Buffer, text: string, at: number): boolean {
  const offset = Buffer.byteLength(text.slice(0, at));
  return bytes.subarray(offset, offset + 3).equals(Buffer.from('\ufffd'));
}

/** E_CANNOT_READ (exit 74) for an error of the system; anything else is thrown again, as a defect of this program. */
export function cannotRead(shown: string, thrown: unknown): UserError {
  const code = codeOf(thrown);
  // Without a code of the system it is a defect of this program.
  if (code === undefined) throw thrown;
  const why = code === 'ENOENT' ? 'it is not there' : code;
  return new UserError('E_CANNOT_READ', `cannot read the overrides in ${shown}: ${why}`, {
    exit: EXIT.io,
    cause: thrown,
  });
}

/** The code of an error of the system: `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
