import type { Note } from '../../base/note.ts';
import { compareText, excerpt } from '../../base/text.ts';
import { UserError } from '../../base/user-error.ts';
import { uploadInstant } from '../../index/file-table.ts';
import type { ProjectPage } from '../../index/project-page.ts';
import { type IndexRelease, releasesOf } from '../../index/releases.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { compareVersions, isPrerelease, parseVersion, type Version } from '../../pep/version.ts';
import type { PackageUpdate, ReleaseChanges } from '../../repository/package-update.ts';
import { UNUSABLE_RELEASE } from '../../resolve/provider.ts';
import { scopeRequirement } from '../../resolve/scope.ts';
import { filesOfVersion } from '../release/release-pages.ts';
import type { FoundRun } from '../run/found-run.ts';
import { releaseChanges } from './changes.ts';
import { type UpdateBounds, whyHeldBack } from './held.ts';
import type { UpdatePlanRequest } from './plan.ts';
import { NO_VULNERABILITIES } from './vulnerabilities.ts';

interface RowContext {
  readonly request: Pick<UpdatePlanRequest, 'packages' | 'selected' | 'pages' | 'vulnerabilitiesOf' | 'context'>;
  readonly found: FoundRun;
  readonly bounds: UpdateBounds;
}

/**
 * What an update does with each package that is generated from an index before and after, by name: those that were selected, and those that move because others
 * need it. `generated`: what is generated after.
 */
export async function packageUpdates(
  generated: readonly { readonly name: string; readonly version: string }[],
  context: RowContext,
): Promise<{ readonly packages: readonly PackageUpdate[]; readonly notes: readonly Note[] }> {
  const { request, bounds } = context;
  const attributes = new Map(request.packages.map(({ name, attribute }) => [name, attribute]));
  const notes: Note[] = [];
  const subjects = generated.flatMap(({ name, version }): Subject[] => {
    const attribute = attributes.get(name);
    const current = bounds.limits.current.get(name);
    const next = parseVersion(version);
    if (attribute === undefined || current === undefined) return [];
    const isMoved = compareVersions(current, next) !== 0;
    return isMoved || request.selected.has(name) ? [{ name, attribute, current, next, isMoved }] : [];
  });
  let done = 0;
  const packages = await Promise.all(
    subjects.map(async (subject) => {
      const row = await rowOf(subject, context, (note) => notes.push(note));
      done += 1;
      request.context.onProgress({ kind: 'count', text: 'comparing versions', done, total: subjects.length });
      return row;
    }),
  );
  return { packages: packages.sort((a, b) => compareText(a.name, b.name)), notes };
}

interface Subject {
  readonly name: string;
  readonly attribute: string;
  readonly current: Version;
  readonly next: Version;
  readonly isMoved: boolean;
}

async function rowOf(subject: Subject, context: RowContext, onNote: (note: Note) => void): Promise<PackageUpdate> {
  const { name, attribute, current, next, isMoved } = subject;
  const { request } = context;
  const page = await request.pages.page(name);
  const newest = page === null ? null : newestOf(page, subject, context);
  const isBehind = newest !== null && compareVersions(newest.version, next) > 0;
  const [changes, vulnerabilities, heldBack] = await Promise.all([
    isMoved ? changesOf(subject, context.found, onNote) : null,
    isMoved && page !== null
      ? request.vulnerabilitiesOf({ project: name, index: page.index, before: current.text, after: next.text })
      : NO_VULNERABILITIES,
    isBehind && page !== null ? heldBackBy(newest, { name, page }, context) : [],
  ]);
  return {
    name,
    attribute,
    current: current.text,
    next: next.text,
    newest: isBehind ? newest.version.text : page === null ? null : next.text,
    uploaded: page === null ? null : uploadOf(page, next),
    heldBack,
    changes,
    ...vulnerabilities,
  };
}

/** The newest release, whether it fits or not; pre-releases count for a package that is at one. */
function newestOf(page: ProjectPage, { current, next }: Subject, { found }: RowContext): IndexRelease | null {
  const { targets, options } = found.inputs;
  const { releases } = releasesOf(page, { targets: targets.tags, pythons: targets.binding, asOf: null });
  const takesPrereleases = options.pre || isPrerelease(current) || isPrerelease(next);
  const counting = releases.filter(({ version }) => takesPrereleases || !isPrerelease(version));
  const sorted = [...counting].sort((a, b) => compareVersions(b.version, a.version));
  return sorted.find(({ yanked }) => yanked === null) ?? null;
}

/** When the first file of a version was uploaded. */
function uploadOf(page: ProjectPage, version: Version): string | null {
  const times = filesOfVersion(page, version.text, null).flatMap(({ uploadTime }) => {
    const instant = uploadInstant(uploadTime);
    return instant === null || uploadTime === null ? [] : [{ instant, uploadTime }];
  });
  return times.sort((a, b) => a.instant - b.instant)[0]?.uploadTime ?? null;
}

async function changesOf(
  { name, current, next }: Subject,
  { reader }: FoundRun,
  onNote: (note: Note) => void,
): Promise<ReleaseChanges | null> {
  const failed = (why: string): null => {
    onNote({ kind: 'unknown', project: name, text: `what changes since ${current.text} is not known: ${why}` });
    return null;
  };
  const releases = (await reader.releases(name)) ?? [];
  const old = releases.find(({ version }) => compareVersions(version, current) === 0);
  if (old === undefined) return failed('the index does not have it any more');
  try {
    const [before, after] = await Promise.all([reader.read(name, old.version), reader.read(name, next)]);
    return releaseChanges(before, after);
  } catch (thrown) {
    if (thrown instanceof UserError) return failed(thrown.message);
    throw thrown;
  }
}

async function heldBackBy(
  newest: IndexRelease,
  { name, page }: { readonly name: string; readonly page: ProjectPage },
  { found, bounds }: RowContext,
): Promise<readonly string[]> {
  const passed = { project: name, release: newest, uploaded: uploadOf(page, newest.version) };
  try {
    return await whyHeldBack(passed, bounds, async (): Promise<readonly Requirement[]> => {
      const requirements = await found.reader.requirements(name, newest.version);
      const { environments } = found.inputs.targets;
      return requirements.flatMap((each) => scopeRequirement(each, environments, []) ?? []);
    });
  } catch (thrown) {
    if (thrown instanceof UserError && thrown.code === UNUSABLE_RELEASE) return [`it ${excerpt(thrown.message)}`];
    throw thrown;
  }
}
