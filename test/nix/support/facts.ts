import type {
  Input,
  InputListName,
  PackageFacts,
  PythonInput,
  SystemInput,
} from '../../../src/classify/package-facts.ts';
import type { PackageNames, PackageToPrint } from '../../../src/nix/package-names.ts';
import { parseMarker } from '../../../src/pep/marker.ts';

const NO_INPUTS: Readonly<Record<InputListName, readonly Input[]>> = {
  'build-system': [],
  nativeBuildInputs: [],
  buildInputs: [],
  dependencies: [],
  nativeCheckInputs: [],
};

export type FactsOverrides = Partial<Omit<PackageFacts, 'inputs' | 'meta' | 'check'>> & {
  readonly inputs?: Partial<Record<InputListName, readonly Input[]>>;
  readonly meta?: Partial<PackageFacts['meta']>;
  readonly check?: Partial<PackageFacts['check']>;
};

/** Facts of a made-up package that says next to nothing, with what a test wants to be said. */
export function packageFacts({ inputs, meta, check, ...rest }: FactsOverrides = {}): PackageFacts {
  const name = rest.name ?? 'demo';
  const version = rest.version ?? '1.0';
  return {
    name,
    version,
    source: {
      kind: 'sdist',
      filename: `${name}-${version}.tar.gz`,
      sha256: '0'.repeat(64),
      url: `https://files.test/${name}-${version}.tar.gz`,
    },
    optionalDependencies: {},
    disabledTests: [],
    disabledTestPaths: [],
    importsCheck: [],
    disabled: null,
    relaxDeps: [],
    removeDeps: [],
    env: {},
    text: {},
    reasons: {},
    omissions: [],
    notes: [],
    ...rest,
    inputs: { ...NO_INPUTS, ...inputs },
    meta: { description: null, homepage: null, changelog: null, licences: [], mainProgram: null, ...meta },
    check: { runner: null, enabled: null, reason: null, ...check },
  };
}

export function python(
  name: string,
  options: { marker?: string; extras?: readonly string[]; specifier?: string } = {},
): PythonInput {
  return {
    kind: 'python',
    name,
    extras: options.extras ?? [],
    specifier: options.specifier ?? '',
    marker: options.marker === undefined ? null : parseMarker(options.marker),
    origins: [],
  };
}

export function system(attribute: string): SystemInput {
  return { kind: 'system', attribute, origins: [] };
}

const LICENCES: Readonly<Record<string, string>> = {
  'Apache-2.0': 'asl20',
  'BSD-2-Clause': 'bsd2',
  'BSD-3-Clause': 'bsd3',
  'GPL-3.0-or-later': 'gpl3Plus',
  MIT: 'mit',
};

/** Names of a made-up set in which attributes are the names of projects; libxml2 and libxslt have Python namesakes. */
export const NAMES: PackageNames = {
  hasExtra: () => false,
  pythonAttribute: (project) => project,
  systemAttribute: (attribute) => attribute,
  shadowedByPython: (attribute) => ['cmake', 'libxml2', 'libxslt'].includes(attribute),
  licenceAttribute: (id) => LICENCES[id] ?? null,
};

export function toPrint(facts: PackageFacts, names: Partial<PackageNames> = {}): PackageToPrint {
  return { facts, attribute: facts.name, names: { ...NAMES, ...names } };
}
