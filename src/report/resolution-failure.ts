import { joinWords, sortedUnique } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import type { DerivationTree } from '../resolve/derivation-tree.ts';
import { bothClauses, clauseOf, type Derived, type Reason, reasonClause } from './resolution-clauses.ts';

/** How many steps of a derivation are told. Nobody reads more, and a hopeless search can make thousands. */
const STEPS_TOLD = 30;

/**
 * Why a request cannot be met, in sentences: one line a step, in the order of the proof. A line has a number only when a
 * later one refers to it. Ends without a line break. The way of telling is that of Dart's pub (doc/solver.md, "Error
 * reporting"), see docs/resolver.md, "Explanations".
 */
export function formatResolutionFailure(failure: DerivationTree): string {
  return failure.kind === 'fact' ? `Because ${clauseOf(failure)}, the request cannot be met.` : tell(failure);
}

/** The failure as an error for the user: E_UNSATISFIABLE with the sentences as its message and the hints as its hint. */
export function resolutionFailureError(failure: DerivationTree): UserError {
  const hints = resolutionFailureHints(failure);
  const message = formatResolutionFailure(failure);
  return new UserError('E_UNSATISFIABLE', message, hints.length === 0 ? {} : { hint: hints.join('; ') });
}

/** What the user can do about the failure, whole sentences without final full stop, sorted. */
export function resolutionFailureHints(failure: DerivationTree): string[] {
  const hints: string[] = [];
  const seen = new Set<DerivationTree>([failure]);
  let depends = false;
  const narrower = new Set<string>();
  for (const node of seen) {
    if (node.kind === 'derived') {
      seen.add(node.left).add(node.right);
      continue;
    }
    if (node.cause.kind === 'no-versions' || node.cause.kind === 'no-project') hints.push(...node.cause.hints);
    if (node.cause.kind !== 'dependency' || node.cause.marker === null) continue;
    depends = true;
    if (node.cause.without != null) narrower.add(node.cause.without);
  }
  return [...sortedUnique(hints), ...(depends ? [fewerTargetsHint(sortedUnique(narrower))] : [])];
}

function fewerTargetsHint(options: readonly string[]): string {
  const how = options.length === 0 ? 'with --python and --platform' : `for example with ${joinWords(options, 'or')}`;
  return `one version is chosen for all targets: with fewer targets there may be one, ${how}`;
}

interface Line {
  readonly text: string;
  readonly number: number | undefined;
}

interface Story {
  readonly lines: Line[];
  readonly numbers: Map<Derived, number>;
  /** Steps that are told. Others are stated without proof. */
  readonly told: ReadonlySet<Derived>;
  /** How often a step is used as a reason. */
  readonly uses: ReadonlyMap<DerivationTree, number>;
}

function tell(root: Derived): string {
  const { steps, uses } = survey(root);
  const told = new Set(steps.slice(0, STEPS_TOLD));
  const story: Story = { lines: [], numbers: new Map(), told, uses };
  visit(root, story, false);
  const left = steps.length - told.size;
  const width = Math.max(0, ...[...story.numbers.values()].map((number) => `(${number}) `.length));
  const lines = story.lines.map(({ text, number }) => {
    const mark = number === undefined ? '' : `(${number}) `;
    return text === '' ? '' : mark.padEnd(width) + text;
  });
  if (left > 0) lines.push(`${left} earlier steps of the proof are not told.`);
  return lines.join('\n');
}

// All steps, those near the conclusion first.
function survey(root: Derived): { steps: Derived[]; uses: Map<DerivationTree, number> } {
  const uses = new Map<DerivationTree, number>();
  const steps = new Set<Derived>([root]);
  for (const { left, right } of steps) {
    for (const reason of [left, right]) {
      uses.set(reason, (uses.get(reason) ?? 0) + 1);
      if (reason.kind === 'derived') steps.add(reason);
    }
  }
  return { steps: [...steps], uses };
}

// Writes the proof of a step: of its reasons first where they need one, then the step itself.
function visit(step: Derived, story: Story, isReferred: boolean): void {
  const left = provable(step.left, story);
  const right = provable(step.right, story);
  const numbered = isReferred || (story.uses.get(step) ?? 0) > 1;
  const write = (reasons: string): void => writeLine(step, `${reasons}, ${clauseOf(step)}.`, numbered, story);
  if (left !== null && right !== null) writeFromTwo(step, left, right, story, write);
  else if (left !== null) writeFromOne(step, left, step.right, story, write);
  else if (right !== null) writeFromOne(step, right, step.left, story, write);
  else write(`Because ${bothClauses({ node: step.left, step }, { node: step.right, step })}`);
}

function writeFromTwo(step: Derived, left: Derived, right: Derived, story: Story, write: Write): void {
  const leftLine = story.numbers.get(left);
  const rightLine = story.numbers.get(right);
  if (leftLine !== undefined && rightLine !== undefined) {
    write(`Because ${bothClauses({ node: left, step, line: leftLine }, { node: right, step, line: rightLine })}`);
    return;
  }
  if (leftLine !== undefined || rightLine !== undefined) {
    const [known, unknown] = leftLine !== undefined ? [left, right] : [right, left];
    visit(unknown, story, false);
    write(`And because ${reasonClause({ node: known, step, line: leftLine ?? rightLine })}`);
    return;
  }
  const [simple, complex] = isSimple(left, story) ? [left, right] : [right, left];
  if (isSimple(simple, story)) {
    visit(complex, story, false);
    visit(simple, story, false);
    write('Thus');
    return;
  }
  visit(left, story, true);
  story.lines.push({ text: '', number: undefined });
  visit(right, story, false);
  write(`And because ${reasonClause({ node: left, step, line: story.numbers.get(left) })}`);
}

function writeFromOne(step: Derived, derived: Derived, fact: DerivationTree, story: Story, write: Write): void {
  const reason: Reason = { node: fact, step };
  const line = story.numbers.get(derived);
  if (line !== undefined) {
    write(`Because ${bothClauses(reason, { node: derived, step, line })}`);
    return;
  }
  const collapsed = collapsible(derived, story);
  if (collapsed === null) {
    visit(derived, story, false);
    write(`And because ${reasonClause(reason)}`);
    return;
  }
  visit(collapsed.derived, story, false);
  write(`And because ${bothClauses({ node: collapsed.fact, step: derived }, reason)}`);
}

type Write = (reasons: string) => void;

// A step from a fact and a step, which nothing else needs, goes into the line of the step that it leads to.
function collapsible(step: Derived, story: Story): { derived: Derived; fact: DerivationTree } | null {
  if ((story.uses.get(step) ?? 0) > 1) return null;
  const left = provable(step.left, story);
  const right = provable(step.right, story);
  if ((left === null) === (right === null)) return null;
  const [derived, fact] = left !== null ? [left, step.right] : [right, step.left];
  return derived === null || story.numbers.has(derived) ? null : { derived, fact };
}

// One line is enough for its proof.
function isSimple(step: Derived, story: Story): boolean {
  return provable(step.left, story) === null && provable(step.right, story) === null;
}

function provable(node: DerivationTree, { told }: Story): Derived | null {
  return node.kind === 'derived' && told.has(node) ? node : null;
}

function writeLine(step: Derived, text: string, numbered: boolean, { lines, numbers }: Story): void {
  const number = numbered ? numbers.size + 1 : undefined;
  if (number !== undefined) numbers.set(step, number);
  lines.push({ text, number });
}
