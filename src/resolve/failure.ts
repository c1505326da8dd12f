import { oneLine } from '../base/text.ts';
import { formatMarker } from '../pep/marker.ts';
import { formatSpecifierSet } from '../pep/specifier.ts';
import { complementOf, intersectionOf, isEmptyRange, rangeHas, type VersionRange } from '../pep/version-range.ts';
import type { Listing } from './candidates.ts';
import type { DerivationTree, FailureCause, FailureTerm } from './derivation-tree.ts';
import { passedOverHints, unknownProjectHint, unknownProjectText, unusableFilesHint } from './hints.ts';
import type { Incompatibility } from './incompatibility.ts';
import { targetsWithout } from './narrower-targets.ts';
import type { Package } from './package.ts';
import { rangeText } from './range-text.ts';
import { scopeRequirement } from './scope.ts';
import type { Proof } from './search.ts';
import { isNever, requires, type Term } from './term.ts';
import type { World } from './world.ts';

/**
 * The proof as data for a report: ranges as texts, causes with the hints that belong to them, and without steps that go
 * without saying. Waits for the releases of all projects in it, so that the text never depends on which came in time.
 */
export async function derivationTree(proof: Proof, world: World): Promise<DerivationTree> {
  const listings = await listingsOf(proof, world);
  const made = new Map<Incompatibility, DerivationTree | null>();
  const plain = new Map<FailureTerm, string>();
  // Not recursive: a long search makes a proof that is deeper than the stack.
  const open: Incompatibility[] = [proof];
  for (let fact = open.at(-1); fact !== undefined; fact = open.at(-1)) {
    const { cause } = fact;
    if (cause.kind === 'conflict') {
      const untold = [cause.right, cause.left].filter((reason) => !made.has(reason));
      open.push(...untold);
      if (untold.length > 0) continue;
    }
    made.set(fact, treeOf(fact, made, { ...world, listings, plain }));
    open.pop();
  }
  const tree = made.get(proof);
  if (tree == null) throw new Error('the proof says nothing');
  return tree;
}

interface KnownWorld extends World {
  /** The projects of the proof that an index has. */
  readonly listings: ReadonlyMap<string, Listing>;
  /** Ranges as they follow from the proof, for terms that tell theirs as somebody wrote it. */
  readonly plain: Map<FailureTerm, string>;
}

async function listingsOf(proof: Proof, world: World): Promise<Map<string, Listing>> {
  const names = new Set<string>();
  const seen = new Set<Incompatibility>([proof]);
  for (const { cause, terms } of seen) {
    for (const { package: subject } of terms) if (subject.kind !== 'root') names.add(subject.name);
    if (cause.kind === 'conflict') seen.add(cause.left).add(cause.right);
  }
  const listings = new Map<string, Listing>();
  for (const name of names) {
    // A project that the proof only mentions may be out of reach; its ranges are then told as they are.
    const listing = await world.listing(name).catch(() => null);
    if (listing !== null) listings.set(name, listing);
  }
  return listings;
}

// Null for what goes without saying, such as that an extra comes with its project.
function treeOf(
  fact: Incompatibility,
  made: ReadonlyMap<Incompatibility, DerivationTree | null>,
  world: KnownWorld,
): DerivationTree | null {
  const said = termsToSay(fact.terms);
  const terms = said.map((term) => failureTerm(term, fact, world));
  const { cause } = fact;
  if (cause.kind !== 'conflict') {
    return said.some(isNever) ? null : { kind: 'fact', terms, cause: failureCause(fact, world) };
  }
  const left = made.get(cause.left) ?? null;
  const right = made.get(cause.right) ?? null;
  if (left === null || right === null) return left ?? right;
  // With ranges told by the versions that exist, it may say nothing new that there are no others.
  if (isPlainNoVersions(left) && sameTerms(right.terms, terms, world)) return right;
  if (isPlainNoVersions(right) && sameTerms(left.terms, terms, world)) return left;
  return { kind: 'derived', terms, left, right };
}

/**
 * The terms in the view of a reader, for whom `celery[redis]` is `celery` with something added: what is said of the
 * project is said of the extra where both occur.
 */
