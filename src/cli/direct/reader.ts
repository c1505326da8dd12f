import { excerpt } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { ReadRelease } from '../../classify/classify.ts';
import type { IndexFile } from '../../index/project-page.ts';
import { evaluateMarker, type Marker, type MarkerVariable } from '../../pep/marker.ts';
import { mentionsVariable } from '../../pep/marker-variables.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { requiresPythonAdmits } from '../../pep/requires-python.ts';
import { formatSourceAddress, parseSourceAddress, type SourceAddress } from '../../pep/source-address.ts';
import { parseWheelName } from '../../pep/wheel-name.ts';
import { wheelFits } from '../../pep/wheel-tags.ts';
import type { Release } from '../../resolve/provider.ts';
import { checkArchive } from '../../source/check-archive.ts';
import type { ReleaseReader } from '../release/release-reader.ts';
import type { RunTargets } from '../run/targets.ts';
import { isSameAddress, sameAddress } from './same-address.ts';
import type { DirectContext, DirectSource } from './source.ts';

/** A release reader that knows some projects by their addresses. */
export interface DirectReader extends ReleaseReader {
  /** By PEP 503 name, of all projects that are had by address: those that were asked for, and those that they require by address. Git addresses have their commit. */
  readonly addresses: ReadonlyMap<string, SourceAddress>;
}

export interface DirectReaderContext extends DirectContext {
  readonly targets: RunTargets;
  /** As of the reader: with `wheel` nobody calls `read`, so that `notes` tells what is to be said of a source. */
  readonly metadataFrom: 'sdist' | 'wheel';
  readonly requested: {
    readonly requirements: readonly Requirement[];
    /** By PEP 503 name the sha256 digests that requirements files admit. */
    readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
    /** Sources that were read to learn their names. */
    readonly sources: readonly DirectSource[];
  };
}

/**
 * The reader with projects whose only release is what an address holds. All are read at once, and so are those that they require by address in turn (`dep @ URL`),
 * with the extras that are asked for, so that the resolution knows every address before it begins.
 *
 * Throws UserError E_CONFLICTING_URLS (exit 1) for a project from two addresses, E_HASH_NOT_ADMITTED (1), E_HASH_NOT_CHECKED (65), and what `readDirectSource` throws.
 */
export async function withDirectSources(
  reader: ReleaseReader,
  direct: ReadonlyMap<string, SourceAddress>,
  context: DirectReaderContext,
): Promise<DirectReader> {
  const sources = await readAll(direct, context);
  // Requirements carry the address as it was first given, so that equal addresses are equal texts.
  const given = new Map([...sources].map(([name, { given: address }]) => [name, formatSourceAddress(address)]));
  const normal = (requirement: Requirement): Requirement => {
    const text = given.get(requirement.name);
    const source = sources.get(requirement.name);
    if (requirement.url === null || text === undefined || source === undefined) return requirement;
    return isSameAddress(addressOf(requirement, 'a requirement'), source.given)
      ? { ...requirement, url: text }
      : requirement;
  };
  const { targets } = context;
  const sourceOf = (name: string): DirectSource | null => sources.get(name)?.source ?? null;
  return {
    ...reader,
    addresses: new Map([...sources].map(([name, { source }]) => [name, source.address])),
    async releases(name) {
      const source = sourceOf(name);
      return source === null ? await reader.releases(name) : [releaseOf(source, targets)];
    },
    async requirements(name, version) {
      const source = sourceOf(name);
      const requirements =
        source === null ? await reader.requirements(name, version) : onTargets(source.release, targets);
      return requirements.map(normal);
    },
    async notes(name, version) {
      const source = sourceOf(name);
      if (source === null) return (await reader.notes?.(name, version)) ?? [];
      return context.metadataFrom === 'wheel' ? source.release.notes : [];
    },
    knowsAddress: (name, url) =>
      given.get(name) === url || (sources.has(name) && normal({ ...ANY, name, url }).url === given.get(name)),
    prefetch(name, version) {
      if (sourceOf(name) === null) reader.prefetch?.(name, version);
    },
    async read(name, version) {
      const source = sourceOf(name);
      const release = source === null ? await reader.read(name, version) : source.release;
      const requirements = source === null ? release.requirements : onTargets(release, targets);
      // The address is followed, so that from here on the name says all.
      return {
        ...release,
        notes: source === null ? release.notes : [...release.notes, ...source.expressionNotes],
        requirements: requirements.map((each) => (given.has(each.name) ? { ...each, url: null } : each)),
      };
    },
    async sourceFile(name, version) {
      const source = sourceOf(name);
      return source === null
        ? await reader.sourceFile(name, version)
        : { file: source.file ?? noFile(source), isPublic: false };
    },
    async files(name, version) {
      const source = sourceOf(name);
      if (source === null) return await reader.files(name, version);
      return { index: '', files: source.file === null ? [] : [source.file] };
    },
    async admits(name, version, python) {
      const source = sourceOf(name);
      return source === null
        ? await reader.admits(name, version, python)
        : admits(source.release.requiresPython, python);
    },
    async newestNeeds(name, version) {
      const source = sourceOf(name);
      if (source === null) return await reader.newestNeeds(name, version);
      const holding = source.release.requirements.filter(({ marker }) => holds(marker, targets, ''));
      return [...new Set(holding.map((requirement) => requirement.name))];
    },
  };
}

