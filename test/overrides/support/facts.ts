import type { PackageFacts, PythonInput, SystemInput } from '../../../src/classify/package-facts.ts';
import type { OverrideContext } from '../../../src/overrides/conditions.ts';
import { loadOverrides } from '../../../src/overrides/load.ts';
import type { OverrideRule } from '../../../src/overrides/rule.ts';
import { parseMarker } from '../../../src/pep/marker.ts';
import { packageFacts } from '../../classify/support/package.ts';

/** Facts of a made-up package `demo` 1.2 without inputs. */
export function demo(changes: Partial<PackageFacts> = {}): PackageFacts {
  return packageFacts({
    name: 'demo',
    version: '1.2',
    source: {
      kind: 'sdist',
      filename: 'demo-1.2.tar.gz',
      sha256: '0'.repeat(64),
      url: 'https://files.example.test/demo-1.2.tar.gz',
    },
    importsCheck: ['demo'],
    ...changes,
  });
}

/** Facts of `demo` with inputs. */
export function demoWith(inputs: Partial<PackageFacts['inputs']>): PackageFacts {
  const facts = demo();
  return { ...facts, inputs: { ...facts.inputs, ...inputs } };
}

/** A declared requirement on a project. */
export function project(name: string, changes: Partial<PythonInput> & { readonly when?: string } = {}): PythonInput {
  const { when, ...rest } = changes;
  return {
    kind: 'python',
    name,
    extras: [],
    specifier: '',
    marker: when === undefined ? null : parseMarker(when),
    origins: [{ kind: 'requirement', text: 'declared in setup.py' }],
    ...rest,
  };
}

/** A system library that was concluded from evidence. */
export function inferred(attribute: string): SystemInput {
  return { kind: 'system', attribute, origins: [{ kind: 'inference', text: 'Extension(libraries=...)' }] };
}

/** The rules of one file about `demo`. */
export function rulesOf(toml: string): readonly OverrideRule[] {
  const overrides = loadOverrides([{ label: 'overrides', files: [{ name: 'demo.toml', text: toml }] }]);
  return overrides.get('demo') ?? [];
}

/** A current nixpkgs with Python 3.12 and 3.13. */
export const MODERN: OverrideContext = {
  release: null,
  environments: ['3.12', '3.13'].map((python) => ({
    python_version: python,
    python_full_version: `${python}.0`,
    sys_platform: 'linux',
  })),
};

/** nixpkgs 16.03 with its interpreters. */
export const OLD: OverrideContext = {
  release: '16.03',
  environments: ['2.7', '3.4', '3.5'].map((python) => ({
    python_version: python,
    python_full_version: `${python}.0`,
    sys_platform: 'linux',
  })),
};
