import { describe, expect, it } from 'vitest';
import { buildInputs } from '../../src/classify/build-inputs.ts';
import { buildTools } from '../../src/classify/build-tools.ts';
import { cargoInputs } from '../../src/classify/cargo-inputs.ts';
import { linkedLibraries } from '../../src/classify/libraries.ts';
import { nativeBuilders } from '../../src/classify/native-builder.ts';
import { LIBRARY_ROWS } from '../../src/classify/native-names.ts';
import { MORE_LIBRARY_ROWS } from '../../src/classify/native-names-more.ts';
import { type NativeFacts, NO_NATIVE } from '../../src/metadata/native/native-facts.ts';
import type { SdistFacts } from '../../src/metadata/release-facts.ts';
import { sdistFacts, setupScript } from './support/facts.ts';
import { built } from './support/native.ts';

function toolsOf(facts: SdistFacts) {
  const builders = nativeBuilders(facts);
  return buildTools(facts, { builders, evidence: linkedLibraries(facts, builders).evidence });
}

function attributesOf(facts: SdistFacts): string[] {
  return toolsOf(facts).inputs.map(({ attribute }) => attribute);
}

function native(given: Partial<NativeFacts>): NativeFacts {
  return { ...NO_NATIVE, ...given };
}

const SETUP = setupScript({ hasExtensions: true });

describe('tools of a build', () => {
  it('are pkg-config where a library is found by it', () => {
    const evidence = [{ kind: 'pkg-config', name: 'libcurl', when: 'always', file: 'setup.py', line: 5 } as const];
    expect(toolsOf(sdistFacts({ setupScript: SETUP, native: native({ evidence }) })).inputs).toEqual([
      {
        kind: 'system',
        attribute: 'pkg-config',
        origins: [{ kind: 'inference', text: 'setup.py finds libcurl with pkg-config', file: 'setup.py', line: 5 }],
      },
    ]);
  });

  it('are the program of a library that setup.py asks how to link it, where it does not ask pkg-config', () => {
    const pgConfig = { name: 'pg_config', when: 'always', file: 'setup.py', line: 2 } as const;
    const pkgConfig = { name: 'pkg-config', when: 'always', file: 'setup.py', line: 3 } as const;
    const evidence = [{ kind: 'header', name: 'libpq-fe.h', when: 'always', file: 'a.c' } as const];
    const of = (tools: NativeFacts['tools']) =>
      attributesOf(sdistFacts({ setupScript: SETUP, native: native({ evidence, tools }) }));
    expect(of([pgConfig])).toEqual(['libpq.pg_config']);
    expect(of([pgConfig, pkgConfig])).toEqual(['pkg-config']);
  });

  it.each([
    ['setup.py', ['cmake', 'gettext', 'graphviz', 'proj']],
    // There they make documents and translations.
    ['CMakeLists.txt', []],
  ])('are those that %s runs, under the names of their packages', (file, expected) => {
    const tools = ['cmake', 'dot', 'msgfmt', 'proj'].map((name) => ({ name, when: 'always', file, line: 1 }) as const);
    expect(attributesOf(sdistFacts({ setupScript: SETUP, native: native({ tools }) }))).toEqual(expected);
  });

  it('are not those of a setup.py beside another backend', () => {
    const tools = [{ name: 'cmake', when: 'always', file: 'setup.py', line: 1 } as const];
    const pyproject = built({ buildBackend: 'mesonpy', requires: ['meson-python'] });
    expect(attributesOf(sdistFacts({ pyproject, setupScript: SETUP, native: native({ tools }) }))).toEqual(['ninja']);
  });

  it('are CMake and ninja for scikit-build-core, whose hook of CMake must not configure', () => {
    const facts = sdistFacts({
      pyproject: built({ buildBackend: 'scikit_build_core.build', requires: ['scikit-build-core'] }),
    });
    expect(attributesOf(facts)).toEqual(['cmake', 'ninja']);
    expect(toolsOf(facts).dontUseCmakeConfigure).toBe(true);
  });

  it.each([
    ['scikit_build_core.build', 'scikit-build-core', ['cmake', 'ninja']],
    ['hatchling.build', 'scikit-build-core', ['cmake', 'ninja']],
    ['mesonpy', 'meson-python', ['ninja']],
  ])('are those that the hooks of %s with %s ask for', (buildBackend, backend, expected) => {
    expect(attributesOf(sdistFacts({ pyproject: built({ buildBackend, requires: [backend] }) }))).toEqual(expected);
  });

  it('do not configure what a Python backend builds with CMake', () => {
    const requires = ['scikit-build-core', 'cmake>=3', 'ninja'];
    const facts = sdistFacts({ pyproject: built({ buildBackend: 'scikit_build_core.build', requires }) });
    expect(toolsOf(facts).dontUseCmakeConfigure).toBe(true);
  });

  it('are those of languages and programs that meson.build names', () => {
    const tools = ['c', 'fortran', 'swig', 'cython'].map(
      (name, index) => ({ name, when: 'always', file: 'meson.build', line: index + 1 }) as const,
    );
    const of = (buildBackend: string) =>
      attributesOf(sdistFacts({ pyproject: built({ buildBackend }), native: native({ tools }) }));
    expect(of('mesonpy')).toEqual(['gfortran', 'swig']);
    expect(of('flit_core.buildapi')).toEqual([]);
  });

  it('are told to need the network where CMake fetches something', () => {
    const facts = sdistFacts({
      pyproject: built({ requires: ['scikit-build-core'] }),
      native: native({
        downloads: [{ what: 'FetchContent of foo', when: 'always', file: 'CMakeLists.txt', line: 7 }],
      }),
    });
    expect(toolsOf(facts).notes).toEqual([
      {
        kind: 'warning',
        text: 'the build may fetch from the network, which Nix does not allow: FetchContent of foo',
        file: 'CMakeLists.txt',
        line: 7,
      },
    ]);
  });
});

