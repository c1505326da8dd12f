import { describe, expect, it } from 'vitest';
import type { ArchiveMember } from '../../src/archive/read-archive.ts';
import { UserError } from '../../src/base/user-error.ts';
import { readSdist } from '../../src/metadata/read-sdist.ts';
import { factsOf, pkgInfo } from './support/facts.ts';
import { members } from './support/members.ts';

const PROJECT = { name: 'sample', version: '1.0', filename: 'sample-1.0.tar.gz' };

describe('reading an sdist', () => {
  it('puts together what its files say, in whatever order they come', async () => {
    const files = {
      'requirements.txt': 'numpy >= 1.7\npython-dateutil\n',
      'sample/__init__.py': '__version__ = "1.0"\n',
      'sample/tests/__init__.py': '',
      'sample/tests/test_a.py': 'import pytest\nimport numpy as np\nfrom sample import x\nfrom .b import y\n',
      'sample/tests/test_mock.py': 'try:\n    from unittest import mock\nexcept ImportError:\n    import mock\n',
      LICENSE: 'Redistributions of source code must retain it. Redistributions in binary form must reproduce it.',
      'sample.egg-info/requires.txt': 'numpy >= 1.7\npython-dateutil\n',
      'sample.egg-info/top_level.txt': 'sample\n',
      'setup.py': `from setuptools import setup
def read(f):
    return open(f).read()
setup(name='sample', license='BSD', install_requires=read('requirements.txt').split('\\n'))
`,
      'PKG-INFO': pkgInfo(
        '1.1',
        'License: BSD',
        'Description: Sample',
        '        ',
        '        Released under the BSD license.',
      ),
    };
    const forwards = await factsOf(files);
    const backwards = await factsOf(Object.fromEntries(Object.entries(files).reverse()));
    for (const facts of [forwards, backwards]) {
      expect(facts.setupScript?.installRequires).toMatchObject({
        kind: 'known',
        value: ['numpy >= 1.7', 'python-dateutil'],
      });
      expect(facts.eggRequires).toEqual({
        file: 'sample.egg-info/requires.txt',
        groups: { '': ['numpy >= 1.7', 'python-dateutil'] },
      });
      expect(facts.coreMetadata?.license).toBe('BSD');
      expect(facts.licenceSentences).toEqual(['Released under the BSD license.']);
      expect(facts.licenceFiles).toEqual([{ path: 'LICENSE', spdx: 'BSD-2-Clause' }]);
      expect(facts.modules).toEqual(['sample']);
      expect(facts.requirementFiles).toEqual([
        { path: 'requirements.txt', requirements: ['numpy >= 1.7', 'python-dateutil'] },
      ]);
      expect(facts.tests.runner).toEqual({
        name: 'pytest',
        evidence: 'sample/tests/test_a.py imports pytest',
        file: 'sample/tests/test_a.py',
      });
      expect(facts.tests.imports).toEqual([
        { file: 'sample/tests/test_mock.py', line: 4, module: 'mock', guarded: true, optional: false },
        { file: 'sample/tests/test_a.py', line: 2, module: 'numpy', guarded: false, optional: false },
        { file: 'sample/tests/test_a.py', line: 1, module: 'pytest', guarded: false, optional: false },
      ]);
      expect(facts.unknowns).toEqual([]);
    }
  });

  it('takes the egg-info at the root before one that was left inside of a package', async () => {
    const { modules, eggRequires } = await factsOf({
      'setup.py': "from setuptools import setup\nsetup(name='sample')\n",
      'sample/sample.egg-info/top_level.txt': 'extras\nreaders\n',
      'sample/sample.egg-info/requires.txt': 'wrong\n',
      'sample.egg-info/top_level.txt': 'sample\n',
      'sample.egg-info/requires.txt': 'right\n',
      'sample/__init__.py': '',
      'sample/extras/__init__.py': '',
      'sample/readers/__init__.py': '',
    });
    expect({ modules, eggRequires }).toEqual({
      modules: ['sample'],
      eggRequires: { file: 'sample.egg-info/requires.txt', groups: { '': ['right'] } },
    });
  });

  it('tells the lines of fields behind a description with blank lines', async () => {
    const text = `${pkgInfo('1.1').trimEnd()}\nDescription: One.\n        \n        Two.\nRequires-Python: >=3\n\nSummary: no field\n`;
    const { fieldLines = {} } = await factsOf({ 'PKG-INFO': text });
    const line = text.split('\n').indexOf('Requires-Python: >=3') + 1;
    expect(fieldLines).toMatchObject({ 'requires-python': line });
    expect(Object.keys(fieldLines)).not.toContain('summary');
  });

  it('is plain data that survives JSON', async () => {
    const facts = await factsOf({ 'pyproject.toml': '[project]\nname = "sample"\n', 'src/sample/__init__.py': '' });
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it('lists the files that other build systems have', async () => {
    const facts = await factsOf({
      'pyproject.toml': '',
      'meson.build': '',
      'rust/Cargo.lock': '',
      'CMakeLists.txt': '',
      'lib/CMakeLists.txt': '',
    });
    expect([facts.cargoLocks, facts.buildFiles]).toEqual([['rust/Cargo.lock'], ['meson.build', 'CMakeLists.txt']]);
  });

  it('takes the egg-info of the project, not one that its tests have', async () => {
    const facts = await factsOf({
      'setup.py': '',
      'tests/other.egg-info/requires.txt': 'x\n',
      'src/Sample.egg-info/PKG-INFO': '',
    });
    expect([facts.hasEggInfo, facts.eggRequires]).toEqual([true, null]);
  });

  it('notes broken metadata and goes on', async () => {
    const facts = await factsOf({ 'PKG-INFO': 'Name: sample\n', 'setup.py': '' });
    expect(facts.coreMetadata).toBeNull();
    expect(facts.unknowns).toMatchObject([{ file: 'PKG-INFO', what: 'metadata' }]);
  });

  it('passes over what packing on macOS leaves behind', async () => {
    const archive = async function* (): AsyncGenerator<ArchiveMember> {
      yield { path: '._sample-1.0', kind: 'file', size: 1, bytes: async () => new Uint8Array(1) };
      yield* members({ 'setup.py': '', '._setup.py': 'x' });
    };
    expect((await readSdist(archive(), PROJECT)).unknowns).toEqual([]);
  });

  it('reads no more than it needs', async () => {
    const read: string[] = [];
    const archive = async function* (): AsyncGenerator<ArchiveMember> {
      for (const path of ['setup.py', 'sample/data.bin', 'sample/core.py', 'docs/a.rst', 'sample/big_test.py']) {
        const size = path.includes('big') ? 1 << 30 : 1;
        yield {
          ...{ path: `sample-1.0/${path}`, kind: 'file', size },
          bytes: async () => {
            read.push(path);
            return new Uint8Array(0);
          },
        };
      }
    };
    const facts = await readSdist(archive(), PROJECT);
    expect(read).toEqual(['setup.py']);
    expect(facts.unknowns).toEqual([
      { file: 'sample/big_test.py', what: 'imports of a test', why: 'the file is too large' },
    ]);
  });

  it('reads the first thousand tests and tells the rest', async () => {
    const tests = Object.fromEntries(Array.from({ length: 1010 }, (_, i) => [`tests/test_${i}.py`, 'import pytest\n']));
    const facts = await factsOf({ 'setup.py': '', ...tests });
    expect([facts.tests.count, facts.tests.files.length]).toEqual([1010, 100]);
    expect(facts.unknowns).toEqual([
      { file: '', what: 'imports of the tests', why: 'only 1000 of 1010 test files were read' },
    ]);
  });

  it.each([
    [
      'no known file',
      { 'a.txt': '', 'b/c.txt': '' },
      'it has no PKG-INFO, pyproject.toml or setup.py; there is a.txt and b',
    ],
    ['nothing at all', {}, 'it is empty'],
  ])('refuses an archive with %s', async (_, files, why) => {
    await expect(factsOf(files)).rejects.toMatchObject({
      code: 'E_NOT_AN_SDIST',
      exit: 65,
      message: `sample-1.0.tar.gz is no source distribution: ${why}`,
    });
  });

  it('refuses an archive without a root folder, and one with two', async () => {
    await expect(readSdist(members({ 'setup.py': '' }, ''), PROJECT)).rejects.toThrow(
      'setup.py lies outside of a folder',
    );
    const two = async function* () {
      yield* members({ 'setup.py': '' }, 'a');
      yield* members({ 'setup.py': '' }, 'b');
    };
    await expect(readSdist(two(), PROJECT)).rejects.toThrow('it has the folders a and b at its top');
  });

  it('passes errors of the archive on', async () => {
    const broken = async function* (): AsyncGenerator<ArchiveMember> {
      yield* members({ 'setup.py': '' });
      throw new UserError('E_BAD_ARCHIVE', 'truncated');
    };
    await expect(readSdist(broken(), PROJECT)).rejects.toMatchObject({ code: 'E_BAD_ARCHIVE' });
  });
});
