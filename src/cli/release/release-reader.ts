import { hashingStream } from '../../archive/digest.ts';
import type { Note } from '../../base/note.ts';
import type { ProgressSink } from '../../base/progress.ts';
import { excerpt } from '../../base/text.ts';
import { UserError } from '../../base/user-error.ts';
import type { ReadRelease } from '../../classify/classify.ts';
import type { TargetWheel } from '../../classify/package-facts.ts';
import { chooseFile } from '../../index/choose-file.ts';
import type { ChosenWheel } from '../../index/choose-wheels.ts';
import type { IndexFile, ProjectPage } from '../../index/project-page.ts';
import type { IndexRelease } from '../../index/releases.ts';
import type { WheelFacts } from '../../metadata/release-facts.ts';
import { retrying } from '../../net/retry.ts';
import { evaluateMarker } from '../../pep/marker.ts';
import type { Requirement } from '../../pep/requirement.ts';
import type { SourceAddress } from '../../pep/source-address.ts';
import { compareVersions, isPrerelease, tryParseVersion, type Version } from '../../pep/version.ts';
import { type Provider, UNUSABLE_RELEASE } from '../../resolve/provider.ts';
import { missingBuild } from '../closure/missing-build.ts';
import { type Format, heavyBuild } from '../formats.ts';
import { memoized } from '../memoized.ts';
import type { RunTargets } from '../run/targets.ts';
import type { World } from '../world.ts';
import { openFile } from './download.ts';
import { createReleasePages, filesOfVersion } from './release-pages.ts';
import { linkedWheel, type ReleaseWheels, releaseWheels } from './release-wheels.ts';
import { createSdistReader } from './sdist-reader.ts';
import { sourceNotes } from './source-notes.ts';
import { admitsPython, onTargets, type Stated, statedBySdist, statedByWheel } from './stated-requirements.ts';
import { createCachedWheelReader } from './wheel-reader.ts';

export interface ReleaseReaderOptions {
  readonly world: World;
  readonly targets: RunTargets;
  /** Milliseconds since 1970; null: no limit. */
  readonly asOf: number | null;
  /** Which kind of archive a release is generated from. */
  readonly formatOf: (project: string, version: string) => Promise<Format>;
  /** Whether the package set has a project (PEP 503 name), so that no index is asked for it; missing: it has none. */
  readonly isSupplied?: (project: string) => boolean;
  /**
   * Where requirements are read: `sdist` as expressions are generated from it, a wheel where that is not exact; `wheel` in the METADATA of
   * a wheel, a small request, and in an sdist only where there is no wheel.
   */
  readonly metadataFrom: 'sdist' | 'wheel';
  readonly onProgress: ProgressSink;
}

/** Releases as the resolver asks for them and as classification needs them. Everything is read once in a run. */
export interface ReleaseReader extends Provider {
  /** Everything about a chosen release: its archive is read. */
  read(project: string, version: Version): Promise<ReadRelease>;
  /** The file that a release is generated from, and whether it is of the public index. */
  sourceFile(project: string, version: string): Promise<{ readonly file: IndexFile; readonly isPublic: boolean }>;
  /** All files of a release, those for other interpreters and platforms too; none that is newer than `asOf`. Throws for a release that is none of the index. */
  files(project: string, version: string): Promise<{ readonly index: string; readonly files: readonly IndexFile[] }>;
  /** Whether a release can be used on an interpreter (`3.13`): by what the page says of its files, else by what the release says. Upper bounds do not count. */
  admits(project: string, version: string, python: string): Promise<boolean>;
  /** Names of the indexes, in the order in which they are asked, without credentials. */
  readonly indexNames: readonly string[];
  /** Kinds of files of a project that no release is made of, for example `3 eggs`. Asked after its releases. */
  unusableFiles(project: string): readonly string[];
  /** What a project needs at run time (PEP 503 names) in a version, or in its newest one that is no pre-release; none when no index has it. */
  newestNeeds(project: string, version: string | null): Promise<readonly string[]>;
  /** By PEP 503 name, the projects that are had by address and not from an index; missing: none. */
  readonly addresses?: ReadonlyMap<string, SourceAddress>;
}

/** Above this size of the sdist in bytes the resolver asks the wheel: its metadata costs one small request. */
const LARGE_SDIST = 2 * 1024 * 1024;

