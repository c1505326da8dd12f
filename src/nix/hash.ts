import { EXIT, UserError } from '../base/user-error.ts';

/** How a digest is written: `sha256-...=` (SRI), 64 hex digits, or the 52 letters that Nix itself prints. */
export type HashForm = 'sri' | 'hex' | 'base32';

/** Nix's own alphabet and order of bits: digits and letters without e, o, t, u; the last byte first (`src/libutil/hash.cc`). */
const NIX_BASE32 = '0123456789abcdfghijklmnpqrsvwxyz';
const SHA256_BYTES = 32;

/** The digest in the form asked for. Throws UserError E_BAD_DIGEST for what is no hex sha256. */
export function formatSha256(hex: string, form: HashForm): string {
  if (form === 'hex') return hexOf(bytesOfHex(hex));
  return form === 'sri' ? sriOfHex(hex) : base32OfHex(hex);
}

/** `sha256-<base64>`, https://www.w3.org/TR/SRI/. */
export function sriOfHex(hex: string): string {
  return `sha256-${Buffer.from(bytesOfHex(hex)).toString('base64')}`;
}

/** The hex digest of `sha256-<base64>`. Throws UserError E_BAD_DIGEST. */
export function hexOfSri(sri: string): string {
  const bytes = /^sha256-[A-Za-z0-9+/]{43}=$/u.test(sri) ? Buffer.from(sri.slice('sha256-'.length), 'base64') : null;
  return bytes === null ? badDigest(sri) : hexOf(bytes);
}

/** Nix's base32 of a hex sha256: 52 letters. */
export function base32OfHex(hex: string): string {
  const bytes = bytesOfHex(hex);
  const letters = Math.ceil((SHA256_BYTES * 8) / 5);
  let text = '';
  for (let index = letters - 1; index >= 0; index--) {
    const byte = Math.floor((index * 5) / 8);
    const shift = (index * 5) % 8;
    const pair = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8);
    text += NIX_BASE32[(pair >> shift) & 31] ?? '';
  }
  return text;
}

/** The hex digest of Nix's base32. Throws UserError E_BAD_DIGEST. */
export function hexOfBase32(text: string): string {
  const bytes = new Uint8Array(SHA256_BYTES + 1);
  const values = [...text].reverse().map((letter) => NIX_BASE32.indexOf(letter));
  if (values.length !== 52 || values.includes(-1)) return badDigest(text);
  values.forEach((value, index) => {
    const byte = Math.floor((index * 5) / 8);
    const shifted = value << ((index * 5) % 8);
    bytes[byte] = (bytes[byte] ?? 0) | (shifted & 255);
    bytes[byte + 1] = (bytes[byte + 1] ?? 0) | (shifted >> 8);
  });
  // 52 letters hold 260 bits; the four that no digest has must be zero.
  return bytes[SHA256_BYTES] === 0 ? hexOf(bytes.subarray(0, SHA256_BYTES)) : badDigest(text);
}

function bytesOfHex(hex: string): Uint8Array {
  return /^[0-9a-fA-F]{64}$/u.test(hex) ? Buffer.from(hex, 'hex') : badDigest(hex);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function badDigest(text: string): never {
  throw new UserError('E_BAD_DIGEST', `${JSON.stringify(text.slice(0, 80))} is no sha256 digest`, { exit: EXIT.data });
}
