import { hashingStream } from '../archive/digest.ts';
import type { Note } from '../base/note.ts';
import type { ProgressSink } from '../base/progress.ts';
import { UserError } from '../base/user-error.ts';
import type { ReadRelease } from '../classify/classify.ts';
import { chooseFile } from '../index/choose-file.ts';
import type { IndexFile, ProjectPage } from '../index/project-page.ts';
import { type IndexRelease, releasesOf } from '../index/releases.ts';
import type { WheelFacts } from '../metadata/release-facts.ts';
import { metadataRequirements, staticRequirements } from '../metadata/release-requirements.ts';
import { isReliable } from '../metadata/requirement-source.ts';
import { retrying } from '../net/retry.ts';
import type { CoreMetadata } from '../pep/core-metadata.ts';
import { evaluateMarker, type MarkerVariable } from '../pep/marker.ts';
import { mentionsVariable } from '../pep/marker-variables.ts';
import type { Requirement } from '../pep/requirement.ts';
import { requiresPythonAdmits } from '../pep/requires-python.ts';
import { compareVersions, isPrerelease, tryParseVersion, type Version } from '../pep/version.ts';
import type { Provider } from '../resolve/provider.ts';
import { openFile } from './download.ts';
import { type Format, heavyBuild } from './formats.ts';
import { createSdistReader } from './sdist-reader.ts';
import { nothingUsable, sourceNotes } from './source-notes.ts';
import type { RunTargets } from './targets.ts';
import { createCachedWheelReader } from './wheel-reader.ts';
import type { World } from './world.ts';

export interface ReleaseReaderOptions {
  readonly world: World;
  readonly targets: RunTargets;
  /** Milliseconds since 1970; null: no limit. */
  readonly asOf: number | null;
  /** Which kind of archive a release is generated from. */
  readonly formatOf: (project: string, version: string) => Promise<Format>;
  readonly onProgress: ProgressSink;
}

/** Releases as the resolver asks for them and as classification needs them. Everything is read once in a run. */
export interface ReleaseReader extends Provider {
  /** Everything about a chosen release: its archive is read. */
  read(project: string, version: Version): Promise<ReadRelease>;
  /** The file that a release is generated from, and whether it is of the public index. */
  sourceFile(project: string, version: string): Promise<{ readonly file: IndexFile; readonly isPublic: boolean }>;
  /** What a project needs at run time (PEP 503 names) in a version, or in its newest one that is no pre-release; none when no index has it. */
  newestNeeds(project: string, version: string | null): Promise<readonly string[]>;
}

/** Above this size of the sdist in bytes the resolver asks the wheel: its metadata costs one small request. */
const LARGE_SDIST = 2 * 1024 * 1024;

const EXTRA: ReadonlySet<MarkerVariable> = new Set(['extra']);

interface Stated {
  readonly requirements: readonly Requirement[];
  readonly from: ReadRelease['requirementsFrom'];
  readonly requiresPython: string | null;
  readonly notes: readonly Note[];
}