/** Reads releases through the indexes of a run. */
export function createReleaseReader(options: ReleaseReaderOptions): ReleaseReader {
  const { world, targets } = options;
  const sdists = createSdistReader({ ...world, onProgress: options.onProgress });
  const wheels = createCachedWheelReader(options);
  const pages = createReleasePages(options);
  const stated = memoized(stateRequirements);
  const chosen = memoized(choose);

  return {
    releases: pages.releases,
    indexNames: world.indexNames,
    unusableFiles: pages.unusableFiles,
    requirements: (project, version) => usable(project, version.text),
    // A run that reads the releases tells them with the rest.
    notes: async (project, version) =>
      options.metadataFrom === 'wheel' ? (await stated(project, version.text)).notes : [],
    prefetch(project, version) {
      // The answer is asked for again when it is needed; a failure shows itself then.
      stated(project, version.text).catch(() => {});
    },
    sourceFile: chosen,
    async files(project, version) {
      const { page } = await pages.release(project, version);
      return { index: page.index, files: filesOfVersion(page, version, options.asOf) };
    },
    async admits(project, version, python) {
      const { page } = await pages.release(project, version);
      const said = filesOfVersion(page, version, options.asOf).filter(({ requiresPython }) => requiresPython !== null);
      if (said.length > 0) return said.some(({ requiresPython }) => admitsPython(requiresPython, python));
      return admitsPython((await stated(project, version)).requiresPython, python);
    },
    newestNeeds,
    read: readRelease,
  };

  /** What the release itself gets wrong makes it unusable; an index that fails is another matter. */
  async function usable(project: string, version: string): Promise<readonly Requirement[]> {
    try {
      const { requirements, requiresPython } = await stated(project, version);
      // Releases are judged by what the page says; where it says nothing, the release does.
      const { release } = await pages.release(project, version);
      const isUnsaid = release.files.every((file) => file.requiresPython === null);
      if (!isUnsaid || targets.binding.every((python) => admitsPython(requiresPython, python))) return requirements;
      throw new UserError(UNUSABLE_RELEASE, `requires Python ${excerpt(requiresPython ?? '')}`);
    } catch (error) {
      if (!(error instanceof UserError) || !FAULTS_OF_A_RELEASE.has(error.code)) throw error;
      throw new UserError(UNUSABLE_RELEASE, `cannot be read: ${error.message}`, { cause: error });
    }
  }

  async function newestNeeds(project: string, version: string | null): Promise<readonly string[]> {
    const known = (await pages.releases(project)) ?? [];
    const candidates = known.filter((release) => release.excluded === null && release.yanked === null);
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
    if (wheel?.kind === 'wheel')
      return onTargets(statedByWheel(await wheels.metadata(wheel), wheel), targets).requirements;
    return (await stated(project, release.version.text)).requirements;
  }

  function pick(project: string, release: IndexRelease, format: Format): { file: IndexFile; notes: readonly Note[] } {
    const file = chooseFile(release.files, { project, format, targets: targets.tags });
    if (file !== null) return file;
    throw new UserError('E_NO_FITTING_FILE', `${project} ${release.version.text} has no file that fits the targets`, {
      hint: 'choose other targets with --python and --platform',
    });
  }

  async function choose(project: string, version: string): Promise<ChosenSource> {
    const { page, release } = await pages.release(project, version);
    const isPublic = page.isPublicIndex === true;
    const format = await options.formatOf(project, version);
    const first = pick(project, release, format);
    const withWheels = ({ file, notes }: typeof first): ChosenSource => {
      const files = file.kind === 'wheel' ? filesOfVersion(page, version, options.asOf) : [];
      const found = releaseWheels(file, { project, files, targets });
      const own = found.wheels?.[0]?.file ?? file;
      return { file: own, wheels: found.wheels, isPublic, notes: [...notes, ...found.notes] };
    };
    if (format !== 'any' || first.file.kind === 'wheel') return withWheels(first);
    const { facts } = await sdists(first.file, { name: project, version });
    const reason =
      heavyBuild(facts) ??
      (await missingBuild(facts, {
        targets: targets.environments,
        isSupplied: options.isSupplied ?? (() => false),
        isPublished: async (name) => (await pages.releases(name)) !== null,
      }));
    const other = reason === null ? first : pick(project, release, 'wheel');
    if (reason === null || other.file.kind !== 'wheel') return withWheels(first);
    const chosen = withWheels(other);
    const text = `the wheel ${chosen.file.filename} is taken because ${reason}`;
    return { ...chosen, notes: [...chosen.notes, { kind: 'fallback', text, project }] };
  }

  async function stateRequirements(project: string, version: string): Promise<Stated> {
    const { page, release } = await pages.release(project, version);
    const wheel = chooseFile(release.files, { project, format: 'wheel', targets: targets.tags })?.file ?? null;
    const hasWheel = wheel?.kind === 'wheel';
    // The sdist is not what the expression is generated from: whether it can be read does not matter then.
    if (hasWheel && (options.metadataFrom === 'wheel' || (await options.formatOf(project, version)) === 'wheel'))
      return onTargets(statedByWheel(await wheels.metadata(wheel), wheel), targets);
    // A wheel for another platform states the same in all but a few projects, and states it exactly.
    const other = options.metadataFrom === 'wheel' ? otherWheel(page, version, options.asOf) : null;
    if (other !== null) return onTargets(statedByWheel(await wheels.metadata(other), other), targets);
    const sdist = chooseFile(release.files, { project, format: 'sdist', targets: targets.tags })?.file ?? null;
    if (sdist === null) throw new Error(`no file of ${project} ${version}`);
    const isSmall = sdist.kind === 'sdist' && (sdist.size === null || sdist.size <= LARGE_SDIST);
    const isRead = sdist.kind === 'sdist' && (isSmall || !hasWheel);
    const read = isRead ? await sdists(sdist, { name: project, version }) : null;
    const fromSdist = read === null ? null : statedBySdist(read.facts, { file: sdist, project });
    if (fromSdist !== null && (fromSdist.isExact || !hasWheel)) return onTargets(fromSdist, targets);
    if (wheel === null || wheel.kind !== 'wheel') throw new Error(`no wheel of ${project} ${version}`);
    return onTargets(statedByWheel(await wheels.metadata(wheel), wheel), targets);
  }

  async function readRelease(project: string, version: Version): Promise<ReadRelease> {
    const [{ file, wheels: variants, notes }, statement] = await Promise.all([
      chosen(project, version.text),
      stated(project, version.text),
    ]);
    const { page, release } = await pages.release(project, version.text);
    const { facts, sha256 } = await factsOf(file, { project, version: version.text, variants });
    return {
      name: project,
      version: version.text,
      source: {
        kind: file.kind,
        filename: file.filename,
        sha256,
        url: file.url,
        ...(variants === null ? {} : { wheels: await Promise.all(variants.map(targetWheel)) }),
      },
      facts,
      requirements: statement.requirements,
      requirementsFrom: statement.from,
      ...(statement.extrasFrom === undefined ? {} : { extrasFrom: statement.extrasFrom }),
      requiresPython: statement.requiresPython,
      notes: [...sourceNotes(file, page), ...release.notes, ...notes, ...statement.notes],
    };
  }

  async function factsOf(
    file: IndexFile,
    { project, version, variants }: { project: string; version: string; variants: ReleaseWheels['wheels'] },
  ): Promise<{ facts: ReadRelease['facts']; sha256: string }> {
    if (file.kind === 'sdist') {
      const { facts, sha256 } = await sdists(file, { name: project, version });
      return { facts: { kind: 'sdist', sdist: facts }, sha256 };
    }
    const wheel: WheelFacts = await wheels.facts(file);
    const linked = linkedWheel(file, variants);
    const links = linked === null ? null : { filename: linked.filename, read: await wheels.links(linked) };
    const facts = { kind: 'wheel', wheel, ...(links === null ? {} : { links }) } as const;
    return { facts, sha256: file.sha256 ?? (await digestOf(file)) };
  }

  async function targetWheel({ target, file }: ChosenWheel): Promise<TargetWheel> {
    return {
      python: target.python,
      system: target.platform,
      filename: file.filename,
      sha256: file.sha256 ?? (await digestOf(file)),
      url: file.url,
    };
  }

  async function digestOf(file: IndexFile): Promise<string> {
    return retrying(file.filename, async () => {
      const hashed = hashingStream(await openFile(file, world.http));
      for await (const _chunk of hashed.bytes);
      return hashed.digest();
    });
  }
}

/** What an expression is generated from. */
interface ChosenSource {
  readonly file: IndexFile;
  /** Where no single wheel serves all targets: those that do, of which `file` is the first. */
  readonly wheels: ReleaseWheels['wheels'];
  readonly isPublic: boolean;
  readonly notes: readonly Note[];
}

/** Codes of errors in what a release says. An sdist that is damaged, or another file than the index announces, may mean that somebody exchanged it. */
const FAULTS_OF_A_RELEASE: ReadonlySet<string> = new Set(['E_BAD_METADATA', 'E_BAD_WHEEL']);

/** A wheel of the release that fits no target, for the metadata; null where there is none. */
function otherWheel(page: ProjectPage, version: string, asOf: number | null): IndexFile | null {
  const wheels = filesOfVersion(page, version, asOf).filter((file) => file.kind === 'wheel');
  return wheels.find((file) => file.yanked === null) ?? wheels[0] ?? null;
}