/** The addresses of a request: those of its requirements and constraints, and of a lock file where these have none. */
export function directAddresses(
  requested: { readonly direct: ReadonlyMap<string, SourceAddress> },
  locked: { readonly projects: ReadonlyMap<string, { readonly address: SourceAddress | null }> } | null,
): ReadonlyMap<string, SourceAddress> {
  const ofLock = [...(locked?.projects ?? [])].flatMap(([name, { address }]) =>
    address === null ? [] : [[name, address] as const],
  );
  return new Map([...ofLock, ...requested.direct]);
}

const ANY: Requirement = { name: '', spelled: '', extras: [], specifier: [], marker: null, url: null };

interface Followed {
  readonly source: DirectSource;
  /** As the first who asks writes it. */
  readonly given: SourceAddress;
  readonly by: string;
}

/** Reads the sources, and those that they lead to by address, until no new address and no new extra comes. */
async function readAll(
  direct: ReadonlyMap<string, SourceAddress>,
  context: DirectReaderContext,
): Promise<Map<string, Followed>> {
  const { requested, targets } = context;
  const sources = new Map<string, Followed>();
  const extras = new Map<string, Set<string>>();
  const ask = (requirement: Requirement): boolean => {
    const known = extras.get(requirement.name) ?? new Set();
    extras.set(requirement.name, known);
    const before = known.size;
    for (const extra of requirement.extras) known.add(extra);
    return known.size > before;
  };
  for (const requirement of requested.requirements) ask(requirement);

  let wanted: readonly Wanted[] = [...direct].map(([name, address]) => ({ name, address, by: 'the request' }));
  while (wanted.length > 0) {
    const read = await Promise.all(wanted.map((each) => readWanted(each, context)));
    for (const [index, source] of read.entries()) {
      const { name = '', address, by = '' } = wanted[index] ?? {};
      if (address !== undefined) sources.set(name, { source, given: address, by });
    }
    wanted = nextWanted();
  }
  return sources;

  function nextWanted(): Wanted[] {
    const next = new Map<string, Wanted>();
    for (let hasNew = true; hasNew; ) {
      hasNew = false;
      for (const [name, { source }] of sources) {
        const asked = ['', ...(extras.get(name) ?? [])];
        const active = source.release.requirements.filter(({ marker }) =>
          asked.some((extra) => holds(marker, targets, extra)),
        );
        for (const requirement of active) {
          if (ask(requirement)) hasNew = true;
          if (requirement.url === null || requirement.name === name) continue;
          const address = addressOf(requirement, name);
          const known = sources.get(requirement.name);
          const coming = next.get(requirement.name);
          const by = known?.by ?? coming?.by;
          const both = coming === undefined ? address : sameAddress(coming.address, address);
          if (by !== undefined && ((known !== undefined && !isSame(known, address)) || both === null))
            throw conflict(requirement.name, by, name);
          if (known !== undefined) checkDemand(known.source, address);
          else if (both !== null) next.set(requirement.name, { name: requirement.name, address: both, by: by ?? name });
        }
      }
    }
    return [...next.values()];
  }
}

interface Wanted {
  readonly name: string;
  readonly address: SourceAddress;
  /** Who asks for it. */
  readonly by: string;
}

function isSame(other: Followed, address: SourceAddress): boolean {
  return isSameAddress(other.given, address) || isSameAddress(other.source.address, address);
}