/** Reads releases through the indexes of a run. */
export function createReleaseReader(options: ReleaseReaderOptions): ReleaseReader {
  const { world, targets } = options;
  const sdists = createSdistReader({ ...world, onProgress: options.onProgress });
  const wheels = createCachedWheelReader(options);
  const pages = memoized(async (project: string) => {
    const page = await world.index.project(project);
    if (page === null) return null;
    const { releases, notes } = releasesOf(page, {
      targets: targets.tags,
      pythons: targets.binding,
      asOf: options.asOf,
    });
    world.notes.push(...notes, ...nothingUsable(page, releases));
    return { page, releases: new Map(releases.map((release) => [release.version.text, release])) };
  });
  const stated = memoized(stateRequirements);
  const chosen = memoized(choose);

  return {
    async releases(project) {
      const known = await pages(project);
      return known === null ? null : [...known.releases.values()];
    },
    requirements: async (project, version) => (await stated(project, version.text)).requirements,
    prefetch(project, version) {
      // The answer is asked for again when it is needed; a failure shows itself then.
      stated(project, version.text).catch(() => {});
    },
    sourceFile: chosen,
    newestNeeds,
    read: readRelease,
  };

  async function newestNeeds(project: string, version: string | null): Promise<readonly string[]> {
    const known = await pages(project);
    const candidates = [...(known?.releases.values() ?? [])].filter(
      (release) => release.excluded === null && release.yanked === null,
    );
    const asked =
      version === null
        ? undefined
        : candidates.find((release) => release.version.text === tryParseVersion(version)?.text);
    const stable = candidates.filter((release) => !isPrerelease(release.version));
    const [newest] = [...stable].sort((a, b) => compareVersions(b.version, a.version));
    const release = asked ?? newest;
    if (release === undefined) return [];
    const requirements = await runTimeRequirements(project, release);
    const needed = requirements.filter(
      ({ marker }) =>
        marker === null || targets.environments.some((environment) => evaluateMarker(marker, environment)),
    );
    return [...new Set(needed.map(({ name }) => name))];
  }

  /** By the metadata of a wheel where there is one: a small request, while an sdist has all tests of the project to be read with it. */
  async function runTimeRequirements(project: string, release: IndexRelease): Promise<readonly Requirement[]> {
    const wheel = chooseFile(release.files, { project, format: 'wheel', targets: targets.tags })?.file ?? null;
    if (wheel?.kind === 'wheel') return onTargets(statedByWheel(await wheels.metadata(wheel), wheel)).requirements;
    return (await stated(project, release.version.text)).requirements;
  }

  async function filesOf(project: string, version: string): Promise<{ page: ProjectPage; release: IndexRelease }> {
    const known = await pages(project);
    const release = known?.releases.get(version);
    if (known === null || known === undefined || release === undefined)
      throw new Error(`no release ${version} of ${project}`);
    return { page: known.page, release };
  }

  function pick(project: string, release: IndexRelease, format: Format): { file: IndexFile; notes: readonly Note[] } {
    const file = chooseFile(release.files, { project, format, targets: targets.tags });
    if (file !== null) return file;
    throw new UserError('E_NO_FITTING_FILE', `${project} ${release.version.text} has no file that fits the targets`, {
      hint: 'choose other targets with --python and --platform',
    });
  }

  async function choose(
    project: string,
    version: string,
  ): Promise<{ file: IndexFile; isPublic: boolean; notes: readonly Note[] }> {
    const { page, release } = await filesOf(project, version);
    const isPublic = page.isPublicIndex === true;
    const format = await options.formatOf(project, version);
    const first = pick(project, release, format);
    if (format !== 'any' || first.file.kind === 'wheel') return { ...first, isPublic };
    const { facts } = await sdists(first.file, { name: project, version });
    const reason = heavyBuild(facts);
    const other = reason === null ? first : pick(project, release, 'wheel');
    if (reason === null || other.file.kind !== 'wheel') return { ...first, isPublic };
    return {
      file: other.file,
      isPublic,
      notes: [
        ...other.notes,
        { kind: 'fallback', text: `the wheel ${other.file.filename} is taken because ${reason}`, project },
      ],
    };
  }

  async function stateRequirements(project: string, version: string): Promise<Stated> {
    const { release } = await filesOf(project, version);
    const sdist = chooseFile(release.files, { project, format: 'sdist', targets: targets.tags })?.file ?? null;
    const wheel = chooseFile(release.files, { project, format: 'wheel', targets: targets.tags })?.file ?? null;
    const hasWheel = wheel?.kind === 'wheel';
    if (sdist === null) throw new Error(`no file of ${project} ${version}`);
    // The sdist is not what the expression is generated from: whether it can be read does not matter then.
    if (hasWheel && (await options.formatOf(project, version)) === 'wheel')
      return onTargets(statedByWheel(await wheels.metadata(wheel), wheel));
    const isSmall = sdist.kind === 'sdist' && (sdist.size === null || sdist.size <= LARGE_SDIST);
    const fromSdist =
      sdist.kind === 'sdist' && (isSmall || !hasWheel) ? await statedBySdist(sdist, { project, version }) : null;
    if (fromSdist !== null && (fromSdist.isExact || !hasWheel)) return onTargets(fromSdist);
    if (wheel === null || wheel.kind !== 'wheel') throw new Error(`no wheel of ${project} ${version}`);
    const metadata = await wheels.metadata(wheel);
    return onTargets(statedByWheel(metadata, wheel));
  }

  async function statedBySdist(
    file: IndexFile,
    { project, version }: { project: string; version: string },
  ): Promise<Stated & { isExact: boolean }> {
    const { facts } = await sdists(file, { name: project, version });
    const known = staticRequirements(facts, project);
    const metadata = facts.coreMetadata;
    const holds = metadata !== null && isReliable(metadata) && !metadata.dynamic.includes('requires-dist');
    return {
      requirements: known.requirements,
      from: { text: `declared in ${known.source}`, file: known.source },
      requiresPython: file.requiresPython ?? metadata?.requiresPython ?? null,
      notes: known.notes,
      isExact: holds || known.source.endsWith('of pyproject.toml'),
    };
  }

  function statedByWheel(metadata: CoreMetadata, wheel: IndexFile): Stated {
    const { requirements, notes } = metadataRequirements(metadata, 'METADATA');
    return {
      requirements,
      from: { text: `declared in the METADATA of ${wheel.filename}`, file: 'METADATA' },
      requiresPython: wheel.requiresPython ?? metadata.requiresPython,
      notes,
    };
  }

  /** Requirements that hold only on interpreters which the release excludes are not demanded. */
  function onTargets(statement: Stated): Stated {
    const admitted = targets.environments.filter((environment) =>
      admits(statement.requiresPython, environment.python_version ?? ''),
    );
    if (admitted.length === 0 || admitted.length === targets.environments.length) return statement;
    const requirements = statement.requirements.filter(
      ({ marker }) =>
        marker === null ||
        mentionsVariable(marker, EXTRA) ||
        admitted.some((environment) => evaluateMarker(marker, environment)),
    );
    return { ...statement, requirements };
  }

  async function readRelease(project: string, version: Version): Promise<ReadRelease> {
    const [{ file, notes }, statement] = await Promise.all([
      chosen(project, version.text),
      stated(project, version.text),
    ]);
    const { page, release } = await filesOf(project, version.text);
    const { facts, sha256 } = await factsOf(file, { project, version: version.text });
    return {
      name: project,
      version: version.text,
      source: { kind: file.kind, filename: file.filename, sha256, url: file.url },
      facts,
      requirements: statement.requirements,
      requirementsFrom: statement.from,
      requiresPython: statement.requiresPython,
      notes: [...sourceNotes(file, page), ...release.notes, ...notes, ...statement.notes],
    };
  }

  async function factsOf(
    file: IndexFile,
    { project, version }: { project: string; version: string },
  ): Promise<{ facts: ReadRelease['facts']; sha256: string }> {
    if (file.kind === 'sdist') {
      const { facts, sha256 } = await sdists(file, { name: project, version });
      return { facts: { kind: 'sdist', sdist: facts }, sha256 };
    }
    const wheel: WheelFacts = await wheels.facts(file);
    if (file.sha256 !== null) return { facts: { kind: 'wheel', wheel }, sha256: file.sha256 };
    return { facts: { kind: 'wheel', wheel }, sha256: await digestOf(file) };
  }

  async function digestOf(file: IndexFile): Promise<string> {
    return retrying(file.filename, async () => {
      const hashed = hashingStream(await openFile(file, world.http));
      for await (const _chunk of hashed.bytes);
      return hashed.digest();
    });
  }
}

/** The function with its answers remembered by its arguments; neither names nor versions have blanks. */
function memoized<Arguments extends readonly string[], Value>(
  make: (...given: Arguments) => Promise<Value>,
): (...given: Arguments) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (...given) => {
    const key = given.join(' ');
    const value = known.get(key) ?? make(...given);
    known.set(key, value);
    return value;
  };
}

function admits(requiresPython: string | null, python: string): boolean {
  return requiresPython === null || (requiresPythonAdmits(requiresPython, python) ?? true);
}
