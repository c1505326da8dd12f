import type { Note } from '../base/note.ts';
import { needGraph } from './need-graph.ts';
import { type Implied, plainNeeds } from './needs.ts';
import type { Omission, PackageFacts } from './package-facts.ts';

export interface SparedNeedsOptions {
  /** Projects (PEP 503 names) whose sdist brings its own build backend (`backend-path`), so that they can be built without what they ask for. */
  readonly selfBuilt: ReadonlySet<string>;
  /** Projects that the builder of the set needs for itself. */
  readonly bootstrap: ReadonlySet<string>;
  readonly implied: Implied;
}

/**
 * The packages without the requirements that they can spare: a run-time requirement on oneself, and build requirements of a package in a cycle that brings its own
 * build backend, on itself and on projects that the builder needs. Each is an omission and a note.
 */
export function withoutSparedNeeds(
  packages: readonly PackageFacts[],
  options: SparedNeedsOptions,
): readonly PackageFacts[] {
  const graph = needGraph(packages.flatMap((facts) => plainNeeds(facts, options.implied)));
  const cycleOf = new Map(
    graph.cycles().flatMap((members) => members.map((name) => [name, new Set(members)] as const)),
  );
  return packages.map((facts) => withoutSpared(facts, cycleOf.get(facts.name) ?? new Set(), options));
}

function withoutSpared(
  facts: PackageFacts,
  members: ReadonlySet<string>,
  { selfBuilt, bootstrap }: SparedNeedsOptions,
): PackageFacts {
  const isOwn = (name: string): boolean => name === facts.name;
  const dependencies = facts.inputs.dependencies.filter((input) => input.kind !== 'python' || !isOwn(input.name));
  const notes: Note[] =
    dependencies.length === facts.inputs.dependencies.length
      ? []
      : [{ kind: 'omitted', text: 'its run-time requirement on itself is left out', project: facts.name }];
  const omissions: Omission[] = [];
  const buildSystem = facts.inputs['build-system'].filter((input) => {
    if (input.kind !== 'python' || !selfBuilt.has(facts.name) || !members.has(input.name)) return true;
    if (!isOwn(input.name) && !bootstrap.has(input.name)) return true;
    const reason = isOwn(input.name)
      ? 'the sdist brings its own build backend'
      : `it needs ${facts.name} itself, and the sdist brings its own build backend`;
    omissions.push({ list: 'build-system', name: input.name, reason });
    notes.push({
      kind: 'omitted',
      text: `${input.name} is left out of build-system: ${reason}`,
      project: facts.name,
    });
    return false;
  });
  if (notes.length === 0) return facts;
  return {
    ...facts,
    inputs: { ...facts.inputs, dependencies, 'build-system': buildSystem },
    omissions: [...facts.omissions, ...omissions],
    notes: [...facts.notes, ...notes],
  };
}
