import { readFileSync } from 'node:fs';
import path from 'node:path';
import { userErrorsOf } from '../../base/user-error.ts';
import type { CheckedPackage, CheckStep } from '../../check/check-result.ts';
import { explained } from '../../check/explain.ts';
import type { Removal } from '../../check/finding.ts';
import type { ProposeContext } from '../../check/propose.ts';
import { loadOverrides } from '../../overrides/load.ts';
import { readOverrideFolder } from '../../overrides/read-folder.ts';
import { entryText } from '../../overrides/record-change.ts';
import { ruleTitle } from '../../overrides/rule.ts';
import { parseGenerated } from '../../repository/generated-record.ts';
import { listsOf } from '../../repository/give-way.ts';
import { STATE_FOLDER } from '../../repository/output-path.ts';
import type { CommandContext } from '../world.ts';
import { recordedOverrideFolders } from './regenerate.ts';
import type { RepositoryPackage } from './repository.ts';

/** A failure of which nothing is known, and what its package had as an input before. */
interface Unexplained {
  readonly repository: string;
  readonly packages: readonly RepositoryPackage[];
  readonly context: CommandContext;
}

/**
 * Adds to a failure for which nothing is proposed what somebody has taken out of its package, by rules or by hand: the most probable cause where the log does not tell. Shipped
 * rules do not count.
 */
export async function withRemovals(one: CheckedPackage, unexplained: Unexplained): Promise<CheckedPackage> {
  const isExplained = one.explained.some(({ proposals }) => proposals.length > 0);
  if (one.outcome.kind !== 'failed' || isExplained) return one;
  // What rules take out, expressions are generated without: they evaluate all the same.
  const byRules =
    one.outcome.step === 'build' ? await removedByRules(one.project, unexplained).catch(noneOfUnreadable) : [];
  const removals = [...byRules, ...removedByHand(one.project, { ...unexplained, step: one.outcome.step })];
  const context: ProposeContext = {
    project: one.project,
    version: null,
    inputs: new Set(),
    ownModules: [],
    isKnown: () => true,
    isOurs: () => true,
  };
  const { step } = one.outcome;
  const evidence = one.messages.trimEnd().split('\n').at(-1) ?? '';
  const found = removals.map((removal) =>
    explained(
      { cause: { kind: 'removed', ...removal }, stage: step === 'build' ? 'build' : 'evaluate', evidence, line: 0 },
      context,
    ),
  );
  return { ...one, explained: [...one.explained, ...found] };
}

async function removedByRules(project: string, { repository, context }: Unexplained): Promise<readonly Removal[]> {
  const folders = await recordedOverrideFolders(repository, project, context);
  const rules = loadOverrides(await Promise.all(folders.map((each) => readOverrideFolder(each.folder, each))));
  return (rules.get(project) ?? []).flatMap((rule) =>
    rule.changes.flatMap((change): readonly Removal[] =>
      change.kind !== 'inputs' || change.verb !== 'remove'
        ? []
        : change.entries.map((entry) => ({ name: entryText(entry), list: change.list, by: ruleTitle(rule) })),
    ),
  );
}

/** Folders of rules that cannot be read explain nothing; who generates by them is told what is wrong with them. */
function noneOfUnreadable(thrown: unknown): readonly Removal[] {
  if (userErrorsOf(thrown) === undefined) throw thrown;
  return [];
}

/** Lists of rules by the attributes that expressions for all releases have them in. */
const LIST_OF_ATTRIBUTE: ReadonlyMap<string, Removal['list']> = new Map([
  ['build-system', 'build-system'],
  ['nativeBuildInputs', 'nativeBuildInputs'],
  ['buildInputs', 'buildInputs'],
  ['dependencies', 'dependencies'],
  ['propagatedBuildInputs', 'dependencies'],
  ['nativeCheckInputs', 'nativeCheckInputs'],
  ['checkInputs', 'nativeCheckInputs'],
]);

function removedByHand(
  project: string,
  { repository, packages, step }: Unexplained & { readonly step: CheckStep },
): readonly Removal[] {
  const file = `pkgs/${project}/default.nix`;
  const edited = textOf(path.join(repository, file));
  const base = parseGenerated(textOf(path.join(repository, STATE_FOLDER, 'generated.json')) ?? '')?.files.get(
    file,
  )?.text;
  if (edited === null || base === null || base === undefined || base === edited) return [];
  const after = listsOf(edited);
  return [...listsOf(base)].flatMap(([attribute, names]) => {
    const stated = LIST_OF_ATTRIBUTE.get(attribute);
    if (stated === undefined) return [];
    const isSystem = stated === 'nativeBuildInputs' || stated === 'buildInputs';
    return names
      .filter((name) => {
        // A list without an entry evaluates all the same.
        const isTaken = step === 'build' && after.get(attribute)?.includes(name) !== true;
        return isTaken || isArgumentGone(name, { base, edited });
      })
      .map((name): Removal => {
        const ours = packages.find((each) => each.attribute === name)?.project;
        const entry = isSystem && ours !== undefined ? `python:${ours}` : (ours ?? name);
        return { name: entry, list: stated, by: `an edit of ${file}` };
      });
  });
}

/** Whether a name is no argument any more, although lists may have it: then nothing evaluates. */
function isArgumentGone(name: string, { base, edited }: { readonly base: string; readonly edited: string }): boolean {
  const [argument = name] = name.split('.');
  return argumentsOf(base).includes(argument) && !argumentsOf(edited).includes(argument);
}

function argumentsOf(text: string): readonly string[] {
  const end = text.search(/\}\s*:/u);
  const head = text.slice(0, Math.max(end, 0)).replace(/#.*$/gmu, '');
  return head.match(/[A-Za-z_][\w'-]*/gu) ?? [];
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