describe('a release that Cargo builds', () => {
  const maturin = built({ buildBackend: 'maturin', requires: ['maturin>=1', 'cffi'] });
  const cargo = (facts: SdistFacts) => cargoInputs(facts, nativeBuilders(facts));

  it('gets the hook of maturin in the place of maturin', () => {
    const facts = sdistFacts({
      pyproject: maturin,
      native: native({ cargoManifest: 'Cargo.toml', cargoLock: { path: 'Cargo.lock', text: 'x', gitCrates: [] } }),
    });
    expect(cargo(facts).tools.map(({ attribute }) => attribute)).toEqual([
      'rustPlatform.cargoSetupHook',
      'rustPlatform.maturinBuildHook',
    ]);
    expect(cargo(facts).vendoring).toEqual({ lock: 'x', root: null, gitCrates: [] });
    expect(buildInputs(facts, []).inputs.map(({ name }) => name)).toEqual(['cffi']);
  });

  it.each([
    [null, 'it is built by Cargo, and the sdist has no Cargo.lock: the expression has no cargoDeps'],
    [
      { path: 'Cargo.lock', text: null, gitCrates: [] },
      'it is built by Cargo, and Cargo.lock is too large to be kept: the expression has no cargoDeps',
    ],
  ])('without a lock that can be used says so (%j)', (cargoLock, text) => {
    const { notes, vendoring } = cargo(sdistFacts({ pyproject: maturin, native: native({ cargoLock }) }));
    expect(notes).toEqual([{ kind: 'unknown', text, file: 'pyproject.toml' }]);
    expect(vendoring).toBeNull();
  });

  it('is none where only a Cargo.lock lies about', () => {
    const cargoLock = { path: 'Cargo.lock', text: 'x', gitCrates: [] };
    expect(cargo(sdistFacts({ setupScript: SETUP, native: native({ cargoLock }) })).tools).toEqual([]);
  });
});

it('what the hook of a backend in the sdist asks for is a build requirement, and the backend is no longer unknown', () => {
  const pyproject = { ...built({ buildBackend: 'mine', requires: ['setuptools'] }), backendPath: ['.'] };
  const { inputs, notes } = buildInputs(sdistFacts({ pyproject, native: native({ hookRequires: ['Cython>=3'] }) }), []);
  expect(inputs.map(({ name, specifier }) => [name, specifier])).toEqual([
    ['cython', '>=3'],
    ['setuptools', ''],
  ]);
  expect(notes).toEqual([]);
});

it('what the hook of a backend in the sdist asks for and cannot be read is a note with its line', () => {
  const pyproject = { ...built({ buildBackend: 'mine', requires: ['setuptools'] }), backendPath: ['conf'] };
  const hookUnread = { file: 'conf/mine.py', line: 7, why: 'iterates over sys.modules' };
  expect(buildInputs(sdistFacts({ pyproject, native: native({ hookUnread }) }), []).notes).toEqual([
    {
      kind: 'unknown',
      text: 'the hooks of the build backend mine may ask for more build requirements: iterates over sys.modules',
      file: 'conf/mine.py',
      line: 7,
    },
  ]);
});

it('the table of libraries says nothing twice but headers of two libraries, and is read whole', () => {
  const told = [...LIBRARY_ROWS, ...MORE_LIBRARY_ROWS].flatMap((row) => {
    const [attribute = '', ...parts] = row.split(' | ');
    expect(attribute).toMatch(/^(?:-|[A-Za-z][\w+-]*(?:\.[a-z]\w*)?)$/u);
    return parts.flatMap((part) => {
      expect(part).toMatch(/^[lpcrh]: \S+(?: \S+)*$/u);
      return part
        .slice(3)
        .split(' ')
        .map((name) => `${part[0] ?? ''} ${name}`);
    });
  });
  // Both versions of libfuse have these headers, each in a folder of its own.
  expect(told.filter((name, index) => told.indexOf(name) !== index)).toEqual(['h fuse.h', 'h fuse_lowlevel.h']);
});
