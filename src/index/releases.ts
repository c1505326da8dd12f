import type { Note } from '../base/note.ts';
import { countOf, excerpt, joinWords, sortedUnique } from '../base/text.ts';
import { tryParseVersion, type Version } from '../pep/version.ts';
import { parseWheelName, wheelTagsText } from '../pep/wheel-name.ts';
import { type TagTarget, wheelFits } from '../pep/wheel-tags.ts';
import { tableOfFiles, uploadInstant } from './file-table.ts';
import type { FileTable, IndexFile, ProjectPage } from './project-page.ts';
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
  const table = page.table ?? tableOfFiles(page.files);
  const context = { project: page.name, table, judge: fileJudge(options), options };
  const releases: IndexRelease[] = [];
  for (const [position, text] of table.versions.entries()) {
    const version = versionOf(text);
    if (version !== null) releases.push(new LazyRelease(version, position, context));
  }
  return { releases, notes: undated(page, table, options) };
}

type Judgement = Omit<IndexRelease, 'version' | 'notes'>;

interface JudgeContext {
  readonly project: string;
  readonly table: FileTable;
  readonly judge: FileJudge;
  readonly options: ReleaseOptions;
}

/**
 * Judged when it is looked at: of a project with a thousand releases a run looks at a few. A class, because getters that each object has of its own
 * take longer to make than the judgements that they save.
 */
class LazyRelease implements IndexRelease {
  readonly version: Version;
  /** In the table. */
  readonly #position: number;
  readonly #context: JudgeContext;
  #judgement: Judgement | null = null;

  constructor(version: Version, position: number, context: JudgeContext) {
    this.version = version;
    this.#position = position;
    this.#context = context;
  }

  get yanked(): string | null {
    return this.#judged().yanked;
  }

  get excluded(): string | null {
    return this.#judged().excluded;
  }

  get files(): readonly IndexFile[] {
    return this.#judged().files;
  }

  get notes(): readonly Note[] {
    const { project, table, options } = this.#context;
    return unreadable(project, table.filesAt(this.#position), options);
  }

  #judged(): Judgement {
    const { table, judge, options } = this.#context;
    this.#judgement ??= judgedRelease(this.version, table.filesAt(this.#position), judge, options);
    return this.#judgement;
  }
}

/** Projects have the same versions again and again; to read one takes as long as all else that is done with most releases. */
const KNOWN_VERSIONS = new Map<string, Version | null>();

function versionOf(text: string): Version | null {
  const known = KNOWN_VERSIONS.get(text);
  if (known !== undefined) return known;
  const version = tryParseVersion(text);
  KNOWN_VERSIONS.set(text, version);
  return version;
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
): Judgement & { readonly version: Version } {
  const excluded = (why: string): Judgement & { readonly version: Version } => ({
    version,
    yanked: yankedReason(all),
    excluded: why,
    files: [],
  });

  const inTime = all.filter((file) => judge.isInTime(file));
  if (inTime.length === 0) {
    return excluded(
      all.some((file) => uploadInstant(file.uploadTime) === null) ? 'has no known upload time' : 'was uploaded later',
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

/** What was judged for these targets, by what files of all projects have in common. */
const JUDGED = new WeakMap<readonly TagTarget[], { admitted: Map<string, boolean>; fitting: Map<string, boolean> }>();

function fileJudge({ targets, asOf }: ReleaseOptions): FileJudge {
  const judged = JUDGED.get(targets) ?? { admitted: new Map<string, boolean>(), fitting: new Map<string, boolean>() };
  JUDGED.set(targets, judged);
  const { admitted, fitting } = judged;
  return {
    isInTime: (file) => isInTime(file, asOf),
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
      const key = `${minorOf(python)} ${wheelTagsText(file.filename)}`;
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

/** `3.13` of `3.13` and of `3.13.2`. */
function minorOf(python: string): string {
  const end = python.indexOf('.', python.indexOf('.') + 1);
  return end < 0 ? python : python.slice(0, end);
}

/** Whether a file was there at the instant (milliseconds since 1970; null: any); one without a known upload time counts as later. */
export function isInTime(file: IndexFile, asOf: number | null): boolean {
  if (asOf === null) return true;
  const uploaded = uploadInstant(file.uploadTime);
  return uploaded !== null && uploaded <= asOf;
}

function undated(page: ProjectPage, table: FileTable, { asOf }: ReleaseOptions): Note[] {
  if (asOf === null || table.undated === 0) return [];
  const text = `${countOf(table.undated, 'file')} of ${page.name} on ${page.index} left out: no upload time is known`;
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
