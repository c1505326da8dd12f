import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageRecord, readPageRecord } from '../../src/index/page-record.ts';
import type { DecodedPage } from '../../src/index/simple-json.ts';
import { file } from './support/files.ts';

const text = fc.option(fc.string());
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

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
  it('gives back the same page after a way through JSON', () => {
    fc.assert(
      fc.property(pages, (page) => {
        expect(readPageRecord(JSON.parse(JSON.stringify(pageRecord(page))))).toEqual(page);
      }),
    );
  });

  it('names no address when it is made for the shipped layer', () => {
    const page = { files: [file('toolz-1.0.zip', { size: 7 })], status: null, statusReason: null, ignored: [] };

    expect(pageRecord(page, { urls: false })).toEqual({
      files: [{ filename: 'toolz-1.0.zip', version: '1.0', size: 7 }],
    });
  });

  it.each([
    null,
    7,
    {},
    { files: {} },
    { files: [{ filename: 'x' }] },
    { absent: false },
    { files: [{ filename: 'x', version: '1', sha256: '1' }] },
  ])('reads %j as no record', (value) => {
    expect(readPageRecord(value)).toBeNull();
  });
});
