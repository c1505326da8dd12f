import { joinWords, oneLine, sortedUnique } from '../../base/text.ts';
import { userErrorsOf } from '../../base/user-error.ts';
import type { CheckedPackage, Explained, TriedRule } from '../../check/check-result.ts';
import { type Finding, findingKey } from '../../check/finding.ts';
import { findingText } from '../../check/finding-text.ts';
import { type Proposal, proposalKey, proposalText } from '../../check/proposal.ts';
import { ruleTitle } from '../../overrides/rule.ts';
import type { CommandContext } from '../world.ts';
import { restoreEdits, type YieldedEdit, yieldEdits } from './hand-edits.ts';
import { outrankingRules, regeneratePackages } from './regenerate.ts';
import { readCheckedRepository } from './repository.ts';
import { addRule, overrideFileOf, type RuleOfProject, ruleOfProposal, takeBack } from './rule-files.ts';
import { type CheckRun, runCheck } from './run.ts';

/** How often a package is tried again with other rules. */
const MOST_TRIES = 5;

/** A rule that was written and is yet to be judged. */
interface PendingRule {
  readonly proposal: Proposal;
  readonly finding: Finding;
  /** The package that failed, which need not be the one that the rule is for. */
  readonly failing: string;
  /** As it was added to the file. */
  readonly rule: RuleOfProject;
}

/** A rule with which the repository was generated. */
interface AppliedRule extends PendingRule {
  /** The edits by hand that gave way to it; null: none were in the way. */
  readonly yielded: YieldedEdit | null;
  /** What else gave way to it, in sentences. */
  readonly remarks: readonly string[];
}

/**
 * Repairs what fails: writes the most probable rule for each finding to overrides/ of the repository, generates again, and tries again. A rule whose finding comes back did
 * not help and is taken back; a rule is tried once. Gives the packages as they are at the end, and what was done.
 *
 * Throws UserError for a repository that cannot be generated again at all, and E_CANNOT_WRITE (exit 73) for an override file.
 */
export async function fixPackages(
  first: readonly CheckedPackage[],
  run: CheckRun,
  context: CommandContext,
): Promise<{ readonly packages: readonly CheckedPackage[]; readonly tried: readonly TriedRule[] }> {
  const tried: TriedRule[] = [];
  const known = new Set<string>();
  const tries = new Map<string, number>();
  let packages = first;
  let open: readonly AppliedRule[] = [];
  for (;;) {
    const pending = propose(packages, { known, tries });
    if (pending.length === 0) return { packages, tried: [...tried, ...open.map((rule) => openRule(rule, packages))] };
    for (const { failing } of pending.filter(isFirstOfPackage)) tries.set(failing, (tries.get(failing) ?? 0) + 1);
    for (const rule of pending) {
      const text = `${rule.proposal.project}: ${proposalText(rule.proposal)}, because ${findingText(rule.finding)}`;
      run.onProgress({ kind: 'phase', text });
    }
    const { generated, refused } = await writeAndGenerate(pending, { run, context });
    for (const { rule, why } of refused) tried.push(triedRule(rule, why));
    const applied = await withoutObstacles(generated, { run, context });
    packages = await runCheck(run);
    const judged = [...open, ...applied];
    const useless = judged.filter((rule) => stillThere(rule, packages));
    open = judged.filter((rule) => !useless.includes(rule) && needsAnother(rule, packages).length > 0);
    for (const rule of judged) {
      if (!open.includes(rule)) tried.push(triedRule(rule, useless.includes(rule) ? 'it made no difference' : null));
    }
    if (useless.length === 0) continue;
    for (const { rule, yielded } of [...useless].reverse()) {
      takeBack(run.folder, rule);
      if (yielded !== null) restoreEdits(run.folder, yielded);
    }
    await regeneratePackages(run.folder, projectsOf(useless), context);
    packages = await runCheck(run);
  }
}

/** The rules to try now: the first of each finding that has not been tried, and tests only where nothing else is to be done. */
function propose(
  packages: readonly CheckedPackage[],
  { known, tries }: { readonly known: Set<string>; readonly tries: ReadonlyMap<string, number> },
): readonly PendingRule[] {
  return packages.flatMap((one) => {
    if (one.outcome.kind !== 'failed' || (tries.get(one.project) ?? 0) >= MOST_TRIES) return [];
    const inputs = rulesFor(one, known, ({ finding }) => finding.cause.kind !== 'tests');
    return inputs.length > 0 ? inputs : rulesFor(one, known, ({ finding }) => finding.cause.kind === 'tests');
  });
}

