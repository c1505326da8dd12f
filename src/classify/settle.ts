import type { Note } from '../base/note.ts';
import { compareText, joinWords } from '../base/text.ts';
import { disabledTestPaths } from './disabled-test-paths.ts';
import type { DisabledTest, Input, InputListName, Omission, PackageFacts, PythonInput } from './package-facts.ts';

export interface SettleOptions {
  /** Whether the package set has the project (PEP 503 name) or it is generated in the same run. */
  readonly has: (project: string) => boolean;
  /** Check inputs (PEP 503 names) that cannot be used, each with the reason, which has been told in a note. */
  readonly unusableChecks: ReadonlyMap<string, string>;
  /** False: no package runs its tests (`--no-checks`). */
  readonly checks: boolean;
  /** False: the release of nixpkgs cannot leave out some of the tests (`disabledTestPaths`), so that all run or none. */
  readonly disablesTestPaths?: boolean;
  /** Which extras become `optional-dependencies`. */
  readonly extras: 'available' | 'all' | 'none' | readonly string[];
}

/**
 * Fits the facts of a package to the package set: an expression may only name what the set has or what is generated beside it. What is left out is an omission
 * with its reason and a note; missing build or run-time inputs are given back, since nothing can stand for them.
 */
export function settle(
  facts: PackageFacts,
  options: SettleOptions,
): {
  readonly facts: PackageFacts;
  readonly missing: readonly { readonly list: InputListName; readonly input: PythonInput }[];
} {
  const checked = settleChecks(facts, options);
  const extras = settleExtras(facts, options);
  const missing = (['build-system', 'nativeBuildInputs', 'buildInputs', 'dependencies'] as const).flatMap((list) =>
    facts.inputs[list].flatMap((input) =>
      input.kind === 'python' && !options.has(input.name) ? [{ list, input }] : [],
    ),
  );
  return {
    facts: {
      ...facts,
      ...checked.parts,
      optionalDependencies: extras.kept,
      omissions: [...facts.omissions, ...checked.omissions, ...extras.omissions],
      notes: [...facts.notes, ...checked.notes, ...omissionNotes(facts, extras.omissions)],
    },
    missing,
  };
}

const NOT_IN_SET = 'not in the package set';

interface SettledChecks {
  readonly parts: Pick<PackageFacts, 'inputs' | 'check'> & Partial<Pick<PackageFacts, 'disabledTestPaths'>>;
  readonly omissions: readonly Omission[];
  readonly notes: readonly Note[];
}

/** nixpkgs has stubs of plugins that only measure: tests need their options to exist, not what they do. By project. */
const STUBS: ReadonlyMap<string, string> = new Map([['pytest-cov', 'pytest-cov-stub']]);

/** Check inputs with the stubs that the package set has in place of what they stand for. */
export function withStubs(inputs: readonly Input[], has: SettleOptions['has']): readonly Input[] {
  return inputs.map((input) => {
    const stub = input.kind === 'python' ? STUBS.get(input.name) : undefined;
    if (input.kind !== 'python' || stub === undefined || !has(stub)) return input;
    return { ...input, name: stub, extras: [], specifier: '' };
  });
}

function settleChecks(facts: PackageFacts, options: SettleOptions): SettledChecks {
  const inputs = withStubs(facts.inputs.nativeCheckInputs, options.has);
  if (facts.check.enabled === false)
    return { parts: withoutChecks(facts, facts.check.reason), omissions: [], notes: [] };
  if (!options.checks)
    return { parts: withoutChecks(facts, 'checks are left out by --no-checks'), omissions: [], notes: [] };
  if (facts.check.runner === null && inputs.length === 0) return { parts: facts, omissions: [], notes: [] };

  const runner = facts.check.runner === 'pytest' ? ['pytest'] : [];
  const needed = [
    ...new Set([...runner, ...inputs.flatMap((input) => (input.kind === 'python' ? [input.name] : []))]),
  ].sort(compareText);
  const reasonOf = (name: string): string | undefined =>
    options.unusableChecks.get(name) ?? (options.has(name) ? undefined : NOT_IN_SET);
  const lacking = needed.filter((name) => reasonOf(name) !== undefined);
  const imported = lacking.filter((name) => isImported(inputs, name) || runner.includes(name));
  const textOf = (name: string): string =>
    reasonOf(name) === NOT_IN_SET ? `${name}, which the package set does not have` : `${name}, but ${reasonOf(name)}`;
  const partly = imported.length > 0 ? withoutFiles(facts, { inputs, imported, textOf, options }) : null;
  if (imported.length > 0 && partly === null) {
    const missing = imported.filter((name) => reasonOf(name) === NOT_IN_SET);
    if (missing.length > 0)
      return stopped(facts, `the tests need ${joinWords(missing)}, which the package set does not have`);
    return stopped(facts, imported.map((name) => `the tests need ${textOf(name)}`).join('; '));
  }

  const omissions = lacking
    .filter((name) => !imported.includes(name))
    .map((name): Omission => ({ list: 'nativeCheckInputs', name, reason: reasonOf(name) ?? NOT_IN_SET }));
  const kept = (partly?.inputs ?? inputs).filter((input) => input.kind !== 'python' || !lacking.includes(input.name));
  return {
    parts: {
      inputs: { ...facts.inputs, nativeCheckInputs: kept },
      check: facts.check,
      disabledTestPaths: [...facts.disabledTestPaths, ...(partly?.paths ?? [])],
    },
    omissions,
    // Whoever found an input unusable has told it.
    notes: [
      ...(partly?.notes ?? []),
      ...omissionNotes(
        facts,
        omissions.filter(({ reason }) => reason === NOT_IN_SET),
      ),
    ],
  };
}

