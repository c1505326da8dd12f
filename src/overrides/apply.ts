import type { Note } from '../base/note.ts';
import type {
  DisabledTest,
  InputListName,
  Origin,
  PackageFacts,
  PatchFile,
  TextAttributeName,
} from '../classify/package-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { type ChangedList, changeInputs, changeTexts } from './apply-inputs.ts';
import { isBuildingOnly } from './building-only.ts';
import { type OverrideContext, ruleHolds } from './conditions.ts';
import { recordChange } from './record-change.ts';
import { type Change, type InputEntry, type OverrideRule, ruleTitle, type TextListName } from './rule.ts';

/**
 * The facts of a package after the rules of its project, one after the other. Inputs that a rule adds have an origin of the kind
 * `override` with the rule's file, line and reason; what a reader of the expression would ask about (phases, variables, checks
 * that are off, tests that are left out) carries the reason. What a rule does in vain, and a phase that two rules set, is a note.
 * What rules say of building is passed over for a wheel, which is not built.
 */
export function applyOverrides(
  facts: PackageFacts,
  rules: readonly OverrideRule[],
  context: OverrideContext,
): PackageFacts {
  let changed = facts;
  const setBy = new Map<string, OverrideRule>();
  for (const rule of rules) {
    if (rule.project !== facts.name || !ruleHolds(rule, facts.version, context)) continue;
    for (const stated of rule.changes) {
      if (facts.source.kind === 'wheel' && isBuildingOnly(stated)) continue;
      // Without PyPy among the interpreters there is nothing to be disabled.
      if (stated.kind === 'disabledOnPyPy' && !context.environments.some(isPyPy)) continue;
      const change = forTargets(stated, context.environments);
      if (change.kind === 'text' || change.kind === 'env') changed = noteLoss(changed, { rule, change, setBy });
      changed = recordChange(applyChange(changed, rule, change), change, originOf(rule));
    }
  }
  return changed;
}

/** The facts after one change of one rule, whatever the conditions of the rule. */
export function applyChange(facts: PackageFacts, rule: OverrideRule, change: Change): PackageFacts {
  switch (change.kind) {
    case 'inputs': {
      const list = changeInputs(facts.inputs[change.list], { ...change, origin: originOf(rule) });
      return withNotes(withInputs(facts, change.list, list), rule, { list: change.list, vain: list.vain });
    }
    case 'extra': {
      const { [change.extra]: before = [], ...others } = facts.optionalDependencies;
      const list = changeInputs(before, { ...change, origin: originOf(rule) });
      const optionalDependencies = list.entries.length === 0 ? others : { ...others, [change.extra]: list.entries };
      const where = { list: `optional-dependencies.${change.extra}`, vain: list.vain };
      return withNotes({ ...facts, optionalDependencies }, rule, where);
    }
    case 'texts': {
      const list = changeTexts(textsOf(facts, change.list), change);
      return withNotes(withTexts(facts, change.list, list.entries, rule), rule, { list: change.list, vain: list.vain });
    }
    case 'text':
      return withText(facts, rule, change);
    case 'env':
      return withVariable(facts, rule, change);
    case 'doCheck':
      return { ...facts, check: { ...facts.check, enabled: change.value, reason: change.value ? null : rule.reason } };
    case 'disabledOnPyPy': {
      const { disabledOnPyPy: _, ...others } = facts;
      return withReason(
        change.value ? { ...others, disabledOnPyPy: true } : others,
        'disabled',
        change.value ? rule : null,
      );
    }
    case 'meta':
      return { ...facts, meta: { ...facts.meta, [change.field]: change.value } };
    case 'licence':
      return { ...facts, meta: { ...facts.meta, licences: change.licences } };
    case 'format':
      return facts;
  }
}

// Markers of entries relative to the targets; an entry that no target needs is left out, as a rule is whose marker fails.
function forTargets(change: Change, environments: readonly MarkerEnvironment[]): Change {
  if (change.kind !== 'inputs' && change.kind !== 'extra') return change;
  const entries: InputEntry[] = [];
  for (const entry of change.entries) {
    const marker = entry.kind === 'python' && entry.marker !== null ? simplifyMarker(entry.marker, environments) : true;
    if (marker === true) entries.push(entry.kind === 'python' ? { ...entry, marker: null } : entry);
    else if (marker !== false && entry.kind === 'python') entries.push({ ...entry, marker });
  }
  return { ...change, entries };
}

function isPyPy(environment: MarkerEnvironment): boolean {
  return environment.platform_python_implementation === 'PyPy';
}

function originOf(rule: OverrideRule): Origin {
  return {
    kind: 'override',
    text: `${ruleTitle(rule)}: ${rule.reason.replace(/\.$/u, '')}`,
    file: rule.file,
    line: rule.line,
  };
}

function withInputs(
  facts: PackageFacts,
  list: InputListName,
  { entries }: ChangedList<PackageFacts['inputs'][InputListName][number]>,
): PackageFacts {
  return { ...facts, inputs: { ...facts.inputs, [list]: entries } };
}

