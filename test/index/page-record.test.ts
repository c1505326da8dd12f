import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageRecord, readPageRecord, recordedPage } from '../../src/index/page-record.ts';
import type { DecodedPage } from '../../src/index/simple-json.ts';
import { file } from './support/files.ts';

const text = fc.option(fc.string());
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

const SILENT = { status: null, statusReason: null, ignored: [] };

const addresses = fc
  .array(fc.constantFrom('https://files.test', 'a', 'b', '=', '@', '-', '', 'toolz-1.0.zip'), { maxLength: 5 })
  .map((parts) => parts.join('/'));

const pages: fc.Arbitrary<DecodedPage> = fc.record({
  files: fc.array(
    fc
      .record({
        name: fc.constantFrom('toolz-1.0.tar.gz', 'toolz-1.0-py3-none-any.whl', 'Toolz-2.0.zip'),
        sha256: fc.option(digest),
        requiresPython: text,
        size: fc.option(fc.nat()),
        uploadTime: text,
        yanked: text,
        coreMetadata: fc.oneof(fc.boolean(), digest),
      })
      .map(({ name, ...fields }) => file(name, fields)),
  ),
  status: text,
  statusReason: text,
  ignored: fc.array(fc.string()),
});

describe('pageRecord', () => {
  it('gives back what the page says, and the files of each release in their order, after a way through JSON', () => {
    fc.assert(
      fc.property(pages, ({ files, ...said }) => {
        const record = readPageRecord(JSON.parse(JSON.stringify(pageRecord({ files, ...said }))));
        const page = record === null ? null : recordedPage(record);

        expect(page).toMatchObject(said);
        expect(page?.table.versions).toEqual([...new Set(files.map(({ version }) => version))]);
        for (const [position, version] of (page?.table.versions ?? []).entries())
          expect(page?.table.filesAt(position)).toEqual(files.filter((each) => each.version === version));
      }),
    );
  });

  it('gives back addresses in any form', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(addresses, fc.string())), (urls) => {
        const files = urls.map((url) => file('toolz-1.0.zip', { url }));
        const record = readPageRecord(JSON.parse(JSON.stringify(pageRecord({ ...SILENT, files }))));

        expect(record === null ? null : recordedPage(record)?.files).toEqual(files);
      }),
    );
  });

  it('names no address when it is made for the shipped layer', () => {
    const page = { ...SILENT, files: [file('toolz-1.0.zip', { size: 7, uploadTime: '2020-01-01T00:00:00Z' })] };

    expect(pageRecord(page, { urls: false })).toEqual({
      releases: ['1.0 toolz-1.0.zip - - - 7 2020-01-01T00:00:00Z - -'],
    });
  });

  it('says once what addresses have in common, and nothing twice that is in the name of the file', () => {
    const files = ['toolz-1.0.zip', 'toolz-1.0.tar.gz'].map((name) =>
      file(name, { url: `https://files.test/packages/${name.length}/${name}`, requiresPython: '>=3.9, <4' }),
    );

    expect(pageRecord({ ...SILENT, files })).toEqual({
      releases: ['1.0 toolz-1.0.zip 13/ - 0 - - - - toolz-1.0.tar.gz 16/ - 0 - - - -'],
      texts: ['>=3.9, <4'],
      prefix: 'https://files.test/packages/',
      undated: 2,
    });
  });

  it.each([
    null,
    7,
    {},
    { files: {} },
    { releases: 'x' },
    { absent: false },
    { releases: [7] },
    { releases: [], texts: [null] },
  ])('reads %j as no record', (value) => {
    expect(readPageRecord(value)).toBeNull();
  });
});
