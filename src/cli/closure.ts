import type { Note } from '../base/note.ts';
import type { ProgressSink } from '../base/progress.ts';
import { compareText, countOf } from '../base/text.ts';
import { UserError, userErrorsOf } from '../base/user-error.ts';
import { classify } from '../classify/classify.ts';
import type { PackageFacts, PythonInput } from '../classify/package-facts.ts';
import { applyOverrides } from '../overrides/apply.ts';
import { parseRequirement, type Requirement } from '../pep/requirement.ts';
import type { Version } from '../pep/version.ts';
import { resolutionFailureError } from '../report/resolution-failure.ts';
import type { Resolution } from '../resolve/provider.ts';
import type { ResolveOutcome } from '../resolve/request.ts';
import { resolve } from '../resolve/resolve.ts';
import { relaxations, withAskers, withLiftedBounds } from './build-bounds.ts';
import type { GenerateOptions } from './options.ts';
import type { RulesOf } from './override-layers.ts';
import type { ReleaseReader } from './release-reader.ts';
import type { RequestedProjects } from './requirement-arguments.ts';
import type { RunNames } from './run-names.ts';
import { isSupplied, misfitsOf, suppliedVersion } from './set-fit.ts';
import type { RunTargets } from './targets.ts';
import { extrasNamedBy } from './wanted-extras.ts';

export interface ClosureRequest {
  readonly requested: RequestedProjects;
  readonly options: GenerateOptions;
  /** Null: the form that serves several releases. */
  readonly release: string | null;
  readonly targets: RunTargets;
  readonly names: RunNames;
  readonly rulesOf: RulesOf;
  readonly reader: ReleaseReader;
  readonly onProgress: ProgressSink;
}

/** Every package that is generated, classified and after overrides, sorted by name. */
export interface Closure {
  readonly packages: readonly PackageFacts[];
  /** Packages (PEP 503 names) whose sdist brings its own build backend (`backend-path`). */
  readonly selfBuilt: ReadonlySet<string>;
  /** By package the extras that its requirements name, those of tests too. */
  readonly declaredExtras: ReadonlyMap<string, ReadonlySet<string>>;
  readonly notes: readonly Note[];
}

/**
 * Finds what has to be generated: resolves the run-time requirements, reads and classifies what was chosen, then the same for the build requirements of these, with
 * the versions of the former solve fixed, until nothing new is asked for.
 */
export async function findClosure(request: ClosureRequest): Promise<Closure> {
  const misfits = new Map<string, Note>();
  for (;;) {
    const before = misfits.size;
    const closure = await closureWithout(misfits, request);
    // What turned out not to fit may have counted as supplied in an earlier solve.
    if (closure === null || misfits.size > before) continue;
    return { ...closure, notes: [...misfits.values(), ...closure.notes] };
  }
}

interface Search extends ClosureRequest {
  /** Projects that the set has in a version that does not fit, each with the note that says so; grows on the way. */
  readonly misfits: Map<string, Note>;
  readonly versions: Map<string, Version>;
  /** By project (PEP 503 name) the extras that were resolved. */
  readonly extras: Map<string, ReadonlySet<string>>;
  readonly notes: Note[];
}

/** Null when a misfit was found that changes the earlier solves. */
async function closureWithout(misfits: Map<string, Note>, request: ClosureRequest): Promise<Closure | null> {
  const { requested, onProgress } = request;
  const search: Search = { ...request, misfits, versions: new Map(), extras: new Map(), notes: [] };
  const packages = new Map<string, ReadPackage>();
  onProgress({ kind: 'phase', text: `resolving ${countOf(requested.requirements.length, 'requirement')}` });

  let wanted: readonly Wanted[] = requested.requirements.map((requirement) => ({ requirement, by: null }));
  for (let wave = 0; wanted.length > 0; wave++) {
    const { packages: resolved } =
      wave === 0 ? await resolveRequested(requested.requirements, search) : await resolveBuild(wanted, search);
    const chosen = [...resolved.values()];
    // A package that is asked for a new extra is classified again, because the extra becomes part of its expression.
    const fresh = chosen.filter(
      ({ name, extras }) => !packages.has(name) || newExtras(name, extras, search).length > 0,
    );
    for (const { name, version, extras } of chosen) {
      search.versions.set(name, version);
      search.extras.set(name, new Set([...(search.extras.get(name) ?? []), ...extras]));
    }
    if (fresh.length > 0) onProgress({ kind: 'phase', text: `reading ${countOf(fresh.length, 'release')}` });
    const read = await Promise.all(fresh.map(({ name, version }) => readPackage(name, version, search)));
    for (const each of read) packages.set(each.facts.name, each);
    const known = misfits.size;
    wanted = read.flatMap(({ facts }) => buildRequirements(facts, search));
    if (misfits.size > known) return null;
  }
  const read = [...packages.values()];
  const sorted = read.map(({ facts }) => facts).sort((a, b) => compareText(a.name, b.name));
  const versionOf = (name: string): Version | null => search.versions.get(name) ?? suppliedVersion(name, search);
  return {
    packages: withLiftedBounds(sorted, versionOf),
    selfBuilt: new Set(read.flatMap(({ facts, isSelfBuilt }) => (isSelfBuilt ? [facts.name] : []))),
    declaredExtras: new Map(read.map(({ facts, extras }) => [facts.name, extras])),
    notes: search.notes,
  };
}

