import { nearestName } from '../base/nearest-name.ts';
import { UserError } from '../base/user-error.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { noteLines } from '../report/notes.ts';
import { treeText } from '../report/tree.ts';
import type { TreeGraph } from '../report/tree-graph.ts';
import { invertedTreeText } from '../report/tree-inverted.ts';
import { treeJson } from '../report/tree-json.ts';
import { resolvedGraph } from './closure/resolved-graph.ts';
import { withRunTimeResolution } from './closure/run-time-resolution.ts';
import type { CommandResult } from './options/command.ts';
import type { TreeOptions } from './options.ts';
import type { CommandContext } from './world.ts';

/**
 * `pypi2nix tree`: what the requirements lead to at run time, or who needs a project, as a tree on stdout.
 * Throws UserError E_NOT_IN_TREE (exit 1) for a project of `--invert` that is not there, and what resolving throws.
 */
export async function tree(options: TreeOptions, context: CommandContext): Promise<CommandResult> {
  return withRunTimeResolution(options, context, {
    async use({ resolution, roots, reader, targets, world, notes }) {
      const graph = await resolvedGraph(resolution, { roots, provider: reader, targets: targets.environments });
      const all = [...world.notes, ...notes];
      const stdout = options.json ? treeJson(graph, all) : treeOf(graph, options);
      return { stdout, report: (style) => noteLines(all, style) };
    },
  });
}

function treeOf(graph: TreeGraph, { invert, depth }: TreeOptions): string {
  if (invert === null) return treeText(graph, { depth });
  return invertedTreeText(graph, { name: nameInTree(invert, graph), depth });
}

function nameInTree(given: string, { packages }: TreeGraph): string {
  const name = isProjectName(given) ? normalizeName(given) : given;
  if (packages.has(name)) return name;
  const near = nearestName(name, packages.keys());
  throw new UserError('E_NOT_IN_TREE', `--invert: nothing here needs ${JSON.stringify(given)}`, {
    hint: near === null ? 'pypi2nix tree without --invert shows what is needed' : `did you mean ${near}?`,
  });
}
