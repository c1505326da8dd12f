import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base32OfHex, formatSha256, hexOfBase32, hexOfSri, sriOfHex } from '../../src/nix/hash.ts';

// lxml-3.4.4.tar.gz; the base32 form is what nixpkgs itself had for it.
const HEX = 'b3d362bac471172747cda3513238f115cbd6c5f8b8e6319bf6a97a7892724099';
const SRI = 'sha256-s9NiusRxFydHzaNRMjjxFcvWxfi45jGb9ql6eJJyQJk=';
const BASE32 = '16a0fa97hym9ysdk3rmqz32xdjqmy4w34ld3rm3jf5viqjx65lxk';

describe('a sha256', () => {
  it.each([
    ['sri', SRI],
    ['base32', BASE32],
    ['hex', HEX],
  ] as const)('is written as %s', (form, text) => {
    expect(formatSha256(HEX, form)).toBe(text);
    expect(formatSha256(HEX.toUpperCase(), form)).toBe(text);
  });

  it('comes back from every form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const hex = Buffer.from(bytes).toString('hex');
        expect(hexOfSri(sriOfHex(hex))).toBe(hex);
        expect(hexOfBase32(base32OfHex(hex))).toBe(hex);
      }),
    );
  });

  it.each([
    ['hex that is too short', () => sriOfHex('abc')],
    ['SRI of another algorithm', () => hexOfSri('sha512-AAAA')],
    ['base32 with a letter that Nix does not use', () => hexOfBase32(`e${BASE32.slice(1)}`)],
    ['base32 with more bits than a digest has', () => hexOfBase32(`z${BASE32.slice(1)}`)],
  ])('is refused as %s', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ code: 'E_BAD_DIGEST' }));
  });
});
