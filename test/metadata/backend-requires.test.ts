import { describe, expect, it } from 'vitest';
import { factsOf } from './support/facts.ts';

async function asked(backend: string, tables: string, project = 'dependencies = ["six"]') {
  const pyproject = `[build-system]
requires = []
build-backend = "${backend}"

[project]
name = "sample"
version = "1.0"
${project}

${tables}
`;
  const { native, unknowns } = await factsOf({ 'pyproject.toml': pyproject, 'sample/__init__.py': '' });
  return { requires: native.hookRequires, place: native.hookPlace, unknowns };
}

describe('what the tables of a backend ask for when a wheel is built', () => {
  it.each<[string, string, string, string[], number]>([
    ['dependencies of the builder', 'hatchling.build', '[tool.hatch.build]\ndependencies = ["a"]', ['a'], 11],
    [
      'dependencies of the wheel and of its hooks',
      'hatchling.build',
      '[tool.hatch.build.targets.wheel]\ndependencies = ["a"]\n[tool.hatch.build.targets.wheel.hooks.custom]\ndependencies = ["b>=1"]',
      ['a', 'b>=1'],
      11,
    ],
    [
      'the hook of the wheel in place of that of all targets',
      'hatchling.build',
      '[tool.hatch.build.hooks.x]\ndependencies = ["a"]\n[tool.hatch.build.targets.wheel.hooks.x]\ndependencies = ["b"]',
      ['b'],
      11,
    ],
    [
      'the run-time requirements',
      'hatchling.build',
      '[tool.hatch.build.hooks.mypyc]\nrequire-runtime-dependencies = true\ndependencies = ["a"]',
      ['a', 'six'],
      11,
    ],
    [
      'a provider of the version',
      'scikit_build_core.build',
      '[tool.scikit-build]\nmetadata.version.provider = "scikit_build_core.metadata.setuptools_scm"\nbuild.requires = ["a"]',
      ['setuptools-scm', 'a'],
      11,
    ],
    [
      'an extra by any spelling of its name',
      'hatchling.build',
      '[project.optional-dependencies]\nfast-io = ["c"]\n[tool.hatch.build]\nrequire-runtime-features = ["Fast_IO"]',
      ['c'],
      13,
    ],
    ['setuptools', 'pdm.backend', '[tool.pdm.build]\nrun-setuptools = true', ['setuptools>=40.8.0'], 11],
    ['cffi', 'maturin', '[tool.maturin]\nbindings = "cffi"', ['cffi'], 11],
  ])('is read: %s', async (_, backend, tables, requires, line) => {
    expect(await asked(backend, tables)).toEqual({
      requires,
      place: { file: 'pyproject.toml', line },
      unknowns: [],
    });
  });

  it.each([
    [
      'a hook that is off',
      'hatchling.build',
      '[tool.hatch.build.hooks.x]\nenable-by-default = false\ndependencies = ["a"]',
    ],
    ['the sdist alone', 'hatchling.build', '[tool.hatch.build.targets.sdist.hooks.x]\ndependencies = ["a"]'],
    [
      'a flag that the wheel takes back',
      'hatchling.build',
      '[tool.hatch.build]\nrequire-runtime-dependencies = true\n[tool.hatch.build.targets.wheel]\nrequire-runtime-dependencies = false',
    ],
    [
      'a provider that asks for nothing',
      'scikit_build_core.build',
      '[tool.scikit-build]\nmetadata.version.provider = "scikit_build_core.metadata.regex"',
    ],
    ['another backend', 'flit_core.buildapi', '[tool.hatch.build]\ndependencies = ["a"]'],
    ['tables of another form', 'hatchling.build', '[tool.hatch.build]\nhooks = 1'],
  ])('is nothing for %s', async (_, backend, tables) => {
    expect(await asked(backend, tables)).toMatchObject({ requires: null, unknowns: [] });
  });

  it('is unknown where a provider of metadata is of another project', async () => {
    const tables = '[tool.scikit-build]\nmetadata.version.provider = "other.metadata"';
    expect((await asked('scikit_build_core.build', tables)).unknowns).toEqual([
      {
        file: 'pyproject.toml',
        line: 11,
        what: 'build requirements of scikit_build_core.build',
        why: 'its provider of metadata other.metadata may ask for more',
      },
    ]);
  });

  it('is unknown where it is run-time requirements that the project leaves open', async () => {
    const tables = '[tool.hatch.build.hooks.x]\nrequire-runtime-dependencies = true';
    expect((await asked('hatchling.build', tables, 'dynamic = ["dependencies"]')).unknowns).toEqual([
      {
        file: 'pyproject.toml',
        line: 11,
        what: 'build requirements of hatchling.build',
        why: 'its table asks for the run-time requirements, which pyproject.toml does not state',
      },
    ]);
  });
});
