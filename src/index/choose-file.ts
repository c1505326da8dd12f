import type { Note } from '../base/note.ts';
import { compareText } from '../base/text.ts';
import { parseWheelName, type WheelName, wheelTagsText } from '../pep/wheel-name.ts';
import { type TagTarget, wheelRank } from '../pep/wheel-tags.ts';
import type { IndexFile } from './project-page.ts';

/** What an expression is generated from. */
export interface ChosenFile {
  readonly file: IndexFile;
  /** When it is not of the kind that was asked for. */
  readonly notes: readonly Note[];
}

export interface ChooseOptions {
  /** PEP 503 name, for notes. */
  readonly project: string;
  /** `any` is as `sdist` here: whether an sdist needs a wheel in its place is known only after reading it; then ask again with `wheel`. */
  readonly format: 'sdist' | 'wheel' | 'any';
  readonly targets: readonly TagTarget[];
}

// The first is what `fetchPypi` takes when nothing is said; PEP 625 allows no other for new releases.
const EXTENSIONS = ['.tar.gz', '.tgz', '.zip', '.tar.bz2', '.tar.xz'];

/**
 * The file of a release that an expression is generated from: an sdist, by the order of extensions and then with a name after PEP 625;
 * a wheel where it is asked for or no sdist is there: one that fits all targets, else of those that fit the earliest target the one that fits most, then the
 * one that fits best. Files that are not yanked come first. Null when there is neither an sdist nor a wheel that fits a target.
 */
export function chooseFile(files: readonly IndexFile[], options: ChooseOptions): ChosenFile | null {
  const candidates = files.some((file) => file.yanked === null) ? files.filter((file) => file.yanked === null) : files;
  const sdist = bestSdist(candidates.filter((file) => file.kind === 'sdist'));
  const wheel = bestWheel(
    candidates.filter((file) => file.kind === 'wheel'),
    options.targets,
  );
  const chosen = options.format === 'wheel' ? (wheel?.file ?? sdist) : (sdist ?? wheel?.file ?? null);
  if (chosen === null) return null;

  const notes: Note[] = [];
  const label = `${options.project} ${chosen.version}`;
  if (chosen.kind === 'wheel' && options.format !== 'wheel') {
    notes.push({
      kind: 'fallback',
      text: `${label} has no sdist, its wheel ${chosen.filename} is used`,
      project: options.project,
    });
  }
  if (chosen.kind === 'sdist' && options.format === 'wheel') {
    notes.push({
      kind: 'fallback',
      text: `${label} has no wheel that fits, its sdist is used`,
      project: options.project,
    });
  }
  return { file: chosen, notes };
}

function bestSdist(files: readonly IndexFile[]): IndexFile | null {
  const rank = (file: IndexFile): number => EXTENSIONS.findIndex((extension) => file.filename.endsWith(extension));
  const sorted = [...files].sort(
    (a, b) =>
      rank(a) - rank(b) || Number(isModernName(b)) - Number(isModernName(a)) || compareText(a.filename, b.filename),
  );
  return sorted[0] ?? null;
}

// PEP 625: the name in lower case with `_` for runs of `-`, `_` and `.`, the version in normal form.
function isModernName(file: IndexFile): boolean {
  const end = `-${file.version}.tar.gz`;
  return file.filename.endsWith(end) && /^[a-z0-9]+(?:_[a-z0-9]+)*$/.test(file.filename.slice(0, -end.length));
}

interface Rating {
  /** How many targets it fits. */
  readonly fitting: number;
  /** Position of the first target that it fits; -1: it fits all. */
  readonly earliest: number;
  /** Sum of the ranks on these targets, lower is better. */
  readonly rank: number;
}

interface RatedWheel extends Rating {
  readonly file: IndexFile;
}

/** By what the names of wheels end with: there are few such texts, and to judge one takes long. */
const RATINGS = new WeakMap<readonly TagTarget[], Map<string, Rating>>();

function ratingOf(file: IndexFile, targets: readonly TagTarget[]): Rating {
  const known = RATINGS.get(targets) ?? new Map<string, Rating>();
  RATINGS.set(targets, known);
  const tags = wheelTagsText(file.filename);
  const rating = known.get(tags) ?? ratedTags(parseWheelName(file.filename), targets);
  known.set(tags, rating);
  return rating;
}

function ratedTags(name: WheelName | null, targets: readonly TagTarget[]): Rating {
  const all = targets.map((target) => (name === null ? null : wheelRank(name, target)));
  const ranks = all.flatMap((rank) => rank ?? []);
  return {
    fitting: ranks.length,
    earliest: ranks.length === targets.length ? -1 : all.findIndex((rank) => rank !== null),
    rank: ranks.reduce((sum, rank) => sum + rank, 0),
  };
}

function bestWheel(files: readonly IndexFile[], targets: readonly TagTarget[]): RatedWheel | null {
  const rated = files.map((file) => ({ file, ...ratingOf(file, targets) })).filter(({ fitting }) => fitting > 0);
  rated.sort(
    (a, b) =>
      a.earliest - b.earliest ||
      b.fitting - a.fitting ||
      a.rank - b.rank ||
      buildOf(b) - buildOf(a) ||
      compareText(a.file.filename, b.file.filename),
  );
  return rated[0] ?? null;
}

// PEP 427: of equal wheels the one with the higher build number is the newer.
function buildOf({ file }: RatedWheel): number {
  const build = parseWheelName(file.filename)?.build ?? null;
  return build === null ? -1 : Number(/^\d{1,15}/.exec(build)?.[0] ?? 0);
}
