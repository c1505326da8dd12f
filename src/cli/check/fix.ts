import { joinWords, sortedUnique } from '../../base/text.ts';
import type { CheckedPackage, TriedRule } from '../../check/check-result.ts';
import { findingKey } from '../../check/finding.ts';
import { findingText } from '../../check/finding-text.ts';
import { proposalText } from '../../check/proposal.ts';
import type { CommandContext } from '../world.ts';
import { type AppliedRule, projectsOf, type Repairing, withoutObstacles, writeAndGenerate } from './apply-rules.ts';
import { restoreEdits } from './hand-edits.ts';
import { Interrupted } from './interrupt.ts';
import { type PendingRule, proposeRules } from './propose-rules.ts';
import { regeneratePackages } from './regenerate.ts';
import { overrideFileOf, takeBack } from './rule-files.ts';
import { type CheckRun, runCheck } from './run.ts';
import { endTrial, type Trial, withTrial } from './trial.ts';

/** What repairing came to. */
interface Repaired {
  readonly packages: readonly CheckedPackage[];
  readonly tried: readonly TriedRule[];
}

/**
 * Repairs what fails: writes the most probable rule for each finding to overrides/ of the repository, generates again, and tries again. A rule whose finding comes back did
 * not help and is taken back; a rule is tried once. Gives the packages as they are at the end, and what was done. When it cannot go on, what is not judged is taken back.
 *
 * Throws UserError for a repository that cannot be generated again at all, E_CANNOT_WRITE (exit 73) for an override file, E_LOCKED (exit 73) while another run repairs here, and Interrupted.
 */
export async function fixPackages(
  first: readonly CheckedPackage[],
  run: CheckRun,
  context: CommandContext,
): Promise<Repaired> {
  return await withTrial(run.folder, async (keepTrial) => {
    let trial: Trial = { rules: [], edits: [] };
    const keep: Repairing['keep'] = (rules) => {
      const edits = rules.flatMap(({ yielded }) => (yielded === undefined || yielded === null ? [] : [yielded]));
      trial = { rules: rules.map(({ rule }) => rule), edits };
      keepTrial(trial);
    };
    try {
      return await repair(first, { run, context, keep });
    } catch (thrown) {
      if (!(thrown instanceof Interrupted)) {
        await endTrial(run.folder, trial);
        throw thrown;
      }
      run.onProgress({ kind: 'phase', text: 'taking back what is not tried yet' });
      await endTrial(run.folder, trial, (projects) => regeneratePackages(run.folder, projects, context));
      throw thrown;
    }
  });
}

async function repair(first: readonly CheckedPackage[], repairing: Repairing): Promise<Repaired> {
  const { run, context, keep } = repairing;
  const tried: TriedRule[] = [];
  const known = new Set<string>();
  const tries = new Map<string, number>();
  let packages = first;
  let open: readonly AppliedRule[] = [];
  for (;;) {
    const pending = proposeRules(packages, { known, tries });
    if (pending.length === 0) return { packages, tried: [...tried, ...open.map((rule) => openRule(rule, packages))] };
    for (const { failing } of pending.filter(isFirstOfPackage)) tries.set(failing, (tries.get(failing) ?? 0) + 1);
    for (const rule of pending) {
      const text = `${rule.proposal.project}: ${proposalText(rule.proposal)}, because ${findingText(rule.finding)}`;
      run.onProgress({ kind: 'phase', text });
    }
    const stays = open;
    const keepWith: Repairing['keep'] = (rules) => keep([...stays, ...rules]);
    const { generated, refused } = await writeAndGenerate(pending, { run, context, keep: keepWith });
    for (const { rule, why } of refused) tried.push(triedRule(rule, why));
    const applied = await withoutObstacles(generated, { run, context, keep: keepWith });
    packages = await runCheck(run);
    const judged = [...open, ...applied];
    const useless = judged.filter((rule) => stillThere(rule, packages));
    open = judged.filter((rule) => !useless.includes(rule) && needsAnother(rule, packages).length > 0);
    for (const rule of judged) {
      if (!open.includes(rule)) tried.push(triedRule(rule, useless.includes(rule) ? 'it made no difference' : null));
    }
    keep([...open, ...useless]);
    if (useless.length === 0) continue;
    for (const { rule, yielded } of [...useless].reverse()) {
      takeBack(run.folder, rule);
      if (yielded !== null) restoreEdits(run.folder, yielded);
    }
    await regeneratePackages(run.folder, projectsOf(useless), context);
    keep(open);
    packages = await runCheck(run);
  }
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
    file: overrideFileOf(project, rule.rule.folder),
    text: proposalText(proposal),
    because: findingText(finding),
    outcome: why === null ? 'helped' : 'taken back',
    why,
    remarks: [...(rule.note === undefined || why !== null ? [] : [rule.note]), ...edits, ...remarks],
  };
}
