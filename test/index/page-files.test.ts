import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameReader, readFileName } from '../../src/index/file-name.ts';
import { absoluteUrl } from '../../src/index/page-files.ts';
import { parseWheelName } from '../../src/pep/wheel-name.ts';

describe('absoluteUrl', () => {
  const part = fc.constantFrom(
    'a',
    'files.test',
    'XN--A',
    'xn--a',
    '1',
    '..',
    '.',
    '%2e',
    ' ',
    'b_c-1.0.whl',
    '~',
    'é',
    '@',
  );

  it('gives what the URL standard makes of an address, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), fc.array(part, { maxLength: 4 }), (host, path) => {
        const address = `https://${host.join('.')}/${path.join('/')}`;
        const url = URL.canParse(address) ? new URL(address) : null;
        if (url !== null) url.username = '';
        if (url !== null) url.password = '';

        expect(absoluteUrl(address, 'https://base.test/')).toBe(url?.href ?? null);
      }),
    );
  });
});

describe('fileNameReader', () => {
  const piece = fc.constantFrom(
    'toolz',
    'Toolz',
    'cytoolz',
    '1.0',
    '1.00',
    'one',
    '2',
    'py3',
    'cp313',
    'none',
    'any',
    '',
    'a__b',
    '2.0_rc1',
  );
  const names = fc.array(
    fc.array(piece, { minLength: 3, maxLength: 6 }).map((pieces) => `${pieces.join('-')}.whl`),
    { maxLength: 8 },
  );

  it('says of each name of a page what it says of the name alone', () => {
    fc.assert(
      fc.property(names, (filenames) => {
        const read = fileNameReader('toolz');

        expect(filenames.map(read)).toEqual(filenames.map((filename) => readFileName(filename, 'toolz')));
      }),
    );
  });

  it('takes for a wheel of the project what PEP 427 does', () => {
    fc.assert(
      fc.property(names, (filenames) => {
        const read = fileNameReader('toolz');
        for (const filename of filenames) {
          const wheel = parseWheelName(filename);
          const expected = wheel?.name === 'toolz' ? wheel.version.text : null;
          const found = read(filename);
          expect([filename, found.kind === 'wheel' ? found.version : null]).toEqual([filename, expected]);
        }
      }),
    );
  });
});