/** A digest that is demanded of what was read already. Throws UserError E_DIGEST_MISMATCH (exit 65). */
function checkDemand({ release: { source } }: DirectSource, address: SourceAddress): void {
  if (address.kind === 'archive' && (source.kind === 'sdist' || source.kind === 'wheel')) checkArchive(address, source);
}

async function readWanted({ name, address }: Wanted, context: DirectReaderContext): Promise<DirectSource> {
  const { requested } = context;
  const known = requested.sources.find(
    (source) => source.release.name === name && isSameAddress(withoutCommit(source.address), withoutCommit(address)),
  );
  // Few requests name addresses, and reading one brings the parser of Python.
  const { readDirectSource } = await import('./source.ts');
  const source = known ?? (await readDirectSource(address, { ...context, name }));
  checkDemand(source, address);
  const admitted = requested.hashes.get(name);
  if (admitted === undefined) return source;
  const found = source.release.source;
  if (found.kind === 'directory' || found.kind === 'git')
    throw new UserError(
      'E_HASH_NOT_CHECKED',
      `${name} has a --hash, but it is a ${found.kind === 'git' ? 'commit' : 'folder'}, which has no sha256`,
      { exit: EXIT.data, hint: 'leave --hash out, or name an archive' },
    );
  if (!admitted.has(found.sha256))
    throw new UserError(
      'E_HASH_NOT_ADMITTED',
      `${excerpt(found.filename)} has the sha256 ${found.sha256}, which the requirements file does not admit`,
      { hint: `add --hash=sha256:${found.sha256} to the requirement after checking the archive` },
    );
  return source;
}

/** A revision that was resolved once in a run is not resolved again: the branch may have moved. */
function withoutCommit(address: SourceAddress): SourceAddress {
  return address.kind === 'git' ? { ...address, commit: null } : address;
}

function addressOf({ name, url }: Requirement, by: string): SourceAddress {
  try {
    return parseSourceAddress(url ?? '');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${by} requires ${name} from an address: ${error.message}`, {
      exit: error.exit,
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

function conflict(name: string, first: string, second: string): UserError {
  return new UserError(
    'E_CONFLICTING_URLS',
    `${name} is asked for from two different addresses, by ${first} and by ${second}`,
    { hint: `give one address for ${name} in all requirements` },
  );
}

function releaseOf({ version, release, file }: DirectSource, targets: RunTargets): Release {
  const { requiresPython } = release;
  const refused = targets.binding.some((python) => !admits(requiresPython, python));
  const misfit = file?.kind === 'wheel' ? unfitting(file, targets) : null;
  return {
    version,
    yanked: null,
    excluded: refused ? `requires Python ${excerpt(requiresPython ?? '')}` : misfit,
  };
}

function unfitting({ filename }: IndexFile, { binding, tags }: RunTargets): string | null {
  const wheel = parseWheelName(filename);
  const serves = (python: string): boolean =>
    wheel !== null && tags.some((target) => target.python === python && wheelFits(wheel, target));
  return binding.every(serves) ? null : 'is a wheel for other interpreters or platforms';
}

/** Requirements that hold only on interpreters which the release excludes are not demanded. */
function onTargets(
  { requirements, requiresPython }: ReadRelease,
  { environments }: RunTargets,
): readonly Requirement[] {
  const admitted = environments.filter((environment) => admits(requiresPython, environment.python_version ?? ''));
  if (admitted.length === 0 || admitted.length === environments.length) return requirements;
  return requirements.filter(
    ({ marker }) =>
      marker === null ||
      mentionsVariable(marker, EXTRA) ||
      admitted.some((environment) => evaluateMarker(marker, environment)),
  );
}

const EXTRA: ReadonlySet<MarkerVariable> = new Set(['extra']);

function holds(marker: Marker | null, { environments }: RunTargets, extra: string): boolean {
  return marker === null || environments.some((environment) => evaluateMarker(marker, { ...environment, extra }));
}

function admits(requiresPython: string | null, python: string): boolean {
  return requiresPython === null || (requiresPythonAdmits(requiresPython, python) ?? true);
}

/** A folder or repository has no file; what stands for it has no address. */
function noFile({ release }: DirectSource): IndexFile {
  const { name, version } = release;
  return {
    ...{ kind: 'sdist', filename: `${name}-${version}`, version, url: '', sha256: null, requiresPython: null },
    ...{ size: null, uploadTime: null, yanked: null, coreMetadata: false },
  };
}
