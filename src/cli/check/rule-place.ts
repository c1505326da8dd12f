import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadOverrides } from '../../overrides/load.ts';
import { parseOverrideFile } from '../../overrides/override-file.ts';
import { readOverrideFolder } from '../../overrides/read-folder.ts';
import { type OverrideRule, ruleTitle } from '../../overrides/rule.ts';
import { rulesThatUndo } from '../../overrides/undo.ts';
import { MANIFEST_PATH } from '../../repository/manifest.ts';
import { isOutputPath } from '../../repository/output-path.ts';
import { type OverrideFolder, overrideFolders } from '../overrides/override-layers.ts';
import { readManifest } from '../repository/repository-manifest.ts';
import type { CommandContext } from '../world.ts';
import { OWN_FOLDER, overrideFileOf, type RuleOfProject } from './rule-files.ts';

/** Where a rule has to be written so that it holds: its folder, relative to the repository; or why nothing that may be written there helps. */
export type RulePlace = { readonly folder: string } | { readonly why: string };

/**
 * The folder for a rule of a repository with a manifest, whose `[options] overrides` come after overrides/: overrides/ itself unless a rule of a later folder undoes it, then the last
 * folder inside of the repository that no rule undoes. A folder outside is of others too, and never written. Without a manifest it is always overrides/.
 *
 * Throws what reading the manifest and the folders throws.
 */
export async function placeOfRule(
  repository: string,
  rule: Pick<RuleOfProject, 'project' | 'text'>,
  context: CommandContext,
): Promise<RulePlace> {
  if (!existsSync(path.join(repository, MANIFEST_PATH))) return { folder: OWN_FOLDER };
  const { project, text } = rule;
  const layers = await manifestFolders(repository, context);
  const { rules } = parseOverrideFile({ file: overrideFileOf(project, OWN_FOLDER), project, text });
  const undone = await Promise.all(layers.map((each) => rulesOfFolder(each, project)));
  const undoing = undone.map((later) => rulesThatUndo(rules, later));
  const own = layers.findLastIndex(({ folder }) => folder === path.join(repository, OWN_FOLDER));
  const isFree = (at: number): boolean => undoing.slice(at + 1).every((later) => later.length === 0);
  if (isFree(own)) return { folder: OWN_FOLDER };
  const inside = layers.findLastIndex(({ folder }, at) => at > own && isOutputPath(path.relative(repository, folder)));
  if (inside >= 0 && isFree(inside)) return { folder: path.relative(repository, layers[inside]?.folder ?? '') };
  return { why: whyNot(undoing.slice(own + 1).flat()) };
}

/** The folders of rules that a manifest names, behind that of its repository, in the order in which they apply. Throws what reading the manifest throws. */
export async function manifestFolders(repository: string, context: CommandContext): Promise<readonly OverrideFolder[]> {
  const { options } = await readManifest(repository);
  const named = options.overrides ?? [];
  return overrideFolders(named, { ...context, directory: repository }).filter(
    ({ layer }) => layer === 'repository' || layer === 'option',
  );
}

async function rulesOfFolder(layer: OverrideFolder, project: string): Promise<readonly OverrideRule[]> {
  return loadOverrides([await readOverrideFolder(layer.folder, layer)]).get(project) ?? [];
}

function whyNot(undoing: readonly OverrideRule[]): string {
  const [first] = undoing;
  const what = first === undefined ? 'a rule' : `${ruleTitle(first)} (line ${first.line})`;
  return `${what} says otherwise, and the folders of [options] overrides in ${MANIFEST_PATH} come after ${OWN_FOLDER}/: take that rule out, or name "${OWN_FOLDER}" last there`;
}
