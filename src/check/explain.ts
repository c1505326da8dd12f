import type { Explained } from './check-result.ts';
import { explainLog } from './explain-log.ts';
import type { Finding, Stage } from './finding.ts';
import { adviceText, findingText } from './finding-text.ts';
import { proposalText } from './proposal.ts';
import { type ProposeContext, proposalsFor } from './propose.ts';

/**
 * The findings of a log with what would help. `context` null: nothing is proposed, because no rule of the repository changes what failed. `otherwise`: the part of the build
 * where the log tells none.
 */
export function explain(
  log: string,
  { context, otherwise }: { readonly context: ProposeContext | null; readonly otherwise: Stage },
): readonly Explained[] {
  return explainLog(log, { otherwise }).map((finding) => explained(finding, context));
}

/** A finding with its texts, and what would help; `context` as in {@link explain}. */
export function explained(finding: Finding, context: ProposeContext | null): Explained {
  return {
    finding,
    text: findingText(finding),
    advice: adviceText(finding),
    proposals: (context === null ? [] : proposalsFor(finding, context)).map((proposal) => ({
      proposal,
      text: proposalText(proposal),
    })),
  };
}