function termsToSay(terms: readonly Term[]): Term[] {
  const extras = terms.filter(({ package: subject, positive }) => subject.kind === 'extra' && positive);
  if (extras.length === 0) return [...terms];
  const isMerged = (subject: Package): boolean =>
    subject.kind === 'project' && extras.some((extra) => extra.package.name === subject.name);
  return terms
    .filter((term) => !isMerged(term.package))
    .map((term) => {
      if (!extras.includes(term)) return term;
      const project = terms.find(({ package: subject }) => isMerged(subject) && subject.name === term.package.name);
      if (project === undefined) return term;
      const range = project.positive ? project.range : complementOf(project.range);
      return requires(term.package, intersectionOf(term.range, range));
    });
}

function failureTerm(term: Term, { cause }: Incompatibility, world: KnownWorld): FailureTerm {
  const { package: subject, positive, range } = term;
  const listing = world.listings.get(subject.name) ?? null;
  const told = rangeText(range, listing?.versions ?? null);
  const isRequirement = cause.kind === 'dependency' && !positive;
  const made: FailureTerm = {
    package: subject.label,
    project: subject.name,
    positive,
    range: isRequirement ? oneLine(formatSpecifierSet(cause.requirement.specifier)) : told.text,
    exact: told.exact,
    candidates: listing === null ? null : candidatesIn(listing, range),
  };
  world.plain.set(made, told.text);
  return made;
}

function candidatesIn(listing: Listing, range: VersionRange): string[] {
  return listing.candidates.filter((version) => rangeHas(range, version)).map(({ text }) => text);
}

function failureCause({ cause, terms }: Incompatibility, world: KnownWorld): FailureCause {
  const [first] = terms;
  const name = first?.package.name ?? '';
  switch (cause.kind) {
    case 'dependency': {
      const scoped = scopeRequirement(cause.requirement, world.targets, cause.extra === '' ? [] : [cause.extra]);
      const marker = scoped?.marker ?? null;
      if (marker === null) return { kind: 'dependency', marker: null };
      const without = targetsWithout(marker, world.targets, cause.extra);
      return { kind: 'dependency', marker: oneLine(formatMarker(marker)), without };
    }
    case 'constraint':
      return { kind: 'constraint', allowed: allowedText(first) };
    case 'fixed': {
      const by = world.request.fixedBy?.(name);
      return { kind: 'fixed', allowed: allowedText(first), ...(by === undefined ? {} : { by: oneLine(by) }) };
    }
    case 'no-versions':
      return { kind: 'no-versions', hints: first === undefined ? [] : noVersionHints(name, first.range, world) };
    case 'no-project': {
      const hints = [unknownProjectHint(name, world.request.similarNames?.(name) ?? [])];
      return { kind: 'no-project', hints, clause: unknownProjectText(name, world.request.indexes ?? []) };
    }
    case 'root':
      return { kind: 'root' };
    case 'extra':
    case 'conflict':
      throw new Error(`${cause.kind} is no fact to tell`);
  }
}

// What is left of the versions of a project.
function allowedText(term: Term | undefined): string {
  const allowed = term === undefined ? null : complementOf(term.range);
  return allowed === null || isEmptyRange(allowed) ? '' : rangeText(allowed, null).text;
}

function noVersionHints(name: string, range: VersionRange, world: KnownWorld): string[] {
  const listing = world.listings.get(name);
  if (listing === undefined) return [];
  // Old kinds of archives are the answer where there is nothing else.
  const unusable =
    listing.versions.length > 0 ? null : unusableFilesHint(name, world.request.unusableFiles?.(name) ?? []);
  return [
    ...passedOverHints(listing, range),
    ...[unusable, addressHint(listing, world)].filter((hint) => hint !== null),
  ];
}

// One address is one version, whatever an index has. The address itself is not told: it may hold credentials.
function addressHint({ name, versions }: Listing, { requirements }: World): string | null {
  const [only] = versions;
  const isAddressed = requirements.some((requirement) => requirement.name === name && requirement.url !== null);
  return isAddressed && only !== undefined ? `${name} is ${only.text} at the address that the request names` : null;
}

function isPlainNoVersions(tree: DerivationTree): boolean {
  return tree.kind === 'fact' && tree.cause.kind === 'no-versions' && tree.cause.hints.length === 0;
}

function sameTerms(a: readonly FailureTerm[], b: readonly FailureTerm[], { plain }: KnownWorld): boolean {
  const key = (term: FailureTerm): string => `${term.positive} ${term.package} ${plain.get(term) ?? term.range}`;
  const known = new Set(a.map(key));
  return a.length === b.length && b.every((term) => known.has(key(term)));
}
