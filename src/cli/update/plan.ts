import type { Note } from '../../base/note.ts';
import { compareText, joinWords, sortedUnique } from '../../base/text.ts';
import { type BuildAsker, userErrorsOf } from '../../base/user-error.ts';
import type { PackageFacts, PythonInput } from '../../classify/package-facts.ts';
import type { RepositoryLock } from '../../lock/repository-lock.ts';
import { parseSpecifierSet } from '../../pep/specifier.ts';
import { parseVersion, tryParseVersion, type Version } from '../../pep/version.ts';
import { rangeHas, rangeOfSpecifiers } from '../../pep/version-range.ts';
import type { RecordedPackage } from '../../repository/generated-record.ts';
import type { Manifest } from '../../repository/manifest.ts';
import type { RepositoryUpdate, UpdateTarget } from '../../repository/package-update.ts';
import type { RunTimeResolution } from '../closure/run-time-resolution.ts';
import { cannotBeMet } from '../closure/unmet.ts';
import { manifestOptions, type WorkOptions } from '../repository/repository-manifest.ts';
import { type ResolvedRepository, resolveRepository } from '../repository/resolve-repository.ts';
import type { FoundRun } from '../run/found-run.ts';
import type { CommandContext } from '../world.ts';
import type { UpdateBounds } from './held.ts';
import type { UpdateLimits, UpdatePages } from './pages.ts';
import { packageUpdates } from './rows.ts';
import type { VersionStep, VulnerabilityChange } from './vulnerabilities.ts';

/** What an update of a repository would do, and the lock file that it makes. */
export interface UpdatePlan {
  readonly update: RepositoryUpdate;
  /** Text of the lock file. */
  readonly lock: string;
  /** What each package that is generated needs of Python packages, for its build and its tests too: PEP 503 names by name. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Packages that come from folders, archives or repositories that the user names. */
  readonly addressed: ReadonlySet<string>;
  /** As in the request, with what the plan itself found: its builds ask for what the update may not take. */
  readonly stays: UpdatePlanRequest['stays'];
  readonly notes: readonly Note[];
}

export interface UpdatePlanRequest {
  readonly root: string;
  /** As it will be. */
  readonly manifest: Manifest;
  /** As it is. */
  readonly lock: RepositoryLock;
  /** What is generated now. */
  readonly packages: readonly RecordedPackage[];
  /** PEP 503 names of the packages that get new versions. */
  readonly selected: ReadonlySet<string>;
  /** Why packages stay at the version in use, clauses by PEP 503 name. */
  readonly stays: ReadonlyMap<string, string>;
  readonly target: UpdateTarget;
  /** As `UpdateLimits`, and the options that say it. */
  readonly until: number | null;
  readonly untilOption: string;
  readonly pages: UpdatePages;
  readonly vulnerabilitiesOf: (step: VersionStep) => Promise<VulnerabilityChange>;
  readonly work: WorkOptions;
  readonly context: CommandContext;
}

/**
 * Resolves the newest versions that may be taken, all together, since a package set has one version of each. No version goes back, unless what the manifest asks for
 * cannot be met without that. A package whose newer build asks for what the update may not take, or which newly needs what needs it, stays at its version.
 * Throws what `resolveRepository` throws.
 */
export async function planUpdate(request: UpdatePlanRequest): Promise<UpdatePlan> {
  try {
    return await planned(request, false);
  } catch (thrown) {
    const held = new Map([...heldByCycles(thrown, request), ...heldByBuilds(thrown, request)]);
    if (held.size > 0) {
      return await planUpdate({ ...request, stays: new Map([...request.stays, ...held]) }).catch((second: unknown) => {
        throw cannotBeMet(second) ? thrown : second;
      });
    }
    if (!cannotBeMet(thrown)) throw thrown;
    const plan = await planned(request, true).catch((second: unknown) => {
      throw userErrorsOf(second) === undefined ? second : thrown;
    });
    const text = 'without versions that go back there is no solution for what pypi2nix.toml asks for';
    return { ...plan, notes: [{ kind: 'fallback', text }, ...plan.notes] };
  }
}

/**
 * Who has to stay so that builds find what they ask for, with the reason: of the packages that may move those that ask for other versions than are in use, else all that
 * ask. Each round names others, and with the versions in use all that is built was built before.
 */
function heldByBuilds(
  thrown: unknown,
  { lock, selected, stays }: Pick<UpdatePlanRequest, 'lock' | 'selected' | 'stays'>,
): ReadonlyMap<string, string> {
  const inUse = versionsIn(lock);
  const askers = (userErrorsOf(thrown) ?? [])
    .flatMap((error) => error.askers)
    .filter(({ by }) => inUse.has(by) && selected.has(by) && !stays.has(by));
  const isMet = ({ name, specifier }: BuildAsker): boolean => {
    const version = inUse.get(name);
    return version !== undefined && rangeHas(rangeOfSpecifiers(parseSpecifierSet(specifier)), version);
  };
  const others = askers.filter((asker) => !isMet(asker));
  return new Map(
    (others.length > 0 ? others : askers).map(({ by, name, specifier }) => [
      by,
      `newer ones ask for ${name}${specifier} to be built, which this update may not take`,
    ]),
  );
}

