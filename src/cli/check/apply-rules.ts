import { oneLine } from '../../base/text.ts';
import { userErrorsOf } from '../../base/user-error.ts';
import { ruleTitle } from '../../overrides/rule.ts';
import type { CommandContext } from '../world.ts';
import { type YieldedEdit, yieldEdits } from './hand-edits.ts';
import type { PendingRule } from './propose-rules.ts';
import { outrankingRules, regeneratePackages } from './regenerate.ts';
import { readCheckedRepository } from './repository.ts';
import { addRule, takeBack } from './rule-files.ts';
import { placeOfRule } from './rule-place.ts';
import type { CheckRun } from './run.ts';

/** A rule with which the repository was generated. */
export interface AppliedRule extends PendingRule {
  /** The edits by hand that gave way to it; null: none were in the way. */
  readonly yielded: YieldedEdit | null;
  /** What else gave way to it, in sentences. */
  readonly remarks: readonly string[];
}

/** What repairing works with. `keep`: told what is on trial, before it is written and when it is judged. */
export interface Repairing {
  readonly run: CheckRun;
  readonly context: CommandContext;
  readonly keep: (trial: readonly (PendingRule & Partial<AppliedRule>)[]) => void;
}

/** What became of rules that were to be written. */
export interface Written {
  readonly generated: readonly PendingRule[];
  readonly refused: readonly { readonly rule: PendingRule; readonly why: string }[];
}

/** Writes rules and generates with them. What cannot be generated is taken back: where several rules were written, each is tried alone. */
export async function writeAndGenerate(rules: readonly PendingRule[], repairing: Repairing): Promise<Written> {
  const { run, context, keep } = repairing;
  const { placed, refused: unplaced } = await placedRules(rules, { run, context });
  keep(placed);
  const writable = [...unplaced, ...placed.map((rule) => ({ rule, why: addRule(run.folder, rule.rule) }))];
  const refused = writable.flatMap(({ rule, why }) => (why === null ? [] : [{ rule, why }]));
  const written = writable.flatMap(({ rule, why }) => (why === null ? [rule] : []));
  if (written.length === 0) return { generated: [], refused };
  const why = await generateWith(written, { run, context }).catch((thrown: unknown) => {
    for (const rule of written) takeBack(run.folder, rule.rule);
    throw thrown;
  });
  if (why === null) return { generated: written, refused };
  for (const rule of written) takeBack(run.folder, rule.rule);
  if (written.length === 1) {
    return { generated: [], refused: [...refused, ...written.map((rule) => ({ rule, why }))] };
  }
  const generated: PendingRule[] = [];
  for (const rule of written) {
    const alone = await writeAndGenerate([rule], { run, context, keep: (more) => keep([...generated, ...more]) });
    generated.push(...alone.generated);
    refused.push(...alone.refused);
  }
  return { generated, refused };
}

/** The rules with the folders in which they hold; those for which there is none are refused. */
async function placedRules(
  rules: readonly PendingRule[],
  { run, context }: Pick<Repairing, 'run' | 'context'>,
): Promise<{ readonly placed: readonly PendingRule[]; readonly refused: Written['refused'] }> {
  const placed: PendingRule[] = [];
  const refused: { readonly rule: PendingRule; readonly why: string }[] = [];
  for (const rule of rules) {
    const place = await placeOfRule(run.folder, rule.rule, context);
    if ('why' in place) refused.push({ rule, why: place.why });
    else placed.push({ ...rule, rule: { ...rule.rule, folder: place.folder } });
  }
  return { placed, refused };
}

/** Null: it went well; else why not. */
async function generateWith(
  rules: readonly PendingRule[],
  { run, context }: Pick<Repairing, 'run' | 'context'>,
): Promise<string | null> {
  try {
    await regeneratePackages(run.folder, projectsOf(rules), context);
    return null;
  } catch (thrown) {
    const errors = userErrorsOf(thrown);
    if (errors === undefined || errors.some(({ code }) => code === 'E_NO_REQUEST')) throw thrown;
    return `it cannot be generated: ${errors.map(({ message }) => oneLine(message)).join('; ')}`;
  }
}

/** Lets what is in the way of rules give way, edits by hand above all, and generates once more where something did. */
export async function withoutObstacles(
  rules: readonly PendingRule[],
  { run, context, keep }: Repairing,
): Promise<readonly AppliedRule[]> {
  const applied: AppliedRule[] = [];
  const { packages } = await readCheckedRepository(run.folder);
  const names = await run.names();
  const attributesOf = (project: string): readonly string[] => [
    ...packages.flatMap((one) => (one.project === project && one.attribute !== null ? [one.attribute] : [])),
    names.attributeOf(project)?.attribute ?? project,
  ];
  for (const [at, rule] of rules.entries()) {
    const { proposal } = rule;
    const outranking = await outrankingRules(run.folder, rule.rule, context);
    const remarks = outranking.map(
      (each) =>
        `${ruleTitle(each)} (line ${each.line}) says otherwise and would undo it: the rules of overrides/ are now given last; take that rule out, or end your command line with --overrides and overrides/ of this folder`,
    );
    const yielded = yieldEdits(run.folder, proposal, {
      attributes: attributesOf,
      before: (edit) => keep([...applied, { ...rule, yielded: edit }, ...rules.slice(at + 1)]),
    });
    applied.push({ ...rule, remarks, yielded });
  }
  const edited = applied.filter(({ yielded }) => yielded !== null);
  if (edited.length === 0) return applied;
  await regeneratePackages(run.folder, projectsOf(edited), context);
  keep(applied);
  return applied;
}

/** The projects for which rules are. */
export function projectsOf(rules: readonly PendingRule[]): ReadonlySet<string> {
  return new Set(rules.map(({ proposal }) => proposal.project));
}