function rulesFor(
  { project, explained }: CheckedPackage,
  known: Set<string>,
  isMeant: (one: Explained) => boolean,
): readonly PendingRule[] {
  const rules: PendingRule[] = [];
  for (const { finding, proposals } of explained.filter(isMeant)) {
    const proposal = proposals.map((each) => each.proposal).find((each) => !known.has(proposalKey(each)));
    if (proposal === undefined) continue;
    known.add(proposalKey(proposal));
    const rule = ruleOfProposal(proposal, `the build without it: ${finding.evidence}`);
    rules.push({ proposal, finding, failing: project, rule });
  }
  return rules;
}

interface Written {
  readonly generated: readonly PendingRule[];
  readonly refused: readonly { readonly rule: PendingRule; readonly why: string }[];
}

/** Writes rules and generates with them. What cannot be generated is taken back: where several rules were written, each is tried alone. */
async function writeAndGenerate(
  rules: readonly PendingRule[],
  { run, context }: { readonly run: CheckRun; readonly context: CommandContext },
): Promise<Written> {
  const writable = rules.map((rule) => ({ rule, why: addRule(run.folder, rule.rule) }));
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
    const alone = await writeAndGenerate([rule], { run, context });
    generated.push(...alone.generated);
    refused.push(...alone.refused);
  }
  return { generated, refused };
}

/** Null: it went well; else why not. */
async function generateWith(
  rules: readonly PendingRule[],
  { run, context }: { readonly run: CheckRun; readonly context: CommandContext },
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
async function withoutObstacles(
  rules: readonly PendingRule[],
  { run, context }: { readonly run: CheckRun; readonly context: CommandContext },
): Promise<readonly AppliedRule[]> {
  const applied: AppliedRule[] = [];
  const { packages } = await readCheckedRepository(run.folder);
  const names = await run.names();
  const attributesOf = (project: string): readonly string[] => [
    ...packages.flatMap((one) => (one.project === project && one.attribute !== null ? [one.attribute] : [])),
    names.attributeOf(project)?.attribute ?? project,
  ];
  for (const rule of rules) {
    const { proposal } = rule;
    const outranking = await outrankingRules(run.folder, rule.rule, context);
    const remarks = outranking.map(
      (each) =>
        `${ruleTitle(each)} (line ${each.line}) says otherwise and would undo it: the rules of overrides/ are now given last; take that rule out, or end your command line with --overrides and overrides/ of this folder`,
    );
    applied.push({ ...rule, remarks, yielded: yieldEdits(run.folder, proposal, attributesOf) });
  }
  const edited = applied.filter(({ yielded }) => yielded !== null);
  if (edited.length > 0) await regeneratePackages(run.folder, projectsOf(edited), context);
  return applied;
}

function projectsOf(rules: readonly PendingRule[]): ReadonlySet<string> {
  return new Set(rules.map(({ proposal }) => proposal.project));
}

function isFirstOfPackage(rule: PendingRule, at: number, rules: readonly PendingRule[]): boolean {
  return rules.findIndex(({ failing }) => failing === rule.failing) === at;
}

/** Whether the package still fails for the same reason, or does not even evaluate any more. */
function stillThere({ failing, finding }: PendingRule, packages: readonly CheckedPackage[]): boolean {
  const key = findingKey(finding);
  return packages.some(
    ({ project, outcome, explained }) =>
      project === failing &&
      outcome.kind === 'failed' &&
      (outcome.step !== 'build' || explained.some((one) => findingKey(one.finding) === key)),
  );
}

/** What a package waits for that could not be tried, because others failed; empty: it was tried. */
function needsAnother({ failing }: PendingRule, packages: readonly CheckedPackage[]): readonly string[] {
  const waiting = packages.flatMap(({ project, outcome }) =>
    project === failing && outcome.kind === 'needs' ? outcome.names : [],
  );
  return sortedUnique(waiting);
}

function openRule(rule: AppliedRule, packages: readonly CheckedPackage[]): TriedRule {
  const why = `${rule.failing} needs ${joinWords(needsAnother(rule, packages))}, which failed`;
  return { ...triedRule(rule, why), outcome: 'open' };
}

function triedRule(rule: PendingRule & Partial<AppliedRule>, why: string | null): TriedRule {
  const { proposal, finding, yielded, remarks = [] } = rule;
  const { project } = proposal;
  const edits = yielded === undefined || yielded === null || why !== null ? [] : [yielded.text];
  return {
    project,
    file: overrideFileOf(project),
    text: proposalText(proposal),
    because: findingText(finding),
    outcome: why === null ? 'helped' : 'taken back',
    why,
    remarks: [...edits, ...remarks],
  };
}
