import { formatMarker } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import { ANY_VERSION, intersectionOf, isEmptyRange, isSubsetOf, rangeOfSpecifiers } from '../pep/version-range.ts';
import type { RuleFinding } from './lint.ts';
import { entryName } from './list-entry.ts';
import { releaseWithin } from './nixpkgs-bounds.ts';
import { describeChange, entryText } from './record-change.ts';
import type { Change, ListVerb, OverrideRule } from './rule.ts';
import { isTable } from './rule-values.ts';

/** One thing that a rule says: that an attribute has a value, or an entry is in a list or not. */
interface Statement {
  readonly rule: OverrideRule;
  readonly path: readonly (string | number)[];
  /** Statements with the same subject can get in each other's way. */
  readonly subject: string;
  readonly verb: ListVerb | 'set';
  readonly value: string;
  /** How messages call it. */
  readonly shown: string;
}

/**
 * Rules of one file that say the same twice, or get in each other's way where both apply. Two ways of writing are no findings: a rule for part of what an
 * earlier one is for may say something else, which is an exception; and rules of different folders may differ, which is what folders are for.
 */
export function overlaps(
  rules: readonly OverrideRule[],
  { tables, releases }: { readonly tables: readonly unknown[]; readonly releases: readonly string[] },
): RuleFinding[] {
  const earlier = new Map<string, Statement[]>();
  const findings: RuleFinding[] = [];
  for (const rule of rules) {
    for (const statement of rule.changes.flatMap((change) => statementsOf(rule, change, tables[rule.number - 1]))) {
      const before = earlier.get(statement.subject) ?? [];
      const found = firstVerdict(before, statement, releases);
      if (found !== null) findings.push(found);
      earlier.set(statement.subject, [...before.slice(-MOST_COMPARED), statement]);
    }
  }
  return findings;
}

function firstVerdict(
  before: readonly Statement[],
  statement: Statement,
  releases: readonly string[],
): RuleFinding | null {
  for (const other of before) {
    const found = verdict(other, statement, releases);
    if (found !== null) return found;
  }
  return null;
}

/** A file in which more rules speak of one thing is nobody's honest work, and comparing all pairs would take too long. */
const MOST_COMPARED = 50;

function statementsOf(rule: OverrideRule, change: Change, table: unknown): Statement[] {
  const { attribute, verb, entries } = describeChange(change);
  const base = { rule, verb } as const;
  switch (change.kind) {
    case 'inputs':
    case 'extra': {
      const path =
        change.kind === 'inputs' ? [change.list] : ['optional-dependencies', writtenExtra(table, change.extra)];
      const whole = {
        ...base,
        path: [...path, verb],
        subject: `list ${attribute}`,
        value: entries.join('\n'),
        shown: attribute,
      };
      const each = change.entries.map((entry, index) => ({
        ...base,
        path: [...path, verb, index],
        subject: `${attribute} ${entry.kind} ${entryName(entry)}`,
        value: entryText(entry),
        shown: `${attribute}: ${entryName(entry)}`,
      }));
      return [whole, ...each];
    }
    case 'texts': {
      const isWhole = isTable(table) && Array.isArray(table[change.list]);
      const path = isWhole ? [change.list] : [change.list, verb];
      const whole = { ...base, path, subject: `list ${attribute}`, value: entries.join('\n'), shown: attribute };
      const each = change.entries.map((value, index) => ({
        ...base,
        path: isWhole ? [change.list, index] : [change.list, verb, index],
        subject: `${attribute} ${value}`,
        value,
        shown: `${attribute}: ${value}`,
      }));
      return [whole, ...each];
    }
    default:
      return [
        {
          ...base,
          path: change.kind === 'env' ? ['env', change.name] : [attribute],
          subject: attribute,
          value: entries.join('\n'),
          shown: attribute,
        },
      ];
  }
}

/** The extra as the file spells it. */
function writtenExtra(table: unknown, extra: string): string {
  const extras = isTable(table) ? table['optional-dependencies'] : undefined;
  const keys = isTable(extras) ? Object.keys(extras) : [];
  return keys.find((key) => normalizeName(key) === extra) ?? extra;
}

function verdict(earlier: Statement, later: Statement, releases: readonly string[]): RuleFinding | null {
  const finding = (code: 'overlap' | 'duplicate', text: string, hint: string): RuleFinding => ({
    code,
    fails: true,
    rule: later.rule,
    path: later.path,
    text,
    hint,
  });
  const isSame = earlier.value === later.value;
  // A whole list takes away whatever rules before it said of the list; other verbs are judged entry by entry.
  if (
    later.subject.startsWith('list ')
      ? later.verb !== 'replace'
      : later.verb === 'replace' && earlier.rule !== later.rule
  )
    return null;
  if (earlier.rule === later.rule) {
    if (earlier.verb !== later.verb || !isSame) return null;
    return finding('duplicate', `the rule says it twice (${later.shown})`, 'write it once');
  }
  if (!canMeet(earlier.rule, later.rule, releases)) return null;
  const rule = `rule ${earlier.rule.number} (line ${earlier.rule.line})`;
  if (earlier.verb === later.verb && isSame)
    return finding(
      'duplicate',
      `${rule} says the same where both apply (${later.shown})`,
      'make one rule of both, or limit them',
    );
  // Extras and bounds of additions are joined.
  if (later.verb !== 'set' && later.verb !== 'replace' && (earlier.verb === 'remove') === (later.verb === 'remove'))
    return null;
  if (isException(later.rule, earlier.rule, releases)) return null;
  return finding(
    'overlap',
    `${rule} says something else where both apply (${later.shown})`,
    'limit one of them with `when`, so that it is clear which one holds',
  );
}

function canMeet(a: OverrideRule, b: OverrideRule, releases: readonly string[]): boolean {
  const versions = intersectionOf(versionsOf(a), versionsOf(b));
  return !isEmptyRange(versions) && releases.some((release) => isFor(a, release) && isFor(b, release));
}

/** Whether a rule is for less than another one, and nothing besides. */
function isException(narrow: OverrideRule, wide: OverrideRule, releases: readonly string[]): boolean {
  const marker = wide.when.marker === null || markerOf(wide) === markerOf(narrow);
  const isWithin =
    marker &&
    isSubsetOf(versionsOf(narrow), versionsOf(wide)) &&
    releases.every((release) => !isFor(narrow, release) || isFor(wide, release));
  if (!isWithin) return false;
  const isSame =
    markerOf(wide) === markerOf(narrow) &&
    isSubsetOf(versionsOf(wide), versionsOf(narrow)) &&
    releases.every((release) => isFor(narrow, release) === isFor(wide, release));
  return !isSame;
}

function versionsOf({ when }: OverrideRule): typeof ANY_VERSION {
  return when.version === null ? ANY_VERSION : rangeOfSpecifiers(when.version);
}

function isFor({ when }: OverrideRule, release: string): boolean {
  return when.nixpkgs === null || releaseWithin(when.nixpkgs, release);
}

function markerOf({ when }: OverrideRule): string {
  return when.marker === null ? '' : formatMarker(when.marker);
}
