import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { decodeSimpleJson } from '../../src/index/simple-json.ts';

const source = { project: 'toolz', url: 'https://index.test/simple/toolz/' };
const digest = '43c2c9e5e7a16b6c88ba3088a9bfc82f7db8e13378be7c78d6c14a5f8ed05afd';

function decode(page: unknown) {
  return decodeSimpleJson(JSON.stringify(page), source);
}

function decodeFile(fields: object) {
  return decode({ files: [{ filename: 'toolz-0.7.4.tar.gz', url: 'toolz-0.7.4.tar.gz', hashes: {}, ...fields }] })
    .files[0];
}

function errorOf(text: string): UserError {
  try {
    decodeSimpleJson(text, source);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('decodeSimpleJson', () => {
  it('reads every field of a file', () => {
    const page = decode({
      meta: { 'api-version': '1.4', '_last-serial': '1' },
      name: 'toolz',
      files: [
        {
          filename: 'toolz-0.7.4.tar.gz',
          url: 'https://files.test/toolz-0.7.4.tar.gz',
          hashes: { md5: 'x', sha256: digest.toUpperCase() },
          'requires-python': '>=3.8',
          size: 29155,
          'upload-time': '2015-09-18T02:02:10.123456Z',
          yanked: 'broken',
          'core-metadata': { sha256: digest },
          'gpg-sig': true,
        },
      ],
    });

    expect(page).toEqual({
      files: [
        {
          kind: 'sdist',
          filename: 'toolz-0.7.4.tar.gz',
          version: '0.7.4',
          url: 'https://files.test/toolz-0.7.4.tar.gz',
          sha256: digest,
          requiresPython: '>=3.8',
          size: 29155,
          uploadTime: '2015-09-18T02:02:10.123456Z',
          yanked: 'broken',
          coreMetadata: digest,
        },
      ],
      ignored: [],
      status: null,
      statusReason: null,
    });
  });

  it.each([
    ['../../packages/toolz-0.7.4.tar.gz', 'https://index.test/packages/toolz-0.7.4.tar.gz'],
    ['/files/toolz-0.7.4.tar.gz', 'https://index.test/files/toolz-0.7.4.tar.gz'],
    ['//files.test/toolz-0.7.4.tar.gz', 'https://files.test/toolz-0.7.4.tar.gz'],
    ['toolz-0.7.4.tar.gz#sha256=abc', 'https://index.test/simple/toolz/toolz-0.7.4.tar.gz'],
    ['https://user:secret@files.test/toolz-0.7.4.tar.gz', 'https://files.test/toolz-0.7.4.tar.gz'],
  ])('resolves the address %s against the page', (url, expected) => {
    expect(decodeFile({ url })?.url).toBe(expected);
  });

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'https://[', 'ftp://files.test/toolz-0.7.4.tar.gz'])(
    'passes over a file at %s',
    (url) => {
      const page = decode({ files: [{ filename: 'toolz-0.7.4.tar.gz', url, hashes: {} }] });

      expect(page.files).toEqual([]);
      expect(page.ignored).toEqual(['1 entry without a usable address']);
    },
  );

  it.each([
    [{ yanked: true }, ''],
    [{ yanked: 'bad build' }, 'bad build'],
    [{ yanked: '' }, ''],
    [{ yanked: false }, null],
    [{ yanked: null }, null],
    [{}, null],
  ])('reads yanked of %j', (fields, expected) => {
    expect(decodeFile(fields)?.yanked).toBe(expected);
  });

  it.each([
    [{ 'core-metadata': true }, true],
    [{ 'core-metadata': { sha256: digest } }, digest],
    [{ 'core-metadata': { md5: 'x' } }, true],
    [{ 'core-metadata': false }, false],
    [{ 'dist-info-metadata': true }, true],
    [{ 'core-metadata': false, 'dist-info-metadata': true }, false],
    [{ 'core-metadata': 'yes' }, false],
    [{}, false],
  ])('reads the metadata announcement of %j', (fields, expected) => {
    expect(decodeFile(fields)?.coreMetadata).toBe(expected);
  });

  it('keeps a file whose optional fields are malformed', () => {
    expect(decodeFile({ size: -1, 'upload-time': 7, 'requires-python': [] })).toMatchObject({
      size: null,
      uploadTime: null,
      requiresPython: null,
    });
  });

  it('counts what it passes over by kind', () => {
    const names = [
      'toolz-0.7.4-py2.7.egg',
      'toolz-0.7.3-py2.7.egg',
      'toolz-0.7.4.win32.exe',
      'toolz-0.7.4.linux-x86_64.tar.gz',
      'toolz-0.7.4-1.noarch.rpm',
      'toolz-0.7.4.tar.gz.asc',
      'toolz-0.7.4.dmg',
      'othertoolz-0.7.4.tar.gz',
      'other-0.7.4-py3-none-any.whl',
      '../toolz-0.7.4.tar.gz',
      'toolz-0.7.4\u001b[31m.tar.gz',
      'toolz-0.7.4.txt',
    ];
    const entries = names.map((filename) => ({ filename, url: 'x', hashes: {} }));

    const page = decode({ files: [...entries, 7, { filename: 3 }, { url: 'x' }, null] });

    expect(page.files).toEqual([]);
    expect(page.ignored).toEqual([
      '1 Linux package',
      '1 Windows installer',
      '1 disk image',
      '2 eggs',
      '1 file of another kind',
      '2 files of other projects',
      '1 file whose name gives no version',
      '2 files with unusable names',
      '4 malformed entries',
      '1 signature',
    ]);
  });

  it('never takes a file whose digest is malformed for one without a digest', () => {
    const page = decode({ files: [{ filename: 'toolz-1.0.tar.gz', url: 'x', hashes: { sha256: '12' } }] });

    expect(page.files).toEqual([]);
    expect(page.ignored).toEqual(['1 file with a malformed sha256']);
  });

  it.each([
    ['toolz-0.7.4.tar.gz', 'sdist', '0.7.4'],
    ['Toolz-1.0RC1.zip', 'sdist', '1.0rc1'],
    ['toolz-1.0-1.tgz', 'sdist', '1.0.post1'],
    ['toolz-1.2.0-py3-none-any.whl', 'wheel', '1.2.0'],
  ])('reads kind and version of %s', (filename, kind, version) => {
    expect(decodeFile({ filename })).toMatchObject({ kind, version });
  });

  it.each([
    [{ 'project-status': { status: 'archived', reason: 'see\n elsewhere' } }, 'archived', 'see elsewhere'],
    [{ meta: { 'api-version': '1.4', 'project-status': 'quarantined' } }, 'quarantined', null],
    [{ meta: { 'project-status': 'deprecated', 'project-status-reason': 'old' } }, 'deprecated', 'old'],
    [{ 'project-status': { status: 'active', reason: null } }, 'active', null],
    [{ 'project-status': 7 }, null, null],
    [{}, null, null],
  ])('reads the status of %j', (fields, status, statusReason) => {
    expect(decode({ files: [], ...fields })).toMatchObject({ status, statusReason });
  });

  it.each(['1.0', '1.99', '0.9', 'strange'])('speaks version %s of the interface', (version) => {
    expect(decode({ meta: { 'api-version': version }, files: [] }).files).toEqual([]);
  });

  it('refuses a later major version of the interface', () => {
    expect(errorOf('{"meta": {"api-version": "2.0"}, "files": []}')).toMatchObject({
      code: 'E_INDEX_VERSION',
      exit: 69,
      message:
        'The index at https://index.test/simple/toolz/ speaks version 2.0 of the simple repository interface; version 1 is understood',
    });
  });

  it.each([
    ['{"message": "not found", "code": 1}', 'a JSON object with "message", "code" and no list of files'],
    ['{"projects": []}', 'the list of all projects'],
    ['{}', 'an empty JSON object'],
    ['[]', 'JSON of another shape'],
    ['{"files": [', 'JSON that is cut off or malformed'],
    ['{"files": {}}', 'a JSON object with "files" and no list of files'],
  ])('refuses %s', (text, found) => {
    expect(errorOf(text)).toMatchObject({
      code: 'E_BAD_INDEX_PAGE',
      exit: 65,
      message: `The page of toolz at https://index.test/simple/toolz/ is no page of a package index: found ${found}`,
    });
  });
});
