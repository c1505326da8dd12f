import type { Note } from '../base/note.ts';
import { compareText } from '../base/text.ts';
import { orderedNotes } from './notes.ts';
import type { TreeEdge, TreeGraph, TreePackage } from './tree-graph.ts';

/**
 * The text that `tree --json` puts on stdout: one object of the form 1 with `roots` (what was asked for, in order), `packages` (sorted by name, each with what it
 * needs on some target) and `notes`. `extra` of a requirement is the extra of its package that alone brings it.
 */
export function treeJson(graph: TreeGraph, notes: readonly Note[]): string {
  const value = {
    form: 1,
    roots: graph.roots.map(edgeJson),
    packages: [...graph.packages.values()].sort((a, b) => compareText(a.name, b.name)).map(packageJson),
    notes: orderedNotes(notes),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function packageJson({ name, version, extras, edges, yanked }: TreePackage): object {
  const requirements = edges.map((edge) => ({ ...edgeJson(edge), extra: edge.extra }));
  return { name, version, extras, yanked, requirements };
}

function edgeJson({ name, extras, requirement, marker }: TreeEdge): object {
  return { name, extras, requirement, marker };
}