/** Leaves out the test files that need what is lacking, with the inputs that nothing else needs; null where no test would be left. */
function withoutFiles(
  facts: PackageFacts,
  {
    inputs,
    imported,
    textOf,
    options,
  }: {
    readonly inputs: readonly Input[];
    readonly imported: readonly string[];
    readonly textOf: (name: string) => string;
    readonly options: SettleOptions;
  },
): {
  readonly paths: readonly DisabledTest[];
  readonly inputs: readonly Input[];
  readonly notes: readonly Note[];
} | null {
  if (options.disablesTestPaths === false || facts.check.runner !== 'pytest') return null;
  const lacking = imported.map((name) => {
    const input = inputs.find((one) => one.kind === 'python' && one.name === name);
    const neededBy = input?.kind === 'python' ? input.neededBy : undefined;
    return { text: textOf(name), ...(neededBy === undefined ? {} : { neededBy }) };
  });
  const paths = disabledTestPaths(facts.check.files, lacking);
  if (paths === null) return null;
  const out = new Set(lacking.flatMap(({ neededBy }) => neededBy ?? []));
  const isForThem = (input: Input): boolean =>
    input.kind === 'python' &&
    input.origins.every(({ kind }) => kind === 'inference') &&
    input.neededBy?.every((file) => out.has(file)) === true;
  const notes = paths.map(
    ({ test, reason }): Note => ({
      kind: 'omitted',
      text: `the tests in ${test} do not run: it ${reason}`,
      project: facts.name,
    }),
  );
  return { paths, inputs: inputs.filter((input) => !isForThem(input)), notes };
}

function stopped(facts: PackageFacts, reason: string): SettledChecks {
  return {
    parts: withoutChecks(facts, reason),
    omissions: [],
    notes: [{ kind: 'omitted', text: `its tests do not run: ${reason}`, project: facts.name }],
  };
}

function withoutChecks(facts: PackageFacts, reason: string | null): SettledChecks['parts'] {
  return { inputs: { ...facts.inputs, nativeCheckInputs: [] }, check: { runner: null, enabled: false, reason } };
}

function isImported(inputs: readonly Input[], name: string): boolean {
  return inputs.some(
    (input) =>
      input.kind === 'python' && input.name === name && input.origins.some((origin) => origin.kind === 'inference'),
  );
}

function settleExtras(
  facts: PackageFacts,
  options: SettleOptions,
): { readonly kept: PackageFacts['optionalDependencies']; readonly omissions: readonly Omission[] } {
  const omissions: Omission[] = [];
  const kept = Object.entries(facts.optionalDependencies).filter(([extra, inputs]) => {
    if (options.extras === 'none' || inputs.length === 0) return false;
    if (typeof options.extras !== 'string' && !options.extras.includes(extra)) return false;
    const lacking = inputs.flatMap((input) =>
      input.kind === 'python' && !options.has(input.name) ? [input.name] : [],
    );
    if (lacking.length === 0) return true;
    omissions.push({
      list: 'optional-dependencies',
      name: extra,
      reason: `${joinWords(lacking)} ${lacking.length === 1 ? 'is' : 'are'} not in the package set`,
    });
    return false;
  });
  return { kept: Object.fromEntries(kept), omissions };
}

function omissionNotes(facts: PackageFacts, omissions: readonly Omission[]): Note[] {
  return omissions.map(
    (omission): Note => ({
      kind: 'omitted',
      text:
        omission.list === 'optional-dependencies'
          ? `the extra ${omission.name} is left out: ${omission.reason}`
          : `${omission.name} is left out of ${omission.list}: ${omission.reason}`,
      project: facts.name,
    }),
  );
}
