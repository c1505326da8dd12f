import { describe, expect, it } from 'vitest';
import { linkedLibraries } from '../../src/classify/libraries.ts';
import type { PyprojectFacts } from '../../src/metadata/release-facts.ts';
import { sdistFacts, setupScript } from './support/facts.ts';

function built(...requires: readonly string[]): PyprojectFacts {
  return {
    requires: { kind: 'known', value: requires, place: { file: 'pyproject.toml', line: 2 } },
    buildBackend: null,
    backendPath: [],
    project: null,
    dependencyGroups: {},
    toolGroups: {},
    tools: [],
  };
}

describe('linked libraries', () => {
  it('are the nixpkgs attributes of what setup.py links, with a note that they are inferred', () => {
    const script = setupScript({
      libraries: { kind: 'known', value: ['m', 'xslt', 'xml2'], place: { file: 'setup.py', line: 4 } },
    });
    const { inputs, notes } = linkedLibraries(sdistFacts({ setupScript: script }));
    expect(inputs.map(({ attribute }) => attribute)).toEqual(['libxml2', 'libxslt']);
    expect(notes).toEqual([
      {
        kind: 'guess',
        text: 'libxml2 and libxslt inferred from the libraries that setup.py links',
        file: 'setup.py',
        line: 4,
      },
    ]);
  });

  it.each([
    [
      'Cargo',
      { pyproject: built('maturin>=1'), cargoLocks: ['Cargo.lock'] },
      { text: 'it is built by Cargo: the expression has neither cargoDeps nor the Rust tools', file: 'Cargo.lock' },
    ],
    [
      'Meson',
      { pyproject: built('meson-python'), buildFiles: ['meson.build'] },
      { text: 'what meson.build asks for of libraries and tools is not read', file: 'meson.build' },
    ],
    [
      'CMake',
      { pyproject: built('scikit-build-core'), buildFiles: ['CMakeLists.txt'] },
      { text: 'what CMakeLists.txt asks for of libraries and tools is not read', file: 'CMakeLists.txt' },
    ],
  ])('that %s finds are told to be unknown', (_, facts, note) => {
    expect(linkedLibraries(sdistFacts(facts)).notes).toEqual([{ kind: 'unknown', ...note }]);
  });

  it('are not told to be unknown for the CMake file of something bundled', () => {
    expect(
      linkedLibraries(sdistFacts({ pyproject: built('setuptools'), buildFiles: ['CMakeLists.txt'] })).notes,
    ).toEqual([]);
  });
});
