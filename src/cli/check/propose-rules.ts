import { joinWords } from '../../base/text.ts';
import type { CheckedPackage, Explained } from '../../check/check-result.ts';
import type { Finding } from '../../check/finding.ts';
import { type Proposal, proposalKey } from '../../check/proposal.ts';
import { type RuleOfProject, ruleOfProposal } from './rule-files.ts';

/** How often a package is tried again with other rules. */
const MOST_TRIES = 5;

/** A rule that was written and is yet to be judged. */
export interface PendingRule {
  readonly proposal: Proposal;
  readonly finding: Finding;
  /** The package that failed, which need not be the one that the rule is for. */
  readonly failing: string;
  /** As it is added to the file. */
  readonly rule: RuleOfProject;
  /** What is to be told with it, a sentence without final full stop. */
  readonly note?: string;
}

/** The rules to try now: the first of each finding that has not been tried, and tests only where nothing else is to be done. */
export function proposeRules(
  packages: readonly CheckedPackage[],
  { known, tries }: { readonly known: Set<string>; readonly tries: ReadonlyMap<string, number> },
): readonly PendingRule[] {
  return packages.flatMap((one) => {
    if (one.outcome.kind !== 'failed' || (tries.get(one.project) ?? 0) >= MOST_TRIES) return [];
    const inputs = rulesFor(one, known, ({ finding: { cause } }) => cause.kind !== 'tests' && cause.kind !== 'removed');
    if (inputs.length > 0) return inputs;
    const removed = removalsToTry(one, known, { isLast: (tries.get(one.project) ?? 0) === MOST_TRIES - 1 });
    return removed.length > 0 ? removed : rulesFor(one, known, ({ finding }) => finding.cause.kind === 'tests');
  });
}

/**
 * Of several inputs that were taken out, and of which the log does not tell which one is missed, one comes back after the other, and only when none alone makes a difference all together. What
 * an expression does not even evaluate without comes back at once.
 */
function removalsToTry(
  one: CheckedPackage,
  known: Set<string>,
  { isLast }: { readonly isLast: boolean },
): readonly PendingRule[] {
  const removed = one.explained.filter(({ finding }) => finding.cause.kind === 'removed');
  if (one.outcome.kind === 'failed' && one.outcome.step !== 'build') return rulesFor(one, known, isAmong(removed));
  const single = isLast && removed.length > 1 ? undefined : removed.find((each) => isUntried(each, known));
  if (single !== undefined) return rulesFor(one, known, isAmong([single]));
  const together = JSON.stringify(['together', one.project, removed.map(({ text }) => text)]);
  if (removed.length < 2 || known.has(together)) return [];
  known.add(together);
  const names = joinWords(removed.flatMap(({ finding: { cause } }) => (cause.kind === 'removed' ? [cause.name] : [])));
  const note = `none of ${names} made a difference alone, so all came back: some of them may not be needed`;
  return rulesFor(one, new Set(), isAmong(removed)).map((rule) => ({ ...rule, note }));
}

function isAmong(some: readonly Explained[]): (one: Explained) => boolean {
  return (one) => some.includes(one);
}

function isUntried({ proposals }: Explained, known: ReadonlySet<string>): boolean {
  return proposals.some(({ proposal }) => !known.has(proposalKey(proposal)));
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
