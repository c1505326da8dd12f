import type { Note } from '../../base/note.ts';
import type { PackageFacts, PythonInput } from '../../classify/package-facts.ts';
import type { Requirement } from '../../pep/requirement.ts';
import type { Version } from '../../pep/version.ts';
import type { Resolution } from '../../resolve/provider.ts';
import { fixedByLock } from '../lock/locked-closure.ts';
import { relaxations, withAskers, withinProven } from './build-bounds.ts';
import {
  conditionalRequirements,
  newExtras,
  type ReadPackage,
  requirementOf,
  resolveFitting,
  type Search,
  type SolveKind,
  takeChosen,
} from './closure-search.ts';
import { askOfTool } from './late-bounds.ts';
import { isSupplied, misfitsOf } from './set-fit.ts';
import { cannotBeMet } from './unmet.ts';

/** A requirement and the package (PEP 503 name) that asks for it. */
export interface Wanted {
  readonly requirement: Requirement;
  readonly by: string;
}

/**
 * Resolves and reads what packages need to be built, then what that needs to be built, until nothing new is asked for. False when a misfit was found that changes the
 * earlier solves. Throws UserError E_UNSATISFIABLE, E_NO_MATCHING_VERSION and E_NO_SUCH_PROJECT, told with the packages that ask.
 */
export async function buildsSolved(
  packages: readonly ReadPackage[],
  kind: Exclude<SolveKind, 'run-time'>,
  search: Search,
): Promise<boolean> {
  let read = packages;
  for (;;) {
    const known = search.misfits.size + search.names.taken.size;
    const wanted = (await Promise.all(read.map(({ facts }) => buildRequirements(facts, search)))).flat();
    if (search.misfits.size + search.names.taken.size > known) return false;
    if (wanted.length === 0) return true;
    const { packages: chosen } = await resolveBuild(wanted, kind, search);
    read = await takeChosen([...chosen.values()], kind, search);
  }
}

/** As strictly as it can be done, at first with what an earlier search found out about tools. When not even giving up upper bounds helps, the failure of the strictest attempt is told. */
export async function resolveBuild(wanted: readonly Wanted[], kind: SolveKind, search: Search): Promise<Resolution> {
  const failures: unknown[] = [];
  const requirements = wanted.map(({ requirement }) => requirement);
  const proven = [...search.lateBounds.proven.values()];
  const attempts = relaxations(requirements, proven).map((attempt) => ({ attempt, held: search }));
  if (search.toolBounds.length > 0)
    attempts.unshift({ attempt: [...withinProven(requirements, proven)], held: withToolBounds(search) });
  for (const { attempt, held } of attempts) {
    try {
      const { resolution, notes } = await resolveFitting(attempt, kind, held);
      search.notes.push(...notes);
      return resolution;
    } catch (thrown) {
      if (!cannotBeMet(thrown)) throw withAskers(thrown, wanted);
      // Bounds that nobody has stated explain nothing.
      if (held === search) failures.push(withAskers(thrown, wanted));
    }
  }
  throw failures[0];
}

function withToolBounds(search: Search): Search {
  const constraints = [...search.requested.constraints, ...search.toolBounds];
  return { ...search, requested: { ...search.requested, constraints } };
}

/** The build requirements of a package that have to be generated too, and those of extras that nobody asked for before. */
export async function buildRequirements(facts: PackageFacts, search: Search): Promise<readonly Wanted[]> {
  const inputs = [
    ...facts.inputs['build-system'],
    ...facts.inputs.nativeBuildInputs,
    ...facts.inputs.buildInputs,
    ...facts.inputs.dependencies,
  ];
  const by = facts.name;
  for (const input of facts.inputs['build-system']) {
    if (input.kind !== 'python') continue;
    askOfTool(requirementOf(input), versionOfTool(input.name, search), search.lateBounds, input);
  }
  const wanted = await Promise.all(
    inputs.map(async (input): Promise<Wanted[]> => {
      if (input.kind !== 'python') return [];
      if (!search.versions.has(input.name)) {
        if (!needsGenerating(by, input, search)) return [];
        if (await isWrongGuess(input, search)) {
          leaveOut(facts, input, search);
          return [];
        }
        const requirement = requirementOf(input);
        // What a lock decides is used, whatever bound stands here.
        if (isLocked(input.name, search)) return [{ requirement: { ...requirement, specifier: [] }, by }];
        return [requirement, ...conditionalRequirements(input)].map((each) => ({ requirement: each, by }));
      }
      const extras = newExtras(input.name, input.extras, search);
      // Its version is decided, whatever bound stands here.
      return extras.length === 0
        ? []
        : [{ requirement: { ...requirementOf({ ...input, extras }), specifier: [] }, by }];
    }),
  );
  return wanted.flat();
}

/** Null: none yet, or one that stays whatever builds ask for. */
function versionOfTool(project: string, search: Search): Version | null {
  const isFree = search.solvedFor.get(project) !== 'run-time' && !isLocked(project, search);
  return isFree ? (search.versions.get(project) ?? null) : null;
}

function isLocked(project: string, search: Search): boolean {
  return fixedByLock(search.locked, 'check').has(project);
}

function needsGenerating(by: string, input: PythonInput, search: Search): boolean {
  if (!isSupplied(input.name, search)) return true;
  const demand = { by, requirement: requirementOf(input) };
  const { replaced } = misfitsOf(new Map([[input.name, [demand]]]), search);
  for (const { project, note } of replaced) search.misfits.set(project, note);
  return replaced.length > 0;
}

/** Whether only an inference speaks for a build requirement and no index has such a project: a module of the sdist that setup.py finds in a way of its own. */
async function isWrongGuess({ name, origins }: PythonInput, { reader }: Search): Promise<boolean> {
  if (origins.length === 0 || origins.some(({ kind }) => kind !== 'inference')) return false;
  return (await reader.releases(name)) === null;
}

function leaveOut(facts: PackageFacts, { name, origins }: PythonInput, search: Search): void {
  const read = search.packages.get(facts.name);
  if (read === undefined) return;
  const [origin] = origins;
  const text = `${name} is left out of build-system: no index has a project of that name, and only this speaks for it: ${origin?.text}`;
  const note: Note = { kind: 'guess', text, project: facts.name };
  const buildSystem = read.facts.inputs['build-system'].filter(
    (input) => input.kind !== 'python' || input.name !== name,
  );
  search.packages.set(facts.name, {
    ...read,
    facts: {
      ...read.facts,
      inputs: { ...read.facts.inputs, 'build-system': buildSystem },
      notes: [...read.facts.notes, note],
    },
  });
}
