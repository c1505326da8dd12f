import { compareText } from '../base/text.ts';
import type { Input, PackageFacts } from './package-facts.ts';

/** For each package the check inputs that lead back to it, with the way: `pytest -> ["pytest", "pluggy"]` for pluggy. */
export type CheckCycles = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/**
 * Finds the check inputs that would make Nix recurse for ever: those from which build, run-time or kept check inputs lead back to the package.
 * `needsOf` tells what a project needs that is not among the packages (it comes from the package set). Packages are looked at in order of their names; the check
 * inputs of a package without such a way are kept and count for those after it.
 */
export async function checkCycles(
  packages: readonly PackageFacts[],
  needsOf: (project: string) => Promise<readonly string[]>,
): Promise<CheckCycles> {
  const ordered = [...packages].sort((a, b) => compareText(a.name, b.name));
  const edges = new Map(ordered.map((facts) => [facts.name, fixedNeeds(facts)]));
  const successors = async (project: string): Promise<readonly string[]> => edges.get(project) ?? needsOf(project);

  const cycles = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const facts of ordered) {
    const inputs = checkNeeds(facts);
    const found = new Map<string, readonly string[]>();
    for (const input of inputs) {
      const way = await shortestWay(input, facts.name, successors);
      if (way !== null) found.set(input, way);
    }
    if (found.size === 0) edges.set(facts.name, [...(edges.get(facts.name) ?? []), ...inputs]);
    else cycles.set(facts.name, found);
  }
  return cycles;
}

function pythonNames(inputs: readonly Input[]): string[] {
  return inputs.flatMap((input) => (input.kind === 'python' ? [input.name] : []));
}

function fixedNeeds(facts: PackageFacts): string[] {
  const { inputs } = facts;
  return pythonNames([
    ...inputs['build-system'],
    ...inputs.nativeBuildInputs,
    ...inputs.buildInputs,
    ...inputs.dependencies,
  ]);
}

function checkNeeds(facts: PackageFacts): string[] {
  if (facts.check.enabled === false) return [];
  const runner = facts.check.runner === 'pytest' ? ['pytest'] : [];
  return [...new Set([...runner, ...pythonNames(facts.inputs.nativeCheckInputs)])].sort(compareText);
}

/** Breadth first, a whole level asked for at once, so that a deep closure costs as many rounds as it is deep. */
async function shortestWay(
  from: string,
  to: string,
  successors: (project: string) => Promise<readonly string[]>,
): Promise<readonly string[] | null> {
  if (from === to) return [from, to];
  const cameFrom = new Map<string, string | null>([[from, null]]);
  let level = [from];
  while (level.length > 0) {
    const found = await Promise.all(level.map(async (project) => ({ project, needs: await successors(project) })));
    const next: string[] = [];
    for (const { project, needs } of found) {
      for (const need of needs) {
        if (cameFrom.has(need)) continue;
        cameFrom.set(need, project);
        if (need === to) return wayTo(need, cameFrom);
        next.push(need);
      }
    }
    level = next;
  }
  return null;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string | null>): string[] {
  const way: string[] = [];
  for (let at: string | null = end; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at);
  return way;
}
