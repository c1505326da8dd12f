import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Proposal, ProposedChange } from '../../check/proposal.ts';
import { parseOverrideFile } from '../../overrides/override-file.ts';
import { type RuleValue, ruleText, withoutRule, withRule } from '../../overrides/write-rule.ts';
import { putFile, textOf } from './small-files.ts';

/** A rule as it is added to the override file of a project. */
export interface RuleOfProject {
  /** PEP 503 name. */
  readonly project: string;
  /** The folder of its file, relative to the repository: `overrides`. */
  readonly folder: string;
  readonly text: string;
}

/** A proposal as a rule of the repository's own folder. */
export function ruleOfProposal({ project, changes }: Proposal, reason: string): RuleOfProject {
  return { project, folder: OWN_FOLDER, text: ruleText({ attributes: changes.map(attributeOf), reason }) };
}

function attributeOf(change: ProposedChange): readonly [string, RuleValue] {
  if (change.kind === 'env') return [`env.${change.name}`, change.value];
  if (change.kind === 'postPatch') return ['postPatch', change.script];
  return [`${change.list}.add`, change.entries];
}

/** The folder of the rules of a repository, relative to it. */
export const OWN_FOLDER = 'overrides';

/** The override file of a project, relative to its repository. Names are PEP 503 names, so they are plain file names. */
export function overrideFileOf(project: string, folder: string): string {
  return `${folder}/${project}.toml`;
}

/** Adds a rule at the end of its file. Gives why not, where the file cannot take it. Throws UserError E_CANNOT_WRITE (exit 73). */
export function addRule(repository: string, { project, folder, text }: RuleOfProject): string | null {
  const file = overrideFileOf(project, folder);
  const before = textOf(path.join(repository, file));
  const after = withRule(before ?? '', text);
  const faults = (toml: string): number => parseOverrideFile({ file, project, text: toml }).faults.length;
  if (faults(after) > faults(before ?? '')) return `${file} cannot take the rule`;
  putFile(path.join(repository, file), after);
  return null;
}

/** Takes a rule out of its file again, and the file away where nothing else is in it. */
export function takeBack(repository: string, { project, folder, text }: RuleOfProject): void {
  const file = path.join(repository, overrideFileOf(project, folder));
  const before = textOf(file);
  const after = before === null ? null : withoutRule(before, text);
  if (after === null) return;
  if (after.trim() === '') rmSync(file, { force: true });
  else putFile(file, after);
}
