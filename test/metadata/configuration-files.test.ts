import { describe, expect, it } from 'vitest';
import { parseEggRequires } from '../../src/metadata/egg-info.ts';
import { parseIni } from '../../src/metadata/ini.ts';
import { licenceSentences } from '../../src/metadata/licence-sentences.ts';
import { readPyproject } from '../../src/metadata/pyproject.ts';
import { isRequirementFile, readRequirementFiles } from '../../src/metadata/requirement-files.ts';
import { readSetupCfg } from '../../src/metadata/setup-cfg.ts';
import { readTox } from '../../src/metadata/tox.ts';

function textOf(files: Readonly<Record<string, string>>) {
  return (path: string) => (Object.hasOwn(files, path) ? (files[path] ?? null) : null);
}

describe('INI files', () => {
  it('are read as configparser reads them', () => {
    const ini = parseIni('; c\n[A b]\nKey-One = a = b\nmany:\n    x\n    # c\n\n    y\nnone\n[C]\nz=1 # kept\n');
    expect([...(ini.get('A b') ?? [])]).toEqual([
      ['key-one', { value: 'a = b', line: 3 }],
      ['many', { value: 'x\ny', line: 4 }],
    ]);
    expect(ini.get('C')?.get('z')?.value).toBe('1 # kept');
  });

  it('keep keys such as __proto__ as plain data', () => {
    expect(parseIni('[__proto__]\n__proto__ = 1\n').get('__proto__')?.get('__proto__')?.value).toBe('1');
  });
});

describe('setup.cfg', () => {
  it('gives what the declarative form says', () => {
    const reading = readSetupCfg(
      `[metadata]
license = MIT
description-file = README
classifiers =
    A
    B
[options]
install_requires =
    a>=1; python_version < "3"
    # a comment
    b
setup-requires = c; d
python_requires = >=3
package_dir =
    = src
[options.extras_require]
test = pytest
docs =
    sphinx
[options.entry_points]
console_scripts =
    Run-It = x:main
`,
      { text: () => null },
    );
    expect(reading?.facts).toMatchObject({
      installRequires: {
        kind: 'known',
        value: ['a>=1; python_version < "3"', 'b'],
        place: { file: 'setup.cfg', line: 8 },
      },
      setupRequires: { value: ['c', 'd'] },
      testsRequire: { kind: 'absent' },
      extrasRequire: { value: { test: ['pytest'], docs: ['sphinx'] } },
      pythonRequires: { value: '>=3' },
      license: { value: 'MIT' },
      classifiers: { value: ['A', 'B'] },
      consoleScripts: { value: ['Run-It'] },
    });
    expect([...(reading?.packageDir ?? [])]).toEqual([['', 'src']]);
  });

  it('reads `file:` and leaves `attr:` unknown', () => {
    const text =
      '[options]\ninstall_requires = file: req.txt\n[metadata]\ndescription = attr: x.__doc__\nlicense = file: gone.txt\n';
    expect(readSetupCfg(text, { text: textOf({ 'req.txt': 'a\nb\n' }) })?.facts).toMatchObject({
      installRequires: { value: ['a', 'b'] },
      description: { kind: 'unknown', place: { line: 4 }, why: 'is the attribute x.__doc__ of a module' },
      license: { kind: 'unknown', why: 'is in gone.txt, which is not there or not kept' },
    });
  });

  it('says nothing where it configures other tools only', () => {
    expect(readSetupCfg('[flake8]\nmax-line-length = 1\n', { text: () => null })).toBeNull();
  });
});

describe('requires.txt of an egg-info', () => {
  it('has groups', () => {
    expect(parseEggRequires('a>=1\n\n[test]\npytest\n\n[:python_version < "3"]\nsix\n\n[all]\n')).toEqual({
      '': ['a>=1'],
      test: ['pytest'],
      ':python_version < "3"': ['six'],
      all: [],
    });
  });
});

