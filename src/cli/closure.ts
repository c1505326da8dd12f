import type { Note } from '../base/note.ts';
import type { ProgressSink } from '../base/progress.ts';
import { compareText, countOf } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import { classify } from '../classify/classify.ts';
import type { PackageFacts, PythonInput } from '../classify/package-facts.ts';
import { BOOTSTRAP_PROJECTS } from '../nixpkgs/bootstrap.ts';
import { applyOverrides } from '../overrides/apply.ts';
import { parseRequirement, type Requirement } from '../pep/requirement.ts';
import { parseSpecifierSet, specifierAllows } from '../pep/specifier.ts';
import { tryParseVersion, type Version } from '../pep/version.ts';
import { resolutionFailureError } from '../report/resolution-failure.ts';
import type { Resolution } from '../resolve/provider.ts';
import { resolve } from '../resolve/resolve.ts';
import type { GenerateOptions } from './options.ts';
import type { RulesOf } from './override-layers.ts';
import type { ReleaseReader } from './release-reader.ts';
import type { RequestedProjects } from './requirement-arguments.ts';
import type { RunNames } from './run-names.ts';
import type { RunTargets } from './targets.ts';

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
  readonly versions: ReadonlyMap<string, Version>;
  readonly notes: readonly Note[];
}

/**
 * Finds what has to be generated: resolves the run-time requirements, reads and classifies what was chosen, then the same for the build requirements of these, with
 * the versions of the former solve fixed, until nothing new is asked for.
 */
export async function findClosure(request: ClosureRequest): Promise<Closure> {
  const { requested, onProgress } = request;
  const misfits = new Set<string>();
  const notes: Note[] = [];
  onProgress({ kind: 'phase', text: `resolving ${countOf(requested.requirements.length, 'requirement')}` });
  const versions = new Map<string, Version>();
  const packages = new Map<string, PackageFacts>();

  let wanted = requested.requirements;
  while (wanted.length > 0) {
    const resolution = await resolveFitting(wanted, { ...request, fixed: versions, misfits, notes });
    const fresh = [...resolution.packages.values()].filter(({ name }) => !versions.has(name));
    for (const { name, version } of fresh) versions.set(name, version);
    if (fresh.length > 0) onProgress({ kind: 'phase', text: `reading ${countOf(fresh.length, 'release')}` });
    const read = await Promise.all(fresh.map(({ name, version }) => readPackage(name, version, request)));
    for (const facts of read) packages.set(facts.name, facts);
    wanted = read.flatMap((facts) => buildRequirements(facts, { ...request, versions, misfits, notes }));
  }
  return { packages: [...packages.values()].sort((a, b) => compareText(a.name, b.name)), versions, notes };
}

interface SolveContext extends ClosureRequest {
  readonly fixed: ReadonlyMap<string, Version>;
  /** Projects that the set has in a version that does not fit; found on the way. */
  readonly misfits: Set<string>;
  readonly notes: Note[];
}

/** Resolves; when the set's version of a supplied project does not fit, again with that project generated. */
async function resolveFitting(requirements: readonly Requirement[], context: SolveContext): Promise<Resolution> {
  for (;;) {
    const outcome = await resolve(
      {
        requirements,
        constraints: context.requested.constraints,
        targets: context.targets.environments,
        prereleases: context.requested.options.pre,
        supplies: (name) => isSupplied(name, context),
        strategy: 'highest',
        fixed: context.fixed,
      },
      context.reader,
    );
    if (outcome.kind === 'failed') throw resolutionFailureError(outcome.failure);
    const found = misfitsOf(outcome.resolution, context);
    if (found.length === 0) {
      context.notes.push(...outcome.notes);
      return outcome.resolution;
    }
    for (const { name, note } of found) {
      context.misfits.add(name);
      context.notes.push(note);
    }
  }
}

function isSupplied(
  name: string,
  { options, names, misfits }: Pick<SolveContext, 'options' | 'names' | 'misfits'>,
): boolean {
  switch (options.deps) {
    case 'named':
      return true;
    case 'missing':
      return names.inSet(name) !== null && !misfits.has(name);
    case 'all':
      return BOOTSTRAP_PROJECTS.has(name) && !options.bootstrap;
  }
}

function misfitsOf(resolution: Resolution, context: SolveContext): { name: string; note: Note }[] {
  if (context.options.deps !== 'missing') return [];
  return [...resolution.supplied].flatMap(([name, demands]) => {
    const has = context.names.inSet(name)?.version ?? null;
    const version = has === null ? null : tryParseVersion(has);
    const unmet =
      version === null
        ? undefined
        : demands.find(({ requirement }) => !specifierAllows(requirement.specifier, version, { prereleases: true }));
    if (unmet === undefined) return [];
    const who = unmet.by === null ? 'you ask' : `${unmet.by} asks`;
    const note: Note = {
      kind: 'fallback',
      text: `${name} is generated: the package set has ${has}, ${who} for ${unmet.requirement.specifier.map(({ operator, version: bound }) => operator + bound).join(',')}`,
      project: name,
    };
    return [{ name, note }];
  });
}

async function readPackage(name: string, version: Version, request: ClosureRequest): Promise<PackageFacts> {
  const release = await request.reader.read(name, version);
  checkHash(release.name, {
    sha256: release.source.sha256,
    filename: release.source.filename,
    admitted: request.requested.hashes,
  });
  const facts = classify(release, { targets: request.targets.environments });
  return applyOverrides(facts, await request.rulesOf(name), {
    release: request.release,
    environments: request.targets.environments,
  });
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

/** The build requirements of a package that have to be generated too. A bound that excludes the version chosen before is lifted with a note. */
function buildRequirements(
  facts: PackageFacts,
  context: ClosureRequest & { versions: ReadonlyMap<string, Version>; misfits: Set<string>; notes: Note[] },
): Requirement[] {
  const inputs = [
    ...facts.inputs['build-system'],
    ...facts.inputs.nativeBuildInputs,
    ...facts.inputs.buildInputs,
    ...facts.inputs.dependencies,
  ];
  return inputs.flatMap((input) => {
    if (input.kind !== 'python') return [];
    const chosen = context.versions.get(input.name);
    if (chosen === undefined) return needsGenerating(input, context) ? [requirementOf(input)] : [];
    if (!specifierAllows(parseSpecifierSet(input.specifier), chosen, { prereleases: true })) {
      context.notes.push({
        kind: 'warning',
        text: `${facts.name} asks for ${input.name}${input.specifier} to build; ${chosen.text} was chosen before and is used`,
        project: facts.name,
      });
    }
    return [];
  });
}

function needsGenerating(input: PythonInput, context: ClosureRequest & { misfits: Set<string> }): boolean {
  if (!isSupplied(input.name, context)) return true;
  const has = context.options.deps === 'missing' ? (context.names.inSet(input.name)?.version ?? null) : null;
  const version = has === null ? null : tryParseVersion(has);
  if (version === null || specifierAllows(parseSpecifierSet(input.specifier), version, { prereleases: true }))
    return false;
  context.misfits.add(input.name);
  return true;
}

function requirementOf(input: PythonInput): Requirement {
  const extras = input.extras.length === 0 ? '' : `[${input.extras.join(',')}]`;
  return { ...parseRequirement(`${input.name}${extras}${input.specifier}`), marker: input.marker };
}