/** Of each cycle one that may move and has to stay, with the reason. Each round names another, and the versions in use made no cycle. */
function heldByCycles(
  thrown: unknown,
  { lock, selected, stays }: Pick<UpdatePlanRequest, 'lock' | 'selected' | 'stays'>,
): ReadonlyMap<string, string> {
  const inUse = versionsIn(lock);
  return new Map(
    (userErrorsOf(thrown) ?? []).flatMap(({ cycle }) => {
      const moving = cycle.find((name) => inUse.has(name) && selected.has(name) && !stays.has(name));
      const others = sortedUnique(cycle.filter((name) => name !== moving));
      const what =
        others.length === 0 ? 'newer ones need themselves' : `newer ones and ${joinWords(others)} need each other`;
      return moving === undefined ? [] : [[moving, what]];
    }),
  );
}

async function planned(request: UpdatePlanRequest, mayGoBack: boolean): Promise<UpdatePlan> {
  const { root, manifest, lock, selected, stays, context, pages, work } = request;
  const limits: UpdateLimits = {
    current: versionsIn(lock),
    target: request.target,
    until: request.until,
    stays: (project) => stays.has(project),
    mayGoBack,
  };
  const seen: { resolved: RunTimeResolution | null; update: SeenUpdate | null } = { resolved: null, update: null };
  const resolved: ResolvedRepository = await resolveRepository({
    root,
    // The pages say what was there when.
    options: { ...manifestOptions(manifest, work), asOf: null },
    pins: manifest.pins,
    previous: lock,
    forgets: (project) => selected.has(project) && !stays.has(project),
    index: (world) => pages.limited(world.index, limits),
    watch: {
      resolved(resolution) {
        seen.resolved = resolution;
      },
      async found(found) {
        if (seen.resolved === null) throw new Error('the run-time packages are resolved first');
        seen.update = await seenUpdate(found, { request, limits, resolved: seen.resolved });
      },
    },
    context,
  });
  if (seen.update === null) throw new Error('what is generated is looked at before the lock file is made');
  const { notes, ...update } = seen.update;
  return { ...update, stays, lock: resolved.text, notes: [...resolved.notes, ...notes] };
}

type SeenUpdate = Omit<UpdatePlan, 'lock' | 'stays'>;

async function seenUpdate(
  found: FoundRun,
  {
    request,
    limits,
    resolved,
  }: { readonly request: UpdatePlanRequest; readonly limits: UpdateLimits; readonly resolved: RunTimeResolution },
): Promise<SeenUpdate> {
  const { closure, reader, inputs } = found;
  const pinned = new Set(request.manifest.pins.map(({ constraint }) => constraint));
  const bounds: UpdateBounds = {
    limits,
    untilOption: request.untilOption,
    stays: request.stays,
    pins: request.manifest.pins,
    roots: closure.roots,
    constraints: inputs.requested.constraints.filter((each) => !pinned.has(each)),
    needs: [...needsOfResolution(resolved), ...closure.packages.flatMap(needsOfPackage)],
    chosen: new Map([
      ...[...resolved.resolution.packages].map(([name, { version }]) => [name, version] as const),
      ...closure.packages.map(({ name, version }) => [name, parseVersion(version)] as const),
    ]),
  };
  const indexed = closure.packages.filter(({ name }) => !reader.addresses.has(name));
  const { packages, notes } = await packageUpdates(indexed, { request, found, bounds });
  const before = new Set(request.packages.map(({ name }) => name));
  const after = new Set(closure.packages.map(({ name }) => name));
  return {
    update: {
      packages,
      added: closure.packages
        .filter(({ name }) => !before.has(name))
        .map(({ name, version }) => ({ name, version }))
        .sort((a, b) => compareText(a.name, b.name)),
      removed: [...before]
        .filter((name) => !after.has(name))
        .sort(compareText)
        .map((name) => ({ name, version: limits.current.get(name)?.text ?? '' })),
    },
    needs: new Map(closure.packages.map((facts) => [facts.name, new Set(inputsOf(facts).map(({ name }) => name))])),
    addressed: new Set(reader.addresses.keys()),
    notes,
  };
}

/** The versions in use, of what is generated and of what installers take. */
export function versionsIn({ releases }: RepositoryLock): ReadonlyMap<string, Version> {
  return new Map(
    releases.flatMap(({ name, version }) => {
      const parsed = tryParseVersion(version);
      return parsed === null ? [] : [[name, parsed] as const];
    }),
  );
}

function needsOfResolution({ resolution }: RunTimeResolution): UpdateBounds['needs'] {
  return [...resolution.packages.values()].flatMap(({ name: owner, version, requirements }) =>
    requirements.map(({ name, specifier }) => ({ by: `${owner} ${version.text}`, name, specifier })),
  );
}

/** What its build needs; the needs at run time are those of the resolution. */
function needsOfPackage({ name, version, inputs }: PackageFacts): UpdateBounds['needs'] {
  return inputs['build-system'].flatMap((input) =>
    input.kind === 'python' ? [{ by: `${name} ${version}`, name: input.name, specifier: input.specifier }] : [],
  );
}

function inputsOf({ inputs, optionalDependencies }: PackageFacts): readonly PythonInput[] {
  return [...Object.values(inputs), ...Object.values(optionalDependencies)]
    .flat()
    .filter((input): input is PythonInput => input.kind === 'python');
}
