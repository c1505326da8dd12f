import { describe, expect, it } from 'vitest';
import { parseSdistName } from '../../src/pep/sdist-name.ts';
import { parseWheelName } from '../../src/pep/wheel-name.ts';

describe('file names of sdists', () => {
  it.each([
    ['pyFFTW-0.9.2.tar.gz', 'pyfftw', 'pyFFTW', '0.9.2', 'tar.gz'],
    ['python_dateutil-2.9.0.post0.tar.gz', 'python-dateutil', 'python_dateutil', '2.9.0.post0', 'tar.gz'],
    ['python-dateutil-1.5.tar.bz2', 'python-dateutil', 'python-dateutil', '1.5', 'tar.bz2'],
    ['a-b-1.0-1.zip', 'a-b', 'a-b', '1.0.post1', 'zip'],
    ['zope.interface-3.6.0dev-r1.tgz', 'zope-interface', 'zope.interface', null, null],
    ['foo-1.0-beta-2.tar.xz', 'foo', 'foo', '1.0b2', 'tar.xz'],
    ['foo-1-1.0.tar.gz', 'foo-1', 'foo-1', '1.0', 'tar.gz'],
    ['foo-1.0.linux-x86_64.tar.gz', 'foo', 'foo', null, null],
    ['foo-bar-1.0.tar.gz', 'foo', 'foo', null, null],
    ['foo-1.0.exe', 'foo', 'foo', null, null],
    ['foo-1.0.tar.gz.asc', 'foo', 'foo', null, null],
    ['../foo-1.0.tar.gz', 'foo', 'foo', null, null],
    ['foo.tar.gz', 'foo', 'foo', null, null],
  ])('%s of %s: %s %s', (filename, project, stem, version, extension) => {
    const parsed = parseSdistName(filename, project);
    const expected = version === null ? null : { stem, version, extension };
    expect(parsed && { stem: parsed.stem, version: parsed.version.text, extension: parsed.extension }).toEqual(
      expected,
    );
  });

  it('keep the spelling of the version', () => {
    expect(parseSdistName('foo-1.0-1.zip', 'foo')?.versionText).toBe('1.0-1');
  });
});

describe('file names of wheels', () => {
  it('have a name, a version and tags', () => {
    expect(parseWheelName('Foo_Bar-1.0-py2.py3-none-any.whl')).toMatchObject({
      name: 'foo-bar',
      version: { text: '1.0' },
      build: null,
      python: ['py2', 'py3'],
      abi: ['none'],
      platform: ['any'],
    });
  });

  it('can have a build number and several platforms', () => {
    expect(parseWheelName('foo-1.0-2b-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl')).toMatchObject({
      build: '2b',
      platform: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
    });
  });

  it('can have tags of any letters that Python takes in a name', () => {
    expect(parseWheelName('foo-1.0-pyİ-none-any.whl')?.python).toEqual(['pyi\u0307']);
  });

  it.each([
    'foo-1.0.tar.gz',
    'foo-1.0-py3-none.whl',
    'foo-x-py3-none-any.whl',
    'foo-1.0-b2-py3-none-any.whl',
    'foo__bar-1.0-py3-none-any.whl',
    '-1.0-py3-none-any.whl',
    '../foo-1.0-py3-none-any.whl',
    'foo-1.0-py3..py2-none-any.whl',
    'foo-1.0-3py-none-any.whl',
    'foo-1-2-3-4-5-py3-none-any.whl',
  ])('%s is none', (filename) => {
    expect(parseWheelName(filename)).toBeNull();
  });
});
