import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { Proposal, ProposedChange } from '../../check/proposal.ts';
import { parseOverrideFile } from '../../overrides/override-file.ts';
import { type RuleValue, ruleText, withoutRule, withRule } from '../../overrides/write-rule.ts';

/** A rule as it is added to the override file of a project. */
export interface RuleOfProject {
  /** PEP 503 name. */
  readonly project: string;
  readonly text: string;
}

/** A proposal as a rule. */
export function ruleOfProposal({ project, changes }: Proposal, reason: string): RuleOfProject {
  return { project, text: ruleText({ attributes: changes.map(attributeOf), reason }) };
}

function attributeOf(change: ProposedChange): readonly [string, RuleValue] {
  if (change.kind === 'env') return [`env.${change.name}`, change.value];
  if (change.kind === 'postPatch') return ['postPatch', change.script];
  return [`${change.list}.add`, change.entries];
}

/** The override file of a project, relative to its repository. Names are PEP 503 names, so they are plain file names. */
export function overrideFileOf(project: string): string {
  return `overrides/${project}.toml`;
}

/** Adds a rule at the end of its file. Gives why not, where the file cannot take it. Throws UserError E_CANNOT_WRITE (exit 73). */
export function addRule(repository: string, { project, text }: RuleOfProject): string | null {
  const file = overrideFileOf(project);
  const before = textOf(path.join(repository, file));
  const after = withRule(before ?? '', text);
  const faults = (toml: string): number => parseOverrideFile({ file, project, text: toml }).faults.length;
  if (faults(after) > faults(before ?? '')) return `${file} cannot take the rule`;
  put(path.join(repository, file), after);
  return null;
}

/** Takes a rule out of its file again, and the file away where nothing else is in it. */
export function takeBack(repository: string, { project, text }: RuleOfProject): void {
  const file = path.join(repository, overrideFileOf(project));
  const before = textOf(file);
  const after = before === null ? null : withoutRule(before, text);
  if (after === null) return;
  if (after.trim() === '') rmSync(file, { force: true });
  else put(file, after);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new UserError('E_CANNOT_READ', `${file} cannot be read`, { exit: EXIT.io, cause });
  }
}

/** The new text or the old one, whenever the process ends. */
function put(file: string, text: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const half = `${file}.part`;
    writeFileSync(half, text);
    renameSync(half, file);
  } catch (cause) {
    throw new UserError('E_CANNOT_WRITE', `${file} cannot be written`, { exit: EXIT.cannotWrite, cause });
  }
}
