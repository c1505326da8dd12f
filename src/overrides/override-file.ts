import * as v from 'valibot';
import { caretBlock } from '../base/caret.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { readToml, type TextKey, type TextPlace, tomlPlaces } from '../pep/toml-text.ts';
import type { Change, OverrideRule } from './rule.ts';
import { changesOf } from './rule-changes.ts';
import { RULE_SCHEMA, type RuleTable } from './rule-schema.ts';
import { isTable } from './rule-values.ts';
import { keysBeside, unknownKeys } from './unknown-keys.ts';

/** The text of an override file. */
export interface OverrideText {
  /** As it is shown in messages, for example `overrides/lxml.toml`. */
  readonly file: string;
  /** PEP 503 name of the project that it is about. */
  readonly project: string;
  readonly text: string;
  /** Texts of the patches in the folder NAME beside the file, by file name; missing: nobody looked, so rules may name any and have no text of them. */
  readonly patches?: ReadonlyMap<string, string>;
}

/** A fault of an override file. */
export interface OverrideFault {
  readonly place: TextPlace;
  /** A clause. */
  readonly text: string;
  readonly hint: string | null;
}

/** An override file as far as it could be read. */
export interface ReadOverrideFile {
  /** Without those that have faults. */
  readonly rules: readonly OverrideRule[];
  /** In the order of the text. */
  readonly faults: readonly OverrideFault[];
  /** False: the text is no TOML, so there are no rules. */
  readonly isReadable: boolean;
}

/**
 * The rules of an override file, and each of its faults.
 *
 *     file = { "[[rule]]" attributes }
 *
 * `docs/overrides.md` has the format.
 */
export function parseOverrideFile(source: OverrideText): ReadOverrideFile {
  // Multi-line texts keep the line ends of the file.
  const toml = source.text.replaceAll('\r\n', '\n');
  const document = readToml(toml);
  if ('fault' in document) return { rules: [], faults: [{ ...document.fault, hint: null }], isReadable: false };
  const places = tomlPlaces(toml);
  const faults: OverrideFault[] = [];
  const report: Report = (path, text, { hint = null, character = null } = {}) => {
    faults.push({ place: character === null ? places.at(path) : places.within(path, character), text, hint });
  };

  for (const { path, text, hint } of keysBeside(document.table, { known: ['rule'], path: [], what: 'key' })) {
    report(path, text, { hint });
  }
  const tables = document.table.rule ?? [];
  if (!Array.isArray(tables)) report(['rule'], '`rule` must be a list of tables', { hint: 'write [[rule]]' });
  const rules: OverrideRule[] = [];
  for (const [index, table] of (Array.isArray(tables) ? tables : []).entries()) {
    const path = ['rule', index];
    const rule = readRule(table, (inside, text, more) => report([...path, ...inside], text, more));
    if (rule === null) continue;
    const patches = patchesOf(rule.changes, source.patches);
    for (const { name, at } of patches.missing) {
      const inside = at.filter((key) => key !== 'replace' || !Array.isArray(isTable(table) ? table.patches : null));
      const hint = `patches lie in ${source.project}/ beside the file`;
      report([...path, ...inside], `there is no patch ${source.project}/${name}`, { hint });
    }
    const place = { file: source.file, line: places.at(path).line, number: index + 1 };
    rules.push({
      ...rule,
      project: source.project,
      ...place,
      ...(patches.texts.size === 0 ? {} : { patches: patches.texts }),
    });
  }
  faults.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  return { rules, faults, isReadable: true };
}

/** A fault as a user error: E_BAD_OVERRIDE (exit 78) with file, line, column, and the line itself with a caret. */
export function overrideError({ file, text: source }: OverrideText, { place, text, hint }: OverrideFault): UserError {
  const excerpt = excerptAt(source.replaceAll('\r\n', '\n'), place);
  return new UserError('E_BAD_OVERRIDE', `${file}:${place.line}:${place.column}: ${text}\n${excerpt}`, {
    exit: EXIT.config,
    hint: hint ?? 'docs/overrides.md tells the format of override files',
  });
}

/** The line of a place with a caret under it. */
export function excerptAt(text: string, { line, column }: TextPlace): string {
  let start = 0;
  for (let above = 1; above < line; above += 1) start = text.indexOf('\n', start) + 1;
  return caretBlock(text, start + column - 1);
}

/** `character` is the index inside the text at the path that the fault is about. */
type Report = (
  path: readonly TextKey[],
  text: string,
  more?: { readonly hint?: string | null; readonly character?: number | null },
) => void;

// Tells all faults of the rule, each with its path inside; null when there is one.
function readRule(table: unknown, report: Report): Omit<OverrideRule, 'project' | 'file' | 'line' | 'number'> | null {
  const unknown = unknownKeys(table);
  for (const { path, text, hint } of unknown) report(path, text, { hint });
  const read = v.safeParse(RULE_SCHEMA, table);
  for (const { path: items = [], type, message } of read.issues ?? []) {
    const keys = items.map(({ key }) => (typeof key === 'number' ? key : String(key)));
    const last = keys.at(-1);
    const character = items.at(-1)?.type === 'unknown' && typeof last === 'number' ? last : null;
    const path = character === null ? keys : keys.slice(0, -1);
    report(path, type === 'object' ? `a rule needs ${subject(path)}` : `${subject(path)}: ${message}`, { character });
  }
  if (!read.success || unknown.length > 0) return null;
  const changes = changesOf(read.output);
  if (changes.length === 0) {
    report([], 'the rule changes nothing');
    return null;
  }
  return { ...headOf(read.output), changes };
}

/** The texts of the patches that changes put into the list, and where those are named that are not there. */
function patchesOf(changes: readonly Change[], there: OverrideText['patches']) {
  const texts = new Map<string, string>();
  const missing: { readonly name: string; readonly at: readonly TextKey[] }[] = [];
  for (const change of changes) {
    if (there === undefined || change.kind !== 'texts' || change.list !== 'patches' || change.verb === 'remove')
      continue;
    for (const [index, name] of change.entries.entries()) {
      const text = there.get(name);
      if (text === undefined) missing.push({ name, at: ['patches', change.verb, index] });
      else texts.set(name, text);
    }
  }
  return { texts, missing };
}

function headOf({ reason, comment, when }: RuleTable): Pick<OverrideRule, 'reason' | 'comment' | 'when'> {
  return {
    reason,
    comment: comment ?? true,
    when: { version: when?.version ?? null, nixpkgs: when?.nixpkgs ?? null, marker: when?.marker ?? null },
  };
}

// The path inside a rule as it is written; entries of lists are counted from 1.
function subject(path: readonly TextKey[]): string {
  if (path.length === 0) return 'the rule';
  const keys = path.filter((key) => typeof key === 'string').join('.');
  const entry = path.at(-1);
  return typeof entry === 'number' ? `entry ${entry + 1} of \`${keys}\`` : `\`${keys}\``;
}
