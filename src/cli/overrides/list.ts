import { countOf, sortedUnique } from '../../base/text.ts';
import { ruleVerdict } from '../../overrides/conditions.ts';
import { loadOverrides } from '../../overrides/load.ts';
import { readOverrideFolder } from '../../overrides/read-folder.ts';
import type { OverrideRule } from '../../overrides/rule.ts';
import { parseRequirement } from '../../pep/requirement.ts';
import { type ListedFolder, listJson, listText } from '../../report/overrides-list.ts';
import type { CommandResult } from '../options/command.ts';
import type { OverridesOptions } from '../options/overrides-options.ts';
import { releaseTitle } from '../run/found-run.ts';
import { runTargets } from '../run/targets.ts';
import type { CommandContext } from '../world.ts';
import { overrideFolders } from './override-layers.ts';

/**
 * `pypi2nix overrides list [NAME...]`: the folders of a run with their rules, those of some projects or all, and whether each applies. Asks no index: without a
 * version (`NAME==1.2`) what depends on it is left open.
 * Throws UserError E_BAD_OVERRIDE (exit 78) for faults of the files, E_USAGE for a NAME that is no project.
 */
export async function listOverrides(options: OverridesOptions, context: CommandContext): Promise<CommandResult> {
  const { reading } = options;
  const versions = new Map(
    options.requirements.map(parseRequirement).map((each) => [each.name, exactVersion(each.specifier)]),
  );
  const targets = runTargets(reading.release, reading);
  const ruleContext = { release: reading.release, environments: targets.environments };
  const folders = await Promise.all(
    overrideFolders(reading.overrides, context).map(async (each): Promise<ListedFolder> => {
      const layer = await readOverrideFolder(each.folder, each);
      const rules = loadOverrides([layer]);
      const projects = sortedUnique(rules.keys()).filter((project) => versions.size === 0 || versions.has(project));
      const verdictOf = (rule: OverrideRule) => ({
        rule,
        verdict: ruleVerdict(rule, versions.get(rule.project) ?? null, ruleContext),
      });
      return {
        layer: each.layer,
        label: each.label,
        files: layer.files.length,
        projects: projects.map((project) => ({ project, rules: (rules.get(project) ?? []).map(verdictOf) })),
      };
    }),
  );
  const title = `${releaseTitle(reading.release)}, Python ${targets.pythons.join(', ')}, ${targets.platforms.join(', ')}`;
  const missing = [...versions.keys()].filter(
    (name) => !folders.some(({ projects }) => projects.some(({ project }) => project === name)),
  );
  const rules = folders.flatMap(({ projects }) => projects.flatMap((each) => each.rules));
  return {
    stdout: options.json ? listJson(folders) : listText({ title, folders }),
    report: () => [
      ...missing.map((name) => `no folder has rules for ${name}`),
      `${countOf(rules.length, 'rule')} in ${countOf(folders.length, 'folder')}`,
    ],
  };
}

function exactVersion(specifier: ReturnType<typeof parseRequirement>['specifier']): string | null {
  const [only, ...more] = specifier;
  return only?.operator === '==' && more.length === 0 && !only.version.endsWith('.*') ? only.version : null;
}
