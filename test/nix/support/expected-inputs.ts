import type { EIGHT } from './eight-packages.ts';

/** What Nix makes of the expression of one of the eight, by names. */
export interface MadeInputs {
  readonly native: readonly string[];
  readonly libraries: readonly string[];
  readonly run: readonly string[];
  readonly check: readonly string[];
  readonly extras: Readonly<Record<string, readonly string[]>>;
  readonly disabled: boolean;
  readonly format: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly vendored: boolean;
}

const NOTHING: MadeInputs = {
  native: ['setuptools'],
  libraries: [],
  run: [],
  check: [],
  extras: {},
  disabled: false,
  format: 'pyproject',
  variables: {},
  vendored: false,
};

/**
 * What the eight packages are on Linux and the interpreter of the release, from 22.11 on: what a test of the classification finds in their metadata, under the
 * names that the builder has for it.
 */
export function expectedInputs(name: (typeof EIGHT)[number], release: string): MadeInputs {
  // The hook comes by itself from 24.11 on.
  const relaxing = release < '24.11' ? ['pythonRelaxDepsHook'] : [];
  switch (name) {
    case 'made-up-clock':
      return { ...NOTHING, check: ['unittestCheckHook'] };
    case 'made-up-cutlery':
      return { ...NOTHING, run: ['hypothesis', 'made-up-plate', 'six', 'docopt'], extras: { gold: ['pyyaml'] } };
    case 'made-up-kettle':
      return { ...NOTHING, native: ['cython', 'setuptools'], libraries: ['the-library-libxml2', 'zlib'] };
    case 'made-up-lid':
      return { ...NOTHING, native: [], run: ['six'], format: 'wheel' };
    case 'made-up-mill': {
      const tools = ['cargo', 'rustPlatform.cargoSetupHook', 'rustc'];
      return { ...NOTHING, native: [...tools, 'setuptools', 'setuptools-rust'], vendored: true };
    }
    case 'made-up-oven':
      return { ...NOTHING, native: ['hatchling'], run: ['six'] };
    case 'made-up-plate':
      return { ...NOTHING, extras: { glaze: ['docopt'] } };
    case 'made-up-scale':
      return {
        ...NOTHING,
        native: [...relaxing, 'setuptools'],
        run: ['six'],
        check: ['mock', 'pytestCheckHook'],
        variables: { SCALE_UNIT: 'gram' },
      };
  }
}
