import { describe, expect, it } from 'vitest';
import type { IndexFile } from '../../src/index/project-page.ts';
import { type ReleaseOptions, releasesOf } from '../../src/index/releases.ts';
import { requiresPythonAdmits } from '../../src/index/requires-python.ts';
import { DARWIN, file, LINUX, LINUX_312, page } from './support/files.ts';

const SDIST = 'toolz-1.0.tar.gz';
const PURE = 'toolz-1.0-py3-none-any.whl';

function releases(files: readonly IndexFile[], options: Partial<ReleaseOptions> = {}) {
  return releasesOf(page(files), { targets: [LINUX], pythons: ['3.13'], asOf: null, ...options });
}

/** The only release, with file names in place of files. */
function only(files: readonly IndexFile[], options: Partial<ReleaseOptions> = {}) {
  const [release] = releases(files, options).releases;
  if (release === undefined) throw new Error('no release');
  return { yanked: release.yanked, excluded: release.excluded, files: release.files.map(({ filename }) => filename) };
}

describe('releasesOf', () => {
  it('groups files by version, however a file name spells it', () => {
    const { releases: found } = releases([
      file(SDIST),
      file('toolz-1.1.zip'),
      file(PURE),
      file('toolz-1.1.0rc1.tar.gz'),
    ]);

    expect(found.map(({ version, files }) => [version.text, files.length])).toEqual([
      ['1.0', 2],
      ['1.1', 1],
      ['1.1.0rc1', 1],
    ]);
  });

  it.each([
    ['no file is yanked', null, null, { yanked: null, files: [SDIST, PURE] }],
    ['one file is yanked', 'bad', null, { yanked: null, files: [PURE] }],
    ['all files are yanked', '', 'broken\nbuild', { yanked: 'broken build', files: [SDIST, PURE] }],
    ['all files are yanked without a reason', '', '', { yanked: '', files: [SDIST, PURE] }],
  ])('judges by file whether a release is yanked: %s', (_, sdist, wheel, expected) => {
    expect(only([file(SDIST, { yanked: sdist }), file(PURE, { yanked: wheel })])).toEqual({
      excluded: null,
      ...expected,
    });
  });

  it('counts a release as yanked when only files for other platforms are not', () => {
    const found = only([file(SDIST, { yanked: 'bad' }), file('toolz-1.0-cp313-cp313-win_amd64.whl')]);

    expect(found).toEqual({ yanked: 'bad', excluded: null, files: [SDIST] });
  });

  it.each([
    [['toolz-1.0-cp313-cp313-win_amd64.whl'], 'has no sdist, and its wheel is for other interpreters or platforms'],
    [
      ['toolz-1.0-cp27-cp27mu-manylinux1_x86_64.whl', 'toolz-1.0-cp313-cp313-musllinux_1_2_x86_64.whl'],
      'has no sdist, and its wheels are for other interpreters or platforms',
    ],
  ])('excludes a release that has only %j', (names, excluded) => {
    expect(only(names.map((name) => file(name)))).toEqual({ yanked: null, excluded, files: [] });
  });

  it('takes a release whose wheels fit one of the platforms', () => {
    const wheel = 'toolz-1.0-cp313-cp313-manylinux_2_17_x86_64.whl';

    expect(only([file(wheel)], { targets: [LINUX, DARWIN] })).toEqual({ yanked: null, excluded: null, files: [wheel] });
  });

  it('demands that each Python is served, by one file or another', () => {
    const wheels = [
      file('toolz-1.0-cp313-cp313-manylinux_2_17_x86_64.whl'),
      file('toolz-1.0-cp312-cp312-manylinux_2_17_x86_64.whl'),
    ];
    const both = { targets: [LINUX, LINUX_312], pythons: ['3.13', '3.12'] };

    expect(only(wheels, both).excluded).toBeNull();
    expect(only(wheels.slice(0, 1), both).excluded).toBe(
      'has no sdist, and its wheel is for other interpreters or platforms',
    );
  });

  it('excludes a release whose files all require a later Python', () => {
    expect(only([file(SDIST, { requiresPython: '>=3.14' }), file(PURE, { requiresPython: '>=3.14' })])).toEqual({
      yanked: null,
      excluded: 'requires Python >=3.14',
      files: [],
    });
  });

  it('leaves out the files of a release that require a later Python', () => {
    expect(only([file(SDIST, { requiresPython: '>=3.14' }), file(PURE, { requiresPython: '>=3.9' })]).files).toEqual([
      PURE,
    ]);
  });

  it('takes a release only when it supports all Pythons that are demanded', () => {
    const files = [file(SDIST, { requiresPython: '>=3.13' })];

    expect(only(files, { pythons: ['3.13', '3.12'] }).excluded).toBe('requires Python >=3.13');
  });

  it('reads an unreadable requires-python as none and says so with the release', () => {
    const [release] = releases([file(SDIST, { requiresPython: 'three\u001b[2J' })]).releases;

    expect(release?.excluded).toBeNull();
    expect(release?.notes).toEqual([
      { kind: 'unknown', text: 'requires-python "three[2J" of toolz cannot be read and is ignored', project: 'toolz' },
    ]);
  });

  it('does not know files that were uploaded after the instant', () => {
    const asOf = Date.parse('2020-01-31T23:59:59.999Z');
    const files = [
      file(SDIST, { uploadTime: '2020-01-31T23:59:59.5Z' }),
      file(PURE, { uploadTime: '2020-02-01T00:00:00.000001Z' }),
      file('toolz-1.1.tar.gz', { uploadTime: '2020-03-01T00:00:00Z' }),
    ];

    const found = releases(files, { asOf });

    expect(
      found.releases.map(({ files: usable, excluded }) => [usable.map(({ filename }) => filename), excluded]),
    ).toEqual([
      [[SDIST], null],
      [[], 'was uploaded later'],
    ]);
    expect(found.notes).toEqual([]);
  });

  it('leaves out files without an upload time when an instant is given, and says so', () => {
    const found = releases([file(SDIST), file(PURE, { uploadTime: 'yesterday' })], { asOf: 0 });

    expect(found.releases.map(({ excluded }) => excluded)).toEqual(['has no known upload time']);
    expect(found.notes).toEqual([
      { kind: 'omitted', text: '2 files of toolz on PyPI left out: no upload time is known', project: 'toolz' },
    ]);
  });
});

describe('requiresPythonAdmits', () => {
  it.each([
    ['>=3.9', '3.13', true],
    ['>=3.14', '3.13', false],
    ['>=3.13.1', '3.13', true],
    ['>=3.13.4', '3.13.2', false],
    ['>3.13', '3.13', true],
    ['<3.13', '3.13', true],
    ['<=3.12', '3.13', true],
    ['>=3.6,<4', '3.13', true],
    ['~=3.6', '3.13', true],
    ['~=3.14', '3.13', false],
    ['>=2.7, !=3.0.*, !=3.13.*', '3.13', false],
    ['==3.12.*', '3.13', false],
    ['==3.13.*', '3.13', true],
    ['', '3.13', true],
    ['three', '3.13', null],
  ])('%j admits Python %s: %s', (text, python, expected) => {
    expect(requiresPythonAdmits(text, python)).toBe(expected);
  });
});
