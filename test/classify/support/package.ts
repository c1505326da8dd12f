import type { PackageFacts, PythonInput } from '../../../src/classify/package-facts.ts';

/** A Python input without bounds, declared or inferred. */
export function pythonInput(name: string, kind: 'requirement' | 'inference' = 'requirement'): PythonInput {
  return { kind: 'python', name, extras: [], specifier: '', marker: null, origins: [{ kind, text: 'because' }] };
}

/** A package without inputs, with what a test is about filled in. */
export function packageFacts(given: Partial<PackageFacts> = {}): PackageFacts {
  return {
    name: 'it',
    version: '1.0',
    source: {
      kind: 'sdist',
      filename: 'it-1.0.tar.gz',
      sha256: '0'.repeat(64),
      url: 'https://files.test/it-1.0.tar.gz',
    },
    inputs: { 'build-system': [], nativeBuildInputs: [], buildInputs: [], dependencies: [], nativeCheckInputs: [] },
    optionalDependencies: {},
    check: { runner: 'pytest', enabled: null, reason: null },
    disabledTests: [],
    disabledTestPaths: [],
    importsCheck: ['it'],
    disabled: null,
    relaxDeps: [],
    removeDeps: [],
    env: {},
    text: {},
    reasons: {},
    meta: { description: null, homepage: null, changelog: null, licences: [], mainProgram: null },
    omissions: [],
    notes: [],
    ...given,
  };
}
