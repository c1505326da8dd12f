import { NO_NATIVE } from '../../../src/metadata/native/native-facts.ts';
import type { SdistFacts, SetupFacts, SetupScriptFacts, TestFacts } from '../../../src/metadata/release-facts.ts';

const ABSENT = { kind: 'absent' } as const;

const NO_SETUP: SetupFacts = {
  installRequires: ABSENT,
  setupRequires: ABSENT,
  testsRequire: ABSENT,
  extrasRequire: ABSENT,
  pythonRequires: ABSENT,
  license: ABSENT,
  classifiers: ABSENT,
  url: ABSENT,
  description: ABSENT,
  consoleScripts: ABSENT,
  libraries: ABSENT,
  hasExtensions: false,
};

/** The facts of an sdist that says nothing, with what a test is about filled in. */
export function sdistFacts(given: Partial<SdistFacts> = {}): SdistFacts {
  return {
    coreMetadata: null,
    licenceSentences: [],
    pyproject: null,
    setupScript: null,
    setupCfg: null,
    eggRequires: null,
    hasEggInfo: false,
    requirementFiles: [],
    toxDeps: ABSENT,
    noxDeps: ABSENT,
    tests: noTests(),
    modules: [],
    licenceFiles: [],
    cargoLocks: [],
    buildFiles: [],
    native: NO_NATIVE,
    unknowns: [],
    ...given,
  };
}

export function noTests(): TestFacts {
  return {
    ...{ files: [], count: 0, imports: [], runner: null },
    ...{ collected: null, named: [], importers: {}, commands: [], pytestOptions: '' },
  };
}

/** Tests in one file, with the modules that it imports. */
export function someTests(modules: readonly string[] = [], given: Partial<TestFacts> = {}): TestFacts {
  return {
    ...noTests(),
    files: ['tests/test_it.py'],
    count: 1,
    imports: modules.map((module, index) => ({
      file: 'tests/test_it.py',
      line: index + 1,
      module,
      guarded: false,
      optional: false,
    })),
    runner: { name: 'pytest', evidence: 'tests/test_it.py has test functions' },
    ...given,
  };
}

export function setupScript(given: Partial<SetupScriptFacts> = {}): SetupScriptFacts {
  return { ...NO_SETUP, imports: [], filesRead: [], header: null, ...given };
}
