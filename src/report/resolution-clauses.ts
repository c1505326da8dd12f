import { joinWords } from '../base/text.ts';
import type { DerivationTree, FailureCause, FailureTerm } from '../resolve/derivation-tree.ts';

export type Derived = Extract<DerivationTree, { readonly kind: 'derived' }>;
export type Fact = Extract<DerivationTree, { readonly kind: 'fact' }>;

type DependencyCause = Extract<FailureCause, { readonly kind: 'dependency' }>;

/** Something that is said as a reason: a node, the step that it is a reason for, and the number of the line that proved it. */
export interface Reason {
  readonly node: DerivationTree;
  readonly step: Derived;
  readonly line?: number | undefined;
}

/** What the node says, as a clause without a full stop: `foo 1.0 depends on bar>=2`. */
export function clauseOf(node: DerivationTree): string {
  return node.kind === 'fact' ? factClause(node) : termsClause(node.terms);
}

/** The same as a reason, with the line where it was proved: `foo 1.0 requires bar>=2 (1)`. */
export function reasonClause({ node, step, line }: Reason): string {
  const clause = node.kind === 'fact' ? (noOtherVersion(node, step) ?? factClause(node)) : termsClause(node.terms);
  return clause + lineMark(line);
}

/** Two reasons as one clause, drawn together where one leads to the other. */
export function bothClauses(a: Reason, b: Reason): string {
  const drawn = needsBoth(a, b) ?? needsThrough(a, b) ?? needsThrough(b, a) ?? limitsBoth(a.node, b.node);
  if (drawn !== null) return drawn;
  const [first, second] = saysNeed(b.node) && !saysNeed(a.node) ? [b, a] : [a, b];
  return `${reasonClause(first)} and ${reasonClause(second)}`;
}

function factClause({ terms, cause }: Fact): string {
  const [first, second] = terms;
  const name = first?.package ?? '';
  switch (cause.kind) {
    case 'root':
      return 'the request has to be met';
    case 'dependency':
      return needClause(first, second === undefined ? [] : [second], cause);
    case 'constraint':
      return cause.allowed === ''
        ? `your constraints allow no ${name}`
        : `your constraints allow only ${name}${cause.allowed}`;
    case 'fixed':
      return `${cause.by ?? 'an earlier step'} fixed ${name}${cause.allowed}`;
    case 'no-versions':
      if (first !== undefined && ONLY_EXCLUSIONS.test(first.range)) return `no other version of ${name} can be used`;
      return first === undefined || first.range === ''
        ? `${name} has no version that can be used`
        : `no version of ${name} matches ${first.range}`;
    case 'no-project':
      return cause.clause ?? `no index has a project ${name}`;
  }
}

// What is excluded are versions that were rejected one by one, and are told beside it.
const ONLY_EXCLUSIONS = /^!=[^,|]+(?:,!=[^,|]+)*$/u;

// When single versions were rejected one by one, what is left to say is that there is no other one.
function noOtherVersion({ terms, cause }: Fact, { terms: conclusion, left, right }: Derived): string | null {
  const name = terms[0]?.project;
  if (cause.kind !== 'no-versions' || name === undefined) return null;
  const isRejected = [left, right].some(
    (reason) =>
      reason.terms !== terms && !isLimit(reason) && positive(reason.terms).some((term) => term.project === name),
  );
  const concluded = conclusion.find((term) => term.positive && term.project === name);
  if (!isRejected || concluded === undefined) return null;
  if (concluded.range === '') return `no other version of ${name} can be used`;
  return `no other version of ${name} matches ${concluded.range}`;
}

// A constraint says nothing about releases.
function isLimit(node: DerivationTree): boolean {
  return node.kind === 'fact' && (node.cause.kind === 'constraint' || node.cause.kind === 'fixed');
}

function termsClause(terms: readonly FailureTerm[]): string {
  const needing = positive(terms);
  const needed = negative(terms);
  if (needing.every((term) => term.package === '') && needed.length === 0) return 'the request cannot be met';
  if (needed.length === 0) {
    const subjects = joinWords(needing.map(subjectText));
    return needing.length === 1 ? `${subjects} cannot be used` : `${subjects} cannot be used together`;
  }
  const objects = joinWords(needed.map(objectText), 'or');
  if (needing.length === 0) return needed.length === 1 ? `${objects} is required` : `one of ${objects} is required`;
  const [only] = needing;
  if (needing.length === 1 && only !== undefined) return needClause(only, needed);
  return `${joinWords(needing.map(subjectText))} together require ${objects}`;
}

