import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadOverrides } from '../overrides/load.ts';
import { readOverrideFolder } from '../overrides/read-folder.ts';
import type { OverrideRule } from '../overrides/rule.ts';
import { packageRoot } from './package-root.ts';
import type { CommandContext } from './world.ts';

/** The rules of a run by project (PEP 503 name), in the order in which they apply. */
export type RulesOf = (project: string) => Promise<readonly OverrideRule[]>;

/**
 * The rules of a run: shipped, then the user's, then those of each `--overrides` folder. The folders of the user are read whole, so that every fault in them shows; of the
 * shipped rules, which are many and checked, only the file of a project that is asked for.
 */
export async function runOverrides(
  folders: readonly string[],
  { environment, directory }: CommandContext,
): Promise<RulesOf> {
  const configuration = environment.XDG_CONFIG_HOME ?? path.join(environment.HOME ?? '', '.config');
  const own = loadOverrides(
    await Promise.all([
      readOverrideFolder(path.join(configuration, 'pypi2nix', 'overrides'), {
        label: '~/.config/pypi2nix/overrides',
        required: false,
      }),
      ...folders.map((folder) =>
        readOverrideFolder(path.resolve(directory, folder), { label: folder, required: true }),
      ),
    ]),
  );
  const shipped = path.join(packageRoot(), 'overrides');
  return async (project) => [...(await shippedRules(shipped, project)), ...(own.get(project) ?? [])];
}

async function shippedRules(folder: string, project: string): Promise<readonly OverrideRule[]> {
  const name = `${project}.toml`;
  const file = path.join(folder, name);
  if (!existsSync(file)) return [];
  const layer = { label: 'overrides', files: [{ name, text: await readFile(file, 'utf8') }] };
  return loadOverrides([layer]).get(project) ?? [];
}