describe('requirements files', () => {
  it.each([
    ['requirements.txt', true],
    ['test-requirements.txt', true],
    ['requirements_dev.in', true],
    ['dev_reqs.txt', true],
    ['requirements/test.txt', true],
    ['requirements/extras/a.txt', true],
    ['docs/requirements.txt', true],
    ['src/pkg/requirements.txt', false],
    ['README.txt', false],
    ['requirements.md', false],
  ])('%s is one: %s', (path, expected) => {
    expect(isRequirementFile(path)).toBe(expected);
  });

  it('follow includes and keep requirements only', () => {
    const files = {
      'requirements.txt': `-r requirements/base.txt
--index-url https://pypi.test/simple
a>=1 \\
    --hash=sha256:00
b # comment
-e .
-e git+https://git.test/d.git#egg=d
./local.zip
-r gone.txt
`,
      'requirements/base.txt': 'c\n-r ../requirements.txt\n',
    };
    const { files: found, unknowns } = readRequirementFiles(Object.keys(files), textOf(files));
    expect(found[0]).toEqual({ path: 'requirements.txt', requirements: ['c', 'a>=1', 'b', 'd'] });
    expect(unknowns.filter(({ file }) => file === 'requirements.txt').map(({ line }) => line)).toContain(9);
  });
});

describe('long lines of blanks and brackets', () => {
  it('are read to their end', () => {
    const blanks = `a${' '.repeat(60_000)}b`;
    const brackets = '[ '.repeat(30_000);
    readRequirementFiles(['requirements.txt'], () => `${blanks}\n${brackets}`);
    parseIni(`${brackets}\n${blanks} = ${blanks}`);
    readPyproject(`${brackets}\n[project]\nname = "a" # ${blanks}\n`, { text: () => null });
    readTox({
      text: () => `[testenv]\ndeps = ${blanks}\n  ${'a,'.repeat(30_000)}: x\n  ${'{['.repeat(20_000)}`,
      table: null,
    });
    licenceSentences(`${blanks}${brackets}${'|'.repeat(30_000)}${'<a'.repeat(20_000)}${'![x]('.repeat(10_000)}`);
  });
});

describe('tox', () => {
  it('gives what another section says, however the key is spelled, and the projects of checkouts', () => {
    const files = {
      'tox.ini':
        '[tox]\nMOCK_VERSION = 5.1\n[testenv]\ndeps =\n    mock=={[tox]MOCK_VERSION}\n    git+https://code.test/it.git\\#egg=it\n    git+https://code.test/other#x=1&egg=other[a]\n',
    };
    const { deps, unknowns } = readTox({ text: (path) => (path === 'tox.ini' ? files['tox.ini'] : null), table: null });
    expect(deps).toMatchObject({ kind: 'known', value: ['mock==5.1', 'it', 'other'] });
    expect(unknowns).toEqual([]);
  });

  it('gives the deps of environments that run tests', () => {
    const files = {
      'tox.ini': `[tox]
envlist = py27,py39
[testenv]
deps =
    pytest
    -r{toxinidir}/test-reqs.txt
    py27: mock
    py{36,37}: six
    pypy: cffi
    django32: Django>=3.2
    {[testenv:more]deps}
commands = py.test {posargs}
[testenv:more]
deps = more
[testenv:docs]
deps = sphinx
[testenv:flake8]
deps = flake8
`,
      'test-reqs.txt': 'hypothesis\n',
    };
    const reading = readTox({ text: textOf(files), table: undefined });
    expect(reading.deps).toEqual({
      kind: 'known',
      place: { file: 'tox.ini', line: 4 },
      value: [
        'pytest',
        'hypothesis',
        'mock; python_version >= "2.7" and python_version < "2.8"',
        'six; python_version >= "3.6" and python_version < "3.8"',
        'cffi; platform_python_implementation == "PyPy"',
        'more',
      ],
    });
    expect(reading.commands).toBe('py.test {posargs}');
    expect(reading.unknowns).toEqual([
      {
        file: 'tox.ini',
        line: 4,
        what: 'tox deps',
        why: 'those of the factors django32 hold in some environments only',
      },
    ]);
  });

  it('has the default where a dependency is of the environment', () => {
    const files = { 'tox.ini': '[testenv]\ndeps =\n    a{env:A_VERSION:>=2.0}\n    {env:EXTRA:}\n    b{env:B}\n' };
    const { deps, unknowns } = readTox({ text: textOf(files), table: undefined });
    expect([deps, unknowns]).toMatchObject([{ value: ['a>=2.0', 'b'] }, []]);
  });

  it('is found in pyproject.toml, old and new', () => {
    const legacy = readTox({ text: () => null, table: { legacy_tox_ini: '[testenv]\ndeps = pytest\n' } });
    const native = readTox({ text: () => null, table: { env_run_base: { deps: ['pytest'] } } });
    expect([legacy.deps, native.deps]).toMatchObject([{ value: ['pytest'] }, { value: ['pytest'] }]);
    expect(readTox({ text: () => null, table: undefined }).deps).toEqual({ kind: 'absent' });
  });
});
