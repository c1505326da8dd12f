import type { Note } from '../../base/note.ts';
import { userErrorsOf } from '../../base/user-error.ts';
import { RELEASES } from '../../nix/dialect.ts';
import { applyOverrides } from '../../overrides/apply.ts';
import { ruleHolds } from '../../overrides/conditions.ts';
import { factLines } from '../../overrides/facts-diff.ts';
import type { LintedFile, LintFinding } from '../../overrides/lint.ts';
import { releaseWithin } from '../../overrides/nixpkgs-bounds.ts';
import type { OverrideRule } from '../../overrides/rule.ts';
import { formatSpecifierSet } from '../../pep/specifier.ts';
import type { OverridesOptions } from '../options/overrides-options.ts';
import type { CommandContext } from '../world.ts';
import { type BeforeRules, readBeforeRules } from './before.ts';

/**
 * The rules without which the others of these files would lead to just the same, for the newest version and the newest release that they are for; other versions
 * that a rule is for are not tried. A rule that cannot be tried is a note.
 */
export async function redundantRules(
  files: readonly LintedFile[],
  { options, context }: { readonly options: OverridesOptions; readonly context: CommandContext },
): Promise<{ readonly findings: readonly LintFinding[]; readonly notes: readonly Note[] }> {
  const read = memoizedReader(options, context);
  const findings: LintFinding[] = [];
  const notes: Note[] = [];
  const all = files.flatMap(({ rules }) => rules);
  for (const { rules, place } of files) {
    for (const rule of rules) {
      const tried = await tryRule(rule, { all, read });
      if (tried.kind === 'redundant')
        findings.push(place({ code: 'redundant', fails: true, rule, path: [], text: tried.text, hint: tried.hint }));
      if (tried.kind === 'not tried') notes.push(notTried(rule, tried.why));
    }
  }
  return { findings, notes };
}

type Tried =
  | { readonly kind: 'needed' }
  | { readonly kind: 'redundant'; readonly text: string; readonly hint: string }
  | { readonly kind: 'not tried'; readonly why: string };

type Read = (requirement: string, release: string | null) => Promise<BeforeRules>;

async function tryRule(
  rule: OverrideRule,
  { all, read }: { readonly all: readonly OverrideRule[]; readonly read: Read },
): Promise<Tried> {
  if (rule.changes.every(({ kind }) => kind === 'format'))
    return { kind: 'not tried', why: 'it only chooses an archive' };
  const release = releaseFor(rule);
  const specifier = rule.when.version === null ? '' : formatSpecifierSet(rule.when.version);
  let before: BeforeRules;
  try {
    before = await read(`${rule.project}${specifier}`, release);
  } catch (thrown) {
    const [error] = userErrorsOf(thrown) ?? [];
    if (error === undefined) throw thrown;
    return { kind: 'not tried', why: error.message.split('\n')[0] ?? error.code };
  }
  const { facts, ruleContext } = before;
  if (!ruleHolds(rule, facts.version, ruleContext))
    return { kind: 'not tried', why: `it does not apply to ${facts.version}, which was chosen` };
  const withRule = factLines(applyOverrides(facts, all, ruleContext));
  const others = all.filter((other) => other !== rule);
  const without = factLines(applyOverrides(facts, others, ruleContext));
  if (withRule.join('\n') !== without.join('\n')) return { kind: 'needed' };
  const alone = factLines(applyOverrides(facts, [rule], ruleContext));
  const isInferred = factLines(facts).join('\n') === alone.join('\n');
  return {
    kind: 'redundant',
    text: `the rule makes no difference to ${rule.project} ${facts.version}`,
    hint: isInferred
      ? 'what the release says leads to the same: take the rule away, or limit it to the versions that need it'
      : 'the other rules lead to the same: take the rule away',
  };
}

/** Null, the form of all current releases, where the rule is for it; else the newest release that it is for. */
function releaseFor({ when }: OverrideRule): string | null {
  const { nixpkgs } = when;
  if (nixpkgs === null || releaseWithin(nixpkgs, null)) return null;
  return RELEASES.findLast((release) => releaseWithin(nixpkgs, release)) ?? null;
}

function memoizedReader({ reading }: OverridesOptions, context: CommandContext): Read {
  const known = new Map<string, Promise<BeforeRules>>();
  return (requirement, release) => {
    const key = JSON.stringify([requirement, release]);
    const found = known.get(key) ?? readBeforeRules(requirement, { ...reading, release }, withoutNotes(context));
    known.set(key, found);
    return found;
  };
}

/** Notes of a release that is only read to be compared are not about the rules. */
function withoutNotes(context: CommandContext): CommandContext {
  return { ...context, notes: [] };
}

function notTried(rule: OverrideRule, why: string): Note {
  return {
    kind: 'unknown',
    text: `rule ${rule.number} was not tried: ${why}`,
    project: rule.project,
    file: rule.file,
    line: rule.line,
  };
}