function needClause(needing: FailureTerm | undefined, needed: readonly FailureTerm[], cause?: DependencyCause): string {
  if (needing === undefined) return '';
  const objects = joinWords(needed.map(objectText), 'or');
  // A release that needs another version of itself.
  if (needed.length === 0) return `${subjectText(needing)} excludes itself`;
  return `${subjectText(needing)} ${verbOf(needing, cause)} ${objects}${conditionText(cause)}`;
}

// `foo 1.0 depends on both bar>=2 and baz<1`
function needsBoth(a: Reason, b: Reason): string | null {
  const one = singleNeed(a);
  const other = singleNeed(b);
  if (one === null || other === null || !sameTerm(one.needing, other.needing)) return null;
  const need = `${subjectText(one.needing)} ${one.verb === other.verb ? one.verb : verbOf(one.needing)}`;
  // A requirement with an extra is one on the project and one on the extra.
  if (one.needed.project === other.needed.project && one.needed.range === other.needed.range) {
    return `${need} ${one.needed.package.length > other.needed.package.length ? one.object : other.object}`;
  }
  return `${need} both ${one.object} and ${other.object}`;
}

// `foo 1.0 depends on bar>=2 which depends on baz<1`
function needsThrough(a: Reason, b: Reason): string | null {
  const prior = singleNeed(a);
  const latter = singleNeed(b);
  if (prior === null || latter === null || latter.needing.package === '') return null;
  if (!covers(latter.needing, prior.needed)) return null;
  return `${subjectText(prior.needing)} ${prior.verb} ${prior.object} which ${latter.verb} ${latter.object}`;
}

// `your constraints allow only foo<2 and only foo>=3`
function limitsBoth(a: DerivationTree, b: DerivationTree): string | null {
  if (a.kind !== 'fact' || b.kind !== 'fact' || a.cause.kind !== 'constraint' || b.cause.kind !== 'constraint')
    return null;
  const name = b.terms[0]?.package ?? '';
  return b.cause.allowed === '' ? null : `${factClause(a)} and only ${name}${b.cause.allowed}`;
}

interface SingleNeed {
  readonly needing: FailureTerm;
  readonly needed: FailureTerm;
  readonly verb: string;
  /** What is needed, with its condition and line. */
  readonly object: string;
}

function singleNeed({ node, line }: Reason): SingleNeed | null {
  const [needing, ...otherNeeding] = positive(node.terms);
  const [needed, ...otherNeeded] = negative(node.terms);
  if (needing === undefined || needed === undefined || otherNeeding.length > 0 || otherNeeded.length > 0) return null;
  const cause = node.kind === 'fact' && node.cause.kind === 'dependency' ? node.cause : undefined;
  const object = `${objectText(needed)}${conditionText(cause)}${lineMark(line)}`;
  return { needing, needed, verb: verbOf(needing, cause), object };
}

function saysNeed({ terms }: DerivationTree): boolean {
  return negative(terms).length > 0;
}

// A release depends on what it declares, and requires what follows from that.
function verbOf({ package: name }: FailureTerm, cause?: DependencyCause): string {
  if (name === '') return 'require';
  return cause === undefined ? 'requires' : 'depends on';
}

function conditionText(cause?: DependencyCause): string {
  return cause === undefined || cause.marker === null ? '' : ` where ${cause.marker}`;
}

function subjectText(term: FailureTerm): string {
  if (term.package === '') return 'you';
  return term.exact === null ? objectText(term) : `${term.package} ${term.exact}`;
}

function objectText({ package: name, range }: FailureTerm): string {
  return range.includes(' | ') ? `${name} (${range})` : `${name}${range}`;
}

function positive(terms: readonly FailureTerm[]): FailureTerm[] {
  return terms.filter((term) => term.positive);
}

function negative(terms: readonly FailureTerm[]): FailureTerm[] {
  return terms.filter((term) => !term.positive);
}

function sameTerm(a: FailureTerm, b: FailureTerm): boolean {
  return a.package === b.package && a.range === b.range;
}

// Whether every version in the range of `inner` is in that of `outer`.
function covers(outer: FailureTerm, inner: FailureTerm): boolean {
  if (outer.package !== inner.package) return false;
  if (outer.range === '' || outer.range === inner.range) return true;
  if (outer.candidates === null || inner.candidates === null) return false;
  const all = new Set(outer.candidates);
  return inner.candidates.length > 0 && inner.candidates.every((version) => all.has(version));
}

function lineMark(line: number | undefined): string {
  return line === undefined ? '' : ` (${line})`;
}
