import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import type { Input, PythonInput } from '../classify/package-facts.ts';
import { type Combination, type Condition, conditionOfMarker, type Test } from './condition.ts';
import { conditionExpression } from './condition-expression.ts';
import type { Dialect } from './dialect.ts';
import { apply, binary, type Expression, list, orElse, select } from './expression.ts';
import type { PackageNames } from './package-names.ts';
import { printExpression } from './print.ts';
import type { FormalGroup, GroupedReference, Scope } from './scope.ts';

/** What the lists of one package are made with. */
export interface InputListContext {
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly names: PackageNames;
  /** PEP 503 name of the package, for notes. */
  readonly project: string;
}

/** The value of a list attribute, and notes on what is not in it. */
export interface PrintedInputs {
  /** Null for no input at all. */
  readonly expression: Expression | null;
  readonly notes: readonly Note[];
}

/** An input and the group of arguments that it belongs to. */
export interface GroupedInput {
  readonly input: Input;
  readonly group: FormalGroup;
}

/**
 * The value of a list of inputs: plain ones first, then the extras that are asked for (`++ dask.optional-dependencies.complete`), then what a
 * condition limits (`++ lib.optionals (pythonOlder "3.11") [ tomli ]`), each sorted. `hooks` are attributes of the Python set that join the plain ones.
 */
export function inputList(
  inputs: readonly GroupedInput[],
  context: InputListContext,
  hooks: readonly { readonly attribute: string; readonly group: FormalGroup }[] = [],
): PrintedInputs {
  const notes: Note[] = [];
  const entries = inputs.flatMap((each) => entryOf(each, context, notes));
  const plain = entries.filter((entry) => entry.condition === null);
  const always = [
    ...plain,
    ...hooks.map(({ attribute, group }) => ({ reference: { kind: 'python', attribute }, group }) as const),
  ];
  const operands = [
    ...(always.length > 0 ? [context.scope.list(always)] : []),
    ...extrasOf(plain, context, notes),
    ...conditional(entries, plain, context, notes),
  ];
  const flattened = operands.flatMap((operand) =>
    operand.kind === 'binary' && operand.operator === '++' ? operand.operands : [operand],
  );
  return { expression: flattened.length === 0 ? null : binary('++', flattened), notes };
}

interface Entry extends GroupedReference {
  /** Null: always. */
  readonly condition: Test | Combination | null;
  readonly extras: readonly string[];
  /** PEP 503 name; null for what is no Python project. */
  readonly project: string | null;
}

function entryOf({ input, group }: GroupedInput, context: InputListContext, notes: Note[]): Entry[] {
  if (input.kind === 'system') {
    const attribute = context.names.systemAttribute(input.attribute);
    const condition = input.marker === undefined ? true : conditionOfMarker(input.marker).condition;
    if (condition === false) return [];
    const entry = { reference: { kind: 'system', attribute }, group, extras: [], project: null } as const;
    return [{ ...entry, condition: condition === true ? null : condition }];
  }
  const reference = { kind: 'python', attribute: context.names.pythonAttribute(input.name) } as const;
  const condition = conditionOf(input, context, notes);
  if (condition === false) {
    notes.push({
      kind: 'omitted',
      text: `${input.name} is left out: its marker holds nowhere in nixpkgs`,
      project: context.project,
    });
    return [];
  }
  return [
    { reference, group, condition: condition === true ? null : condition, extras: input.extras, project: input.name },
  ];
}

function conditionOf(input: PythonInput, context: InputListContext, notes: Note[]): Condition {
  if (input.marker === null) return true;
  const { condition, unknown } = conditionOfMarker(input.marker);
  for (const variable of unknown)
    notes.push({
      kind: 'guess',
      text: `the marker of ${input.name} looks at ${variable}, which Nix does not know, so that part counts as true`,
      project: context.project,
    });
  return condition;
}

function extrasOf(entries: readonly Entry[], context: InputListContext, notes: Note[]): Expression[] {
  const wanted = new Map<string, { readonly entry: Entry; readonly extra: string }>(
    entries.flatMap((entry) =>
      entry.extras.map((extra) => [`${entry.reference.attribute} ${extra}`, { entry, extra }] as const),
    ),
  );
  return sortedUnique(wanted.keys()).flatMap((key) => {
    const found = wanted.get(key);
    if (found === undefined) return [];
    const { entry, extra } = found;
    const isGenerated = entry.project !== null && context.names.hasExtra(entry.project, extra);
    const { optionalDependencies, setHasExtras, release } = context.dialect;
    if (optionalDependencies === null || !(setHasExtras || isGenerated)) {
      notes.push({
        kind: 'omitted',
        text: `the extra ${extra} of ${entry.reference.attribute} is left out: packages of nixpkgs ${release} have no extras`,
        project: context.project,
      });
      return [];
    }
    const members = select(context.scope.package(entry.reference, entry.group), 'optional-dependencies', extra);
    return [isCertain(entry, extra, context) ? members : orElse(members, list([]))];
  });
}

/**
 * A package of the set whose extras are not known may have dropped one that builds and tests no longer need (`setuptools-scm[toml]`). What is needed at
 * run time is not passed over like that: without it the package would be built and not work.
 */
function isCertain({ project, group }: Entry, extra: string, { names }: InputListContext): boolean {
  if (group !== 'build-system' && group !== 'tests') return true;
  return project === null || names.hasExtra(project, extra);
}

/** `lib.optionals CONDITION [ ... ]` for each condition; what is there anyway is not named again. */
function conditional(
  entries: readonly Entry[],
  plain: readonly Entry[],
  context: InputListContext,
  notes: Note[],
): Expression[] {
  const there = new Set(plain.map(({ reference }) => `${reference.kind} ${reference.attribute}`));
  const byCondition = new Map<string, { readonly test: Expression; readonly entries: Entry[] }>();
  for (const entry of entries) {
    if (entry.condition === null) continue;
    const test = conditionExpression(entry.condition, context);
    const key = printExpression(test);
    const group = byCondition.get(key) ?? { test, entries: [] };
    group.entries.push(entry);
    byCondition.set(key, group);
  }
  return [...byCondition]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, group]) => {
      const missing = group.entries.filter(({ reference }) => !there.has(`${reference.kind} ${reference.attribute}`));
      const lists = [
        ...(missing.length > 0 ? [context.scope.list(missing, { short: true })] : []),
        ...extrasOf(group.entries, context, notes),
      ];
      return lists.map((each) => apply(select(context.scope.helper('lib'), 'optionals'), group.test, each));
    });
}