interface ReadPackage {
  readonly facts: PackageFacts;
  readonly isSelfBuilt: boolean;
  readonly extras: ReadonlySet<string>;
}

/** A requirement and the package (PEP 503 name) that asks for it; null for the user. */
interface Wanted {
  readonly requirement: Requirement;
  readonly by: string | null;
}

async function resolveRequested(requirements: readonly Requirement[], search: Search): Promise<Resolution> {
  const outcome = await resolveFitting(requirements, search);
  if (outcome.kind === 'failed') throw resolutionFailureError(outcome.failure);
  return outcome.resolution;
}

/** As strictly as it can be done. When not even giving up upper bounds helps, the failure of the strictest attempt is told. */
async function resolveBuild(wanted: readonly Wanted[], search: Search): Promise<Resolution> {
  const failures: unknown[] = [];
  for (const requirements of relaxations(wanted.map(({ requirement }) => requirement))) {
    try {
      return await resolveRequested(requirements, search);
    } catch (thrown) {
      if (!isUnmet(thrown)) throw withAskers(thrown, wanted);
      failures.push(withAskers(thrown, wanted));
    }
  }
  throw failures[0];
}

/** Whether other bounds could meet the request, which they cannot where a project is missing or an index fails. */
function isUnmet(thrown: unknown): boolean {
  const errors = userErrorsOf(thrown) ?? [];
  return (
    errors.length > 0 && errors.every(({ code }) => code === 'E_UNSATISFIABLE' || code === 'E_NO_MATCHING_VERSION')
  );
}

/** Resolves; when the set's version of a supplied project does not fit, again with that project generated. */
async function resolveFitting(requirements: readonly Requirement[], search: Search): Promise<ResolveOutcome> {
  for (;;) {
    const outcome = await resolve(
      {
        requirements,
        constraints: search.requested.constraints,
        targets: search.targets.environments,
        prereleases: search.requested.options.pre,
        supplies: (name) => isSupplied(name, search),
        strategy: 'highest',
        fixed: search.versions,
      },
      search.reader,
    );
    if (outcome.kind === 'failed') return outcome;
    const found = misfitsOf(outcome.resolution.supplied, search);
    for (const { project, note } of found.replaced) search.misfits.set(project, note);
    if (found.replaced.length > 0) continue;
    search.notes.push(...outcome.notes, ...found.kept);
    return outcome;
  }
}

async function readPackage(name: string, version: Version, request: Search): Promise<ReadPackage> {
  const release = await request.reader.read(name, version);
  checkHash(release.name, {
    sha256: release.source.sha256,
    filename: release.source.filename,
    admitted: request.requested.hashes,
  });
  const askedExtras = [...(request.extras.get(name) ?? [])];
  const facts = classify(release, { targets: request.targets.environments, askedExtras });
  const changed = applyOverrides(facts, await request.rulesOf(name), {
    release: request.release,
    environments: request.targets.environments,
  });
  const pyproject = release.facts.kind === 'sdist' ? release.facts.sdist.pyproject : null;
  return {
    facts: changed,
    isSelfBuilt: (pyproject?.backendPath.length ?? 0) > 0,
    extras: new Set([...extrasNamedBy(release.requirements), ...Object.keys(changed.optionalDependencies)]),
  };
}

function checkHash(
  name: string,
  found: { sha256: string; filename: string; admitted: RequestedProjects['hashes'] },
): void {
  const admitted = found.admitted.get(name);
  if (admitted === undefined || admitted.has(found.sha256)) return;
  throw new UserError(
    'E_HASH_NOT_ADMITTED',
    `${found.filename} has the sha256 ${found.sha256}, which the requirements file does not admit`,
    {
      hint: `add --hash=sha256:${found.sha256} to the requirement after checking the archive, or ask for the version that it admits`,
    },
  );
}

/** The build requirements of a package that have to be generated too, and those of extras that nobody asked for before. */
function buildRequirements(facts: PackageFacts, search: Search): Wanted[] {
  const inputs = [
    ...facts.inputs['build-system'],
    ...facts.inputs.nativeBuildInputs,
    ...facts.inputs.buildInputs,
    ...facts.inputs.dependencies,
  ];
  const by = facts.name;
  return inputs.flatMap((input) => {
    if (input.kind !== 'python') return [];
    if (!search.versions.has(input.name))
      return needsGenerating(by, input, search) ? [{ requirement: requirementOf(input), by }] : [];
    const extras = newExtras(input.name, input.extras, search);
    // Its version is decided, whatever bound stands here.
    return extras.length === 0 ? [] : [{ requirement: { ...requirementOf({ ...input, extras }), specifier: [] }, by }];
  });
}

/** Those of the extras that nobody has asked for yet. */
function newExtras(project: string, extras: readonly string[], search: Search): string[] {
  return extras.filter((extra) => search.extras.get(project)?.has(extra) !== true);
}

function needsGenerating(by: string, input: PythonInput, search: Search): boolean {
  if (!isSupplied(input.name, search)) return true;
  const demand = { by, requirement: requirementOf(input) };
  const { replaced } = misfitsOf(new Map([[input.name, [demand]]]), search);
  for (const { project, note } of replaced) search.misfits.set(project, note);
  return replaced.length > 0;
}

function requirementOf(input: PythonInput): Requirement {
  const extras = input.extras.length === 0 ? '' : `[${input.extras.join(',')}]`;
  return { ...parseRequirement(`${input.name}${extras}${input.specifier}`), marker: input.marker };
}
