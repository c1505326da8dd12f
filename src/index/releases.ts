import type { Note } from '../base/note.ts';
import { countOf, excerpt, joinWords, sortedUnique } from '../base/text.ts';
import { tryParseVersion, type Version } from '../pep/version.ts';
import { parseWheelName } from '../pep/wheel-name.ts';
import { type TagTarget, wheelFits } from '../pep/wheel-tags.ts';
import type { IndexFile, ProjectPage } from './project-page.ts';
import { requiresPythonAdmits } from './requires-python.ts';

export interface ReleaseOptions {
  /** Interpreters and platforms that wheels may be for. */
  readonly targets: readonly TagTarget[];
  /** Python versions (`3.13` or `3.13.2`) all of which a release has to support. */
  readonly pythons: readonly string[];
  /** Milliseconds since 1970: files uploaded later do not exist. Null: all do. */
  readonly asOf: number | null;
}

/** One version of a project and what can be used of it; fits `Release` of the resolver. */
export interface IndexRelease {
  readonly version: Version;
  /** The reason (may be empty) when all files that could be used are yanked (PEP 592 yanks files). */
  readonly yanked: string | null;
  /** Why it is no candidate, for example `requires Python >=3.14`; null when it is one. */
  readonly excluded: string | null;
  /** What can be used: not empty for a candidate; those that are not yanked where there are such. */
  readonly files: readonly IndexFile[];
  /** Worth showing when this release is chosen. */
  readonly notes: readonly Note[];
}

/** The releases of a project in the order of their first files; the notes tell of files that were left out because they could not be judged. */
export function releasesOf(
  page: ProjectPage,
  options: ReleaseOptions,
): { readonly releases: readonly IndexRelease[]; readonly notes: readonly Note[] } {
  const groups = new Map<string, { version: Version; files: IndexFile[] }>();
  for (const file of page.files) {
    const group = groups.get(file.version);
    if (group !== undefined) group.files.push(file);
    else {
      const version = tryParseVersion(file.version);
      if (version !== null) groups.set(file.version, { version, files: [file] });
    }
  }
  const judge = fileJudge(options);
  return {
    releases: [...groups.values()].map(({ version, files }) => ({
      ...judgedRelease(version, files, judge, options),
      notes: unreadable(page.name, files, options),
    })),
    notes: undated(page, options),
  };
}

interface FileJudge {
  isInTime(file: IndexFile): boolean;
  admits(file: IndexFile, python: string): boolean;
  fits(file: IndexFile, python: string): boolean;
}

function judgedRelease(
  version: Version,
  all: readonly IndexFile[],
  judge: FileJudge,
  options: ReleaseOptions,
): Omit<IndexRelease, 'notes'> {
  const excluded = (why: string): Omit<IndexRelease, 'notes'> => ({
    version,
    yanked: yankedReason(all),
    excluded: why,
    files: [],
  });

  const inTime = all.filter((file) => judge.isInTime(file));
  if (inTime.length === 0) {
    return excluded(
      all.some((file) => uploadInstant(file) === null) ? 'has no known upload time' : 'was uploaded later',
    );
  }
  const unyanked = usableFiles(
    inTime.filter((file) => file.yanked === null),
    judge,
    options,
  );
  if (unyanked !== null) return { version, yanked: null, excluded: null, files: unyanked };
  const usable = usableFiles(inTime, judge, options);
  if (usable !== null) return { version, yanked: yankedReason(usable), excluded: null, files: usable };

  const refused = options.pythons.filter((python) => !inTime.some((file) => judge.admits(file, python)));
  if (refused.length > 0) {
    const wanted = sortedUnique(
      inTime.flatMap((file) => (file.requiresPython === null ? [] : [excerpt(file.requiresPython)])),
    );
    return excluded(`requires Python ${joinWords(wanted, 'or')}`);
  }
  return excluded(
    `has no sdist, and ${inTime.length === 1 ? 'its wheel is' : 'its wheels are'} for other interpreters or platforms`,
  );
}

// Every Python has to be served by some file, not all of them by the same: wheels are made for each Python.
function usableFiles(
  files: readonly IndexFile[],
  judge: FileJudge,
  { pythons }: ReleaseOptions,
): readonly IndexFile[] | null {
  const serves = (file: IndexFile, python: string): boolean => judge.admits(file, python) && judge.fits(file, python);
  const isServed = pythons.every((python) => files.some((file) => serves(file, python)));
  const usable = files.filter((file) => pythons.some((python) => serves(file, python)));
  return isServed && usable.length > 0 ? usable : null;
}

// The first reason that says something; it is null only when a file is not yanked.
function yankedReason(files: readonly IndexFile[]): string | null {
  const reasons = files.map((file) => file.yanked);
  if (reasons.includes(null)) return null;
  return excerpt(reasons.find((reason) => reason !== null && reason !== '') ?? '');
}

function fileJudge({ targets, asOf }: ReleaseOptions): FileJudge {
  const admitted = new Map<string, boolean>();
  const fitting = new Map<string, boolean>();
  return {
    isInTime(file) {
      if (asOf === null) return true;
      const uploaded = uploadInstant(file);
      return uploaded !== null && uploaded <= asOf;
    },
    admits(file, python) {
      const text = file.requiresPython;
      if (text === null) return true;
      const key = `${python} ${text}`;
      const known = admitted.get(key) ?? requiresPythonAdmits(text, python) ?? true;
      admitted.set(key, known);
      return known;
    },
    fits(file, python) {
      if (file.kind === 'sdist') return true;
      // A page has thousands of wheels with a hundred distinct tags.
      const key = `${minorOf(python)} ${file.filename.split('-').slice(-3).join('-')}`;
      const known = fitting.get(key) ?? wheelFitsPython(file, python, targets);
      fitting.set(key, known);
      return known;
    },
  };
}

function wheelFitsPython(file: IndexFile, python: string, targets: readonly TagTarget[]): boolean {
  const wheel = parseWheelName(file.filename);
  return (
    wheel !== null && targets.some((target) => minorOf(target.python) === minorOf(python) && wheelFits(wheel, target))
  );
}

function minorOf(python: string): string {
  return python.split('.').slice(0, 2).join('.');
}

function uploadInstant(file: IndexFile): number | null {
  const instant = file.uploadTime === null ? Number.NaN : Date.parse(file.uploadTime);
  return Number.isNaN(instant) ? null : instant;
}

function undated(page: ProjectPage, { asOf }: ReleaseOptions): Note[] {
  const files = asOf === null ? [] : page.files.filter((file) => uploadInstant(file) === null);
  if (files.length === 0) return [];
  const text = `${countOf(files.length, 'file')} of ${page.name} on ${page.index} left out: no upload time is known`;
  return [{ kind: 'omitted', text, project: page.name }];
}

function unreadable(project: string, files: readonly IndexFile[], { pythons }: ReleaseOptions): Note[] {
  const python = pythons[0] ?? '3';
  const texts = sortedUnique(files.flatMap((file) => (file.requiresPython === null ? [] : [file.requiresPython])));
  return texts
    .filter((text) => requiresPythonAdmits(text, python) === null)
    .map((text) => ({
      kind: 'unknown',
      text: `requires-python "${excerpt(text)}" of ${project} cannot be read and is ignored`,
      project,
    }));
}
