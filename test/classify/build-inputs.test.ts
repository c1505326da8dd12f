import { describe, expect, it } from 'vitest';
import { buildInputs } from '../../src/classify/build-inputs.ts';
import type { PyprojectFacts } from '../../src/metadata/release-facts.ts';
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
    expect(buildInputs(facts, [LINUX])).toEqual({ inputs: [], notes: [] });
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
