import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadOverrides } from '../../overrides/load.ts';
import { readOverrideFolder } from '../../overrides/read-folder.ts';
import { readPatches } from '../../overrides/read-patches.ts';
import type { OverrideRule } from '../../overrides/rule.ts';
import { packageRoot } from '../package-root.ts';
import type { CommandContext } from '../world.ts';

/** The rules of a run by project (PEP 503 name), in the order in which they apply. */
export type RulesOf = (project: string) => Promise<readonly OverrideRule[]>;

/** A folder whose rules hold in a run. */
export interface OverrideFolder {
  readonly layer: 'shipped' | 'user' | 'repository' | 'option';
  /** Absolute. */
  readonly folder: string;
  /** How messages show it. */
  readonly label: string;
  /** False: it need not be there. */
  readonly required: boolean;
}

/**
 * The folders of a run, the later ones with the last word: shipped, the user's, that of the repository in which the command is run (a folder with a
 * pypi2nix.toml), then those of `--overrides`.
 */
export function overrideFolders(
  folders: readonly string[],
  { environment, directory }: Pick<CommandContext, 'environment' | 'directory'>,
): readonly OverrideFolder[] {
  const user = path.join(configurationFolder(environment), 'pypi2nix', 'overrides');
  const repository: OverrideFolder = {
    layer: 'repository',
    folder: path.join(directory, 'overrides'),
    label: './overrides',
    required: false,
  };
  return [
    { layer: 'shipped', folder: path.join(packageRoot(), 'overrides'), label: 'overrides', required: true },
    { layer: 'user', folder: user, label: '~/.config/pypi2nix/overrides', required: false },
    ...(existsSync(path.join(directory, REPOSITORY_FILE)) ? [repository] : []),
    ...folders.map(
      (folder): OverrideFolder => ({
        layer: 'option',
        folder: path.resolve(directory, folder),
        label: folder,
        required: true,
      }),
    ),
  ];
}

/** What makes a folder a repository. */
const REPOSITORY_FILE = 'pypi2nix.toml';

/**
 * The rules of a run. The folders of the user are read whole, so that every fault in them shows; of the shipped rules, which are many and checked, only the file
 * of a project that is asked for.
 */
export async function runOverrides(folders: readonly string[], context: CommandContext): Promise<RulesOf> {
  const [shipped, ...others] = overrideFolders(folders, context);
  const shippedNames = new Set(shipped === undefined ? [] : await readdir(shipped.folder));
  const own = loadOverrides(await Promise.all(others.map((each) => readOverrideFolder(each.folder, each))));
  return async (project) => [
    ...(shipped !== undefined && shippedNames.has(`${project}.toml`)
      ? await shippedRules(shipped.folder, project)
      : []),
    ...(own.get(project) ?? []),
  ];
}

/** As the XDG base directory specification has it: an empty or relative value counts for nothing. */
function configurationFolder(environment: CommandContext['environment']): string {
  const named = environment.XDG_CONFIG_HOME ?? '';
  return path.isAbsolute(named) ? named : path.join(environment.HOME ?? os.homedir(), '.config');
}

async function shippedRules(folder: string, project: string): Promise<readonly OverrideRule[]> {
  const name = `${project}.toml`;
  const { patches } = await readPatches(folder, project, 'overrides');
  const text = await readFile(path.join(folder, name), 'utf8');
  const layer = { label: 'overrides', files: [{ name, text, patches }] };
  return loadOverrides([layer]).get(project) ?? [];
}
