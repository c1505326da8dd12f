import { components } from '../base/graph.ts';
import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import type { InputListName, Omission, PackageFacts, PythonInput } from './package-facts.ts';

export interface PackageCyclesOptions {
  /** Projects (PEP 503 names) whose sdist brings its own build backend (`backend-path`), so that they can be built without what they ask for. */
  readonly selfBuilt: ReadonlySet<string>;
  /** Projects that the builder of the set needs for itself. */
  readonly bootstrap: ReadonlySet<string>;
  /** Build requirements that no expression of the release names, because its builder brings them. */
  readonly implied: readonly string[];
}

/** The packages without the requirements that can be spared, and an error for each cycle that is left. */
export interface PackagesWithoutCycles {
  readonly packages: readonly PackageFacts[];
  /** E_CYCLE, with the requirements that make the cycle. */
  readonly errors: readonly UserError[];
}

/**
 * Finds the packages that need themselves to be built or to run, directly or through others: Nix would recurse for ever. Extras and check inputs do not
 * count. What can be spared is left out: a run-time requirement on oneself, and build requirements of a package that brings its own build backend on
 * itself and on projects that the builder needs.
 */
export function withoutPackageCycles(
  packages: readonly PackageFacts[],
  options: PackageCyclesOptions,
): PackagesWithoutCycles {
  const inCycle = cyclesOf(packages, options);
  const spared = packages.map((facts) => withoutSpared(facts, inCycle.get(facts.name) ?? new Set(), options));
  const byName = new Map(spared.map((facts) => [facts.name, facts]));
  const left = [...new Set(cyclesOf(spared, options).values())];
  const errors = left.map((members) => {
    const [start = ''] = sortedUnique(members);
    return cycleError(shortestCycle(start, byName, options));
  });
  return { packages: spared, errors };
}

/** A requirement of a package on another one. */
interface Edge {
  readonly from: string;
  readonly list: InputListName;
  readonly input: PythonInput;
}

const LISTS = ['build-system', 'nativeBuildInputs', 'buildInputs', 'dependencies'] as const;

function edgesOf(facts: PackageFacts, { implied }: PackageCyclesOptions): Edge[] {
  return LISTS.flatMap((list) => {
    // A wheel is not built.
    if (list === 'build-system' && facts.source.kind === 'wheel') return [];
    return facts.inputs[list].flatMap((input): Edge[] => {
      if (input.kind !== 'python' || (list === 'build-system' && implied.includes(input.name))) return [];
      return [{ from: facts.name, list, input }];
    });
  });
}

/** For each package that leads back to itself the packages that lead to each other with it. */
function cyclesOf(
  packages: readonly PackageFacts[],
  options: PackageCyclesOptions,
): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map(
    packages.map((facts) => [facts.name, edgesOf(facts, options).map(({ input }) => input.name)] as const),
  );
  const found = new Map<string, ReadonlySet<string>>();
  for (const component of components(needs.keys(), (name) => needs.get(name) ?? [])) {
    const [first = ''] = component;
    if (component.length === 1 && needs.get(first)?.includes(first) !== true) continue;
    const members = new Set(component);
    for (const name of component) found.set(name, members);
  }
  return found;
}

function withoutSpared(
  facts: PackageFacts,
  members: ReadonlySet<string>,
  { selfBuilt, bootstrap }: PackageCyclesOptions,
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

/** Breadth first from a package back to itself; requirements in the order of the names that they are on. */
function shortestCycle(
  start: string,
  packages: ReadonlyMap<string, PackageFacts>,
  options: PackageCyclesOptions,
): readonly Edge[] {
  const cameBy = new Map<string, Edge>();
  const queue = [start];
  for (const name of queue) {
    const facts = packages.get(name);
    const edges = facts === undefined ? [] : edgesOf(facts, options);
    for (const edge of [...edges].sort((a, b) => compareText(a.input.name, b.input.name))) {
      const to = edge.input.name;
      if (cameBy.has(to)) continue;
      cameBy.set(to, edge);
      if (to === start) return wayTo(edge, { start, cameBy });
      queue.push(to);
    }
  }
  throw new Error(`${start} is in no cycle`);
}

function wayTo(
  last: Edge,
  { start, cameBy }: { readonly start: string; readonly cameBy: ReadonlyMap<string, Edge> },
): Edge[] {
  const way = [last];
  for (let edge = last; edge.from !== start; ) {
    const before = cameBy.get(edge.from);
    if (before === undefined) throw new Error(`nothing leads to ${edge.from}`);
    way.unshift(before);
    edge = before;
  }
  return way;
}

function cycleError(cycle: readonly Edge[]): UserError {
  const chain = cycle.map((edge) => `${edge.from} requires ${edge.input.name} (${statement(edge)})`).join(', ');
  const [first] = cycle;
  // The requirement that is easiest to spare is one of run time: Python imports in circles, Nix does not build in circles.
  const edge = cycle.find(({ list }) => list === 'dependencies') ?? first;
  if (edge === undefined) throw new Error('a cycle without requirements');
  const removal =
    edge.list === 'dependencies'
      ? `dependencies.remove = ["${edge.input.name}"] and pythonRemoveDeps.add = ["${edge.input.name}"]`
      : `${edge.list}.remove = ["${edge.input.name}"]`;
  return new UserError('E_CYCLE', `packages need each other, which Nix cannot build: ${chain}`, {
    hint: `remove one of these requirements by an override, for example in ${edge.from}.toml: ${removal}`,
  });
}

/** `Requires-Dist: circb>=1`, `build-system: circb`. */
function statement({ list, input }: Edge): string {
  const [origin] = input.origins;
  const written = origin?.requirement ?? `${input.name}${input.specifier}`;
  if (origin?.kind === 'override' || origin?.kind === 'inference') return `${list}: ${written}, ${origin.text}`;
  return `${list === 'dependencies' ? 'Requires-Dist' : list}: ${written}`;
}
