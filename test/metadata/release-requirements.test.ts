import { describe, expect, it } from 'vitest';
import { metadataRequirements, staticRequirements } from '../../src/metadata/release-requirements.ts';
import { parseCoreMetadata } from '../../src/pep/core-metadata.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';
import { factsOf, pkgInfo } from './support/facts.ts';

const SETUP = 'from setuptools import setup\n';

async function read(files: Readonly<Record<string, string>>) {
  const { requirements, ...rest } = staticRequirements(await factsOf(files), 'sample');
  return { requirements: requirements.map(formatRequirement), ...rest };
}

describe('the run-time requirements of an sdist', () => {
  it.each([
    [
      'PKG-INFO 2.2, where Requires-Dist is not dynamic',
      {
        'PKG-INFO': pkgInfo('2.2', 'Requires-Dist: a', 'Dynamic: version'),
        'pyproject.toml': '[project]\ndependencies = ["b"]\n',
      },
      ['a'],
      'PKG-INFO',
    ],
    [
      'PKG-INFO 2.4 without any: there are none',
      { 'PKG-INFO': pkgInfo('2.4'), 'setup.py': `${SETUP}setup(install_requires=['b'])` },
      [],
      'PKG-INFO',
    ],
    [
      'PKG-INFO 2.1 with Requires-Dist',
      { 'PKG-INFO': pkgInfo('2.1', 'Requires-Dist: a>=1; os_name == "nt"') },
      ['a>=1; os_name == "nt"'],
      'PKG-INFO',
    ],
    [
      '[project], where PKG-INFO is old',
      { 'PKG-INFO': pkgInfo('2.1'), 'pyproject.toml': '[project]\nname = "sample"\ndependencies = ["a"]\n' },
      ['a'],
      '[project] of pyproject.toml',
    ],
    [
      '[project] without any: there are none',
      { 'pyproject.toml': '[project]\nname = "sample"\n' },
      [],
      '[project] of pyproject.toml',
    ],
    [
      'the table of Poetry',
      { 'pyproject.toml': '[tool.poetry.dependencies]\na = "^1"\n' },
      ['a<2,>=1'],
      '[tool.poetry] of pyproject.toml',
    ],
    [
      'the egg-info, where [project] leaves them to the backend',
      {
        'pyproject.toml': '[project]\nname = "sample"\ndynamic = ["dependencies"]\n',
        'sample.egg-info/requires.txt': 'a\n',
      },
      ['a'],
      'sample.egg-info/requires.txt',
    ],
    [
      'the egg-info before setup.py',
      {
        'PKG-INFO': pkgInfo('1.1'),
        'sample.egg-info/requires.txt': 'a\n',
        'setup.py': `${SETUP}setup(install_requires=['b'])`,
      },
      ['a'],
      'sample.egg-info/requires.txt',
    ],
    [
      'setup.py',
      { 'PKG-INFO': pkgInfo('1.1'), 'setup.py': `${SETUP}setup(install_requires=['a'])` },
      ['a'],
      'setup.py',
    ],
    [
      'setup.cfg',
      { 'setup.py': `${SETUP}setup()`, 'setup.cfg': '[options]\ninstall_requires = a\n' },
      ['a'],
      'setup.cfg',
    ],
    [
      'setup.cfg, where setup.py cannot be followed',
      { 'setup.py': `${SETUP}from x import kw\nsetup(**kw)`, 'setup.cfg': '[options]\ninstall_requires = a\n' },
      ['a'],
      'setup.cfg',
    ],
    [
      'an egg-info without requires.txt: there are none',
      { 'sample.egg-info/PKG-INFO': '', 'setup.py': `${SETUP}setup()`, 'requirements.txt': 'a\n' },
      [],
      'the egg-info folder',
    ],
    ['a setup.py that states none', { 'setup.py': `${SETUP}setup()` }, [], 'setup.py'],
    [
      'a requirements.txt that setup.py reads for something else: it does not count',
      {
        'setup.py': `${SETUP}setup(extras_require={'dev': open('requirements.txt').read().split()})`,
        'requirements.txt': 'a\n',
      },
      ['a; extra == "dev"'],
      'setup.py',
    ],
  ])('come from %s', async (_, files, expected, source) => {
    expect(await read(files)).toMatchObject({ requirements: expected, source, notes: [] });
  });

  it('come at last from requirements.txt, with a note', async () => {
    const script = `from distutils.core import setup\nargs = {'name': 'sample'}\nif __name__ == '__main__':\n    setup(**args)\n`;
    expect(
      await read({ 'PKG-INFO': pkgInfo('1.1'), 'setup.py': script, 'requirements.txt': 'numpy\nscipy\n' }),
    ).toEqual({
      requirements: ['numpy', 'scipy'],
      extras: [],
      source: 'requirements.txt',
      places: {
        base: { what: 'the requirements', file: 'requirements.txt', line: 1 },
        extras: { what: 'the requirements', file: 'requirements.txt', line: 1 },
      },
      notes: [
        {
          kind: 'fallback',
          project: 'sample',
          file: 'requirements.txt',
          text: 'setup.py states no requirements, so those of requirements.txt are taken for run-time requirements',
        },
      ],
    });
  });

  it('are never an empty list in silence where setup.py cannot be followed', async () => {
    const files = { 'setup.py': `${SETUP}import lib\nsetup(install_requires=lib.reqs())`, 'requirements.txt': 'a\n' };
    expect(await read(files)).toMatchObject({
      requirements: [],
      notes: [
        {
          kind: 'unknown',
          project: 'sample',
          file: 'setup.py',
          line: 3,
          text: 'the run-time requirements could not be read: comes from lib.reqs()',
        },
      ],
    });
  });

  it('are none of an egg-info without any, with a note where setup.py cannot be followed', async () => {
    const { requirements, notes } = await read({
      'setup.py': `${SETUP}import own\nsetup(install_requires=own.needs())\n`,
      'sample.egg-info/top_level.txt': 'sample\n',
    });
    expect(requirements).toEqual([]);
    expect(notes).toMatchObject([{ kind: 'fallback', file: 'setup.py', line: 3 }]);
  });

  it('are never an empty list in silence where the backend computes them', async () => {
    const files = { 'pyproject.toml': '[project]\nname = "sample"\ndynamic = ["dependencies"]\n' };
    expect((await read(files)).notes).toMatchObject([{ kind: 'unknown', file: 'pyproject.toml' }]);
    expect((await read({ 'pyproject.toml': '[build-system]\nbuild-backend = "own"\n' })).notes).toMatchObject([
      { kind: 'unknown' },
    ]);
  });

  it('keep what a dynamic PKG-INFO says, with a note, where nothing else does', async () => {
    const files = { 'PKG-INFO': pkgInfo('2.2', 'Requires-Dist: a', 'Dynamic: Requires-Dist'), 'pyproject.toml': '' };
    expect(await read(files)).toMatchObject({ requirements: ['a'], notes: [{ kind: 'fallback' }] });
  });

  it('have the conditions of setup.py where the egg-info has frozen those of one machine', async () => {
    const script = `${SETUP}import sys\nr = ['a']\nif sys.version_info < (3, 4):\n    r.append('enum34')\nsetup(install_requires=r)`;
    const frozen = await read({ 'setup.py': script, 'sample.egg-info/requires.txt': 'a\nenum34\n' });
    expect(frozen).toMatchObject({ requirements: ['a', 'enum34; python_version < "3.4"'], source: 'setup.py' });
    const missing = await read({ 'setup.py': script, 'sample.egg-info/requires.txt': 'a\n' });
    expect(missing.requirements).toEqual(['a', 'enum34; python_version < "3.4"']);
    const other = await read({ 'setup.py': script, 'sample.egg-info/requires.txt': 'a\nb\n' });
    expect(other.source).toBe('sample.egg-info/requires.txt');
  });

  it('have the markers of extras and sections', async () => {
    const egg =
      'a\n\n[Test_Tools]\npytest; os_name == "nt" or os_name == "java"\n\n[:python_version < "3"]\nsix\n\n[test:sys_platform == "win32"]\nw\n\n[all]\n';
    expect(await read({ 'setup.py': '', 'sample.egg-info/requires.txt': egg })).toMatchObject({
      requirements: [
        'a',
        'pytest; (os_name == "nt" or os_name == "java") and extra == "test-tools"',
        'six; python_version < "3"',
        'w; sys_platform == "win32" and extra == "test"',
      ],
      extras: ['all', 'test', 'test-tools'],
    });
  });

  it('are noted where one is not valid', async () => {
    expect(await read({ 'setup.py': '', 'sample.egg-info/requires.txt': 'pytz>dev\na\n' })).toMatchObject({
      requirements: ['a'],
      notes: [{ kind: 'unknown', text: 'the requirement "pytz>dev" of sample.egg-info/requires.txt is not valid' }],
    });
  });
});

describe('the run-time requirements of a wheel', () => {
  it('are those of its METADATA', () => {
    const metadata = parseCoreMetadata(
      pkgInfo('2.1', 'Requires-Dist: a', "Requires-Dist: b ; extra == 'x'", 'Provides-Extra: x', 'Provides-Extra: y'),
    );
    const read = metadataRequirements(metadata, 'sample-1.0-py3-none-any.whl');
    expect(read.requirements.map(formatRequirement)).toEqual(['a', 'b; extra == "x"']);
    expect(read.extras).toEqual(['x', 'y']);
  });
});