function withText(
  facts: PackageFacts,
  rule: OverrideRule,
  { attribute, parts }: { readonly attribute: TextAttributeName; readonly parts: PackageFacts['env'][string] },
): PackageFacts {
  const { [attribute]: _before, ...others } = facts.text;
  const text = parts.length === 0 ? others : { ...others, [attribute]: parts };
  return withReason({ ...facts, text }, attribute, parts.length === 0 ? null : rule);
}

// The variables are one attribute, with the reasons of all rules that set some.
function withVariable(
  facts: PackageFacts,
  rule: OverrideRule,
  { name, parts }: { readonly name: string; readonly parts: PackageFacts['env'][string] },
): PackageFacts {
  const { [name]: _before, ...others } = facts.env;
  const env = parts.length === 0 ? others : { ...others, [name]: parts };
  const isLeft = Object.keys(env).length > 0;
  return withJoinedReason({ ...facts, env }, 'env', { rule, isNew: parts.length > 0, isLeft });
}

// The reason of a rule beside those of others for an attribute that several rules make together.
function withJoinedReason(
  facts: PackageFacts,
  attribute: string,
  { rule, isNew, isLeft }: { readonly rule: OverrideRule; readonly isNew: boolean; readonly isLeft: boolean },
): PackageFacts {
  const { [attribute]: said = '', ...reasons } = facts.reasons;
  const isSaid = `; ${said}; `.includes(`; ${rule.reason}; `);
  const now = [said, isNew && rule.comment && !isSaid ? rule.reason : ''].filter((text) => text !== '').join('; ');
  return { ...facts, reasons: now === '' || !isLeft ? reasons : { ...reasons, [attribute]: now } };
}

// Where each list of texts lies in the facts; the lists of tests carry a reason with each entry.
const TEXTS = {
  pythonImportsCheck: 'importsCheck',
  pythonRelaxDeps: 'relaxDeps',
  pythonRemoveDeps: 'removeDeps',
} as const satisfies Partial<Record<TextListName, keyof PackageFacts>>;

function textsOf(facts: PackageFacts, list: TextListName): readonly string[] {
  if (list === 'patches') return (facts.patches ?? []).map(({ name }) => name);
  if (list === 'disabledTests' || list === 'disabledTestPaths') return facts[list].map(({ test }) => test);
  return facts[TEXTS[list]];
}

function withTexts(
  facts: PackageFacts,
  list: TextListName,
  entries: readonly string[],
  rule: OverrideRule,
): PackageFacts {
  if (list === 'patches') return withPatches(facts, entries, rule);
  if (list !== 'disabledTests' && list !== 'disabledTestPaths') return { ...facts, [TEXTS[list]]: entries };
  const before = new Map(facts[list].map((entry): [string, DisabledTest] => [entry.test, entry]));
  const tests = entries.map((test) => before.get(test) ?? { test, reason: rule.reason });
  return { ...facts, [list]: tests };
}

// A patch that a rule has takes the place of one of the same name; the reasons of all rules that add some stand above the list.
function withPatches(facts: PackageFacts, names: readonly string[], rule: OverrideRule): PackageFacts {
  const { patches: before = [], ...others } = facts;
  const patches = names.flatMap((name): PatchFile[] => {
    const there = before.find((patch) => patch.name === name);
    const text = rule.patches?.get(name) ?? there?.text;
    return text === undefined ? [] : [text === there?.text ? there : { name, text }];
  });
  const isNew = patches.some((patch) => !before.includes(patch));
  const changed = patches.length === 0 ? others : { ...others, patches };
  return withJoinedReason(changed, 'patches', { rule, isNew, isLeft: patches.length > 0 });
}

// The reason of the rule as the comment of an attribute, or no comment without a rule.
function withReason(facts: PackageFacts, attribute: string, rule: OverrideRule | null): PackageFacts {
  const { [attribute]: _before, ...others } = facts.reasons;
  return { ...facts, reasons: rule?.comment === true ? { ...others, [attribute]: rule.reason } : others };
}

function withNotes(
  facts: PackageFacts,
  rule: OverrideRule,
  { list, vain }: { readonly list: string; readonly vain: readonly string[] },
): PackageFacts {
  if (vain.length === 0) return facts;
  const notes = vain.map((clause) => warning(rule, `${ruleTitle(rule)} ${clause} (${list})`));
  return { ...facts, notes: [...facts.notes, ...notes] };
}

function noteLoss(
  facts: PackageFacts,
  {
    rule,
    change,
    setBy,
  }: {
    readonly rule: OverrideRule;
    readonly change: Extract<Change, { kind: 'text' | 'env' }>;
    readonly setBy: Map<string, OverrideRule>;
  },
): PackageFacts {
  const attribute = change.kind === 'text' ? change.attribute : `env.${change.name}`;
  const before = setBy.get(attribute);
  setBy.set(attribute, rule);
  if (before === undefined) return facts;
  const note = warning(rule, `${ruleTitle(rule)} puts its ${attribute} in place of that of ${ruleTitle(before)}`);
  return { ...facts, notes: [...facts.notes, note] };
}

function warning(rule: OverrideRule, text: string): Note {
  return { kind: 'warning', text, project: rule.project, file: rule.file, line: rule.line };
}
