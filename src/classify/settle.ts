import type { Note } from '../base/note.ts';
import { compareText, joinWords } from '../base/text.ts';
import type { Input, InputListName, Omission, PackageFacts, PythonInput } from './package-facts.ts';

export interface SettleOptions {
  /** Whether the package set has the project (PEP 503 name) or it is generated in the same run. */
  readonly has: (project: string) => boolean;
  /** Check inputs whose own needs lead back to this package, each with the chain from the input to the package. */
  readonly cycles: ReadonlyMap<string, readonly string[]>;
  /** False: no package runs its tests (`--no-checks`). */
  readonly checks: boolean;
  /** Which extras become `optional-dependencies`. */
  readonly extras: 'available' | 'all' | 'none' | readonly string[];
}

/**
 * Fits the facts of a package to the package set: an expression may only name what the set has or what is generated beside it, and no check input may
 * lead back to the package. What is left out is an omission with its reason and a note; missing build or run-time inputs are given back, since nothing can stand for them.
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

interface SettledChecks {
  readonly parts: Pick<PackageFacts, 'inputs' | 'check'>;
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
  const [chain] = needed
    .map((name) => options.cycles.get(name))
    .filter((found) => found !== undefined)
    .sort((a, b) => a.length - b.length);
  if (chain !== undefined) return stopped(facts, chainText(chain));

  const lacking = needed.filter((name) => !options.has(name));
  const imported = lacking.filter((name) => isImported(inputs, name) || runner.includes(name));
  if (imported.length > 0)
    return stopped(facts, `the tests need ${joinWords(imported)}, which the package set does not have`);

  const omissions = lacking.map(
    (name): Omission => ({ list: 'nativeCheckInputs', name, reason: 'not in the package set' }),
  );
  const kept = inputs.filter((input) => input.kind !== 'python' || !lacking.includes(input.name));
  return {
    parts: { inputs: { ...facts.inputs, nativeCheckInputs: kept }, check: facts.check },
    omissions,
    notes: omissionNotes(facts, omissions),
  };
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

/** `pytest needs pluggy`, `pytest-asyncio needs pytest, which needs pluggy`. */
function chainText(chain: readonly string[]): string {
  const [first = '', second = '', ...rest] = chain;
  return [`${first} needs ${second}`, ...rest.map((name) => `which needs ${name}`)].join(', ');
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
