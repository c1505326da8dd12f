import type { Input, InputListName, PackageFacts, PythonInput } from './package-facts.ts';

/**
 * That one thing cannot be there without another. What stands on both sides is a project by its PEP 503 name, or what belongs to an extra of one:
 * `celery`, `celery[redis]`. An extra needs its members but not its project: Nix looks at `celery.optional-dependencies.redis` without building celery.
 */
export interface Need {
  readonly from: string;
  readonly to: string;
  /** Where it is stated; null for what a package of the set needs. */
  readonly list: InputListName | 'optional-dependencies' | null;
  /** Null for a test runner that no list names, and for what a package of the set needs. */
  readonly input: PythonInput | null;
}

/** Build requirements (PEP 503 names) that no expression of the release names, because its builder brings them. */
export type Implied = readonly string[];

const PLAIN_LISTS = ['build-system', 'nativeBuildInputs', 'buildInputs', 'dependencies'] as const;

/** What a package needs to be built and to run, extras left aside. */
export function plainNeeds(facts: PackageFacts, implied: Implied): readonly Need[] {
  return plainInputs(facts, implied).map(({ list, input }) => ({ from: facts.name, to: input.name, list, input }));
}

/** The extras that a package asks for in order to be built and to run, and those that its own extras ask for. */
export function askedNeeds(facts: PackageFacts, implied: Implied): readonly Need[] {
  const own = plainInputs(facts, implied).flatMap(({ list, input }) => extrasOf({ from: facts.name, list, input }));
  const ofExtras = Object.entries(facts.optionalDependencies).flatMap(([extra, inputs]) =>
    pythonInputs(inputs).flatMap((input) =>
      extrasOf({ from: extraNode(facts.name, extra), list: 'optional-dependencies', input }),
    ),
  );
  return [...own, ...ofExtras];
}

/** What belongs to the extras of a package. */
export function memberNeeds(facts: PackageFacts): readonly Need[] {
  return Object.entries(facts.optionalDependencies).flatMap(([extra, inputs]) =>
    pythonInputs(inputs).map(
      (input): Need => ({
        from: extraNode(facts.name, extra),
        to: input.name,
        list: 'optional-dependencies',
        input,
      }),
    ),
  );
}

/** What the tests of a package need, the runner that no list names and extras too; none where they do not run. */
export function checkNeeds(facts: PackageFacts): readonly Need[] {
  if (facts.check.enabled === false) return [];
  const from = facts.name;
  const list = 'nativeCheckInputs';
  const stated = pythonInputs(facts.inputs.nativeCheckInputs).flatMap((input): Need[] => [
    { from, to: input.name, list, input },
    ...extrasOf({ from, list, input }),
  ]);
  const isImplied = facts.check.runner === 'pytest' && !stated.some(({ to }) => to === 'pytest');
  return isImplied ? [...stated, { from, to: 'pytest', list, input: null }] : stated;
}

/** How an extra of a project is called in a `Need`. */
export function extraNode(project: string, extra: string): string {
  return `${project}[${extra}]`;
}

/** `circa requires circb (Requires-Dist: circb>=1)`, `pytest of the package set needs pluggy`. */
export function needSentence(need: Need): string {
  if (need.list === null) return `${need.from} of the package set needs ${need.to}`;
  return `${need.from} requires ${need.to}${placeOf(need)}`;
}

/** `pytest needs pluggy`, `pytest-asyncio needs pytest, which needs pluggy`; with `lines` each with what states it. */
export function wayText(way: readonly Need[], options: { readonly lines: boolean }): string {
  const told = way.map((need, index) => {
    const subject = index === 0 ? need.from : 'which';
    return `${subject} needs ${need.to}${options.lines ? placeOf(need) : ''}`;
  });
  return told.join(', ');
}

/** ` (Requires-Dist: circb>=1)`, ` (build-system: circb)`; empty where nothing is known of it. */
function placeOf({ list, input }: Need): string {
  if (list === null || input === null) return '';
  const [origin] = input.origins;
  const written = origin?.requirement ?? `${input.name}${input.specifier}`;
  if (origin?.kind === 'override' || origin?.kind === 'inference') return ` (${list}: ${written}, ${origin.text})`;
  const isMetadata = list === 'dependencies' || list === 'optional-dependencies';
  return ` (${isMetadata ? 'Requires-Dist' : list}: ${written})`;
}

function plainInputs(
  facts: PackageFacts,
  implied: Implied,
): { readonly list: InputListName; readonly input: PythonInput }[] {
  return PLAIN_LISTS.flatMap((list) => {
    // A wheel is not built.
    if (list === 'build-system' && facts.source.kind === 'wheel') return [];
    return pythonInputs(facts.inputs[list])
      .filter((input) => list !== 'build-system' || !implied.includes(input.name))
      .map((input) => ({ list, input }));
  });
}

function extrasOf({ from, list, input }: Pick<Need, 'from' | 'list'> & { readonly input: PythonInput }): Need[] {
  return input.extras.map((extra) => ({ from, to: extraNode(input.name, extra), list, input }));
}

function pythonInputs(inputs: readonly Input[]): PythonInput[] {
  return inputs.flatMap((input) => (input.kind === 'python' ? [input] : []));
}
