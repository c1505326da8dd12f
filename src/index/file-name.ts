import { normalizeName } from '../pep/name.ts';
import { parseSdistName } from '../pep/sdist-name.ts';
import { tryParseVersion } from '../pep/version.ts';
import { parseWheelName } from '../pep/wheel-name.ts';

/** What the name of a file on an index says: a distribution of the project, or why it is none. */
export type FileNameReading =
  | { readonly kind: 'sdist' | 'wheel' /** PEP 440 normal form. */; readonly version: string }
  | { readonly kind: 'other'; readonly what: IgnoredKind };

/** A kind of file that is passed over, in the singular; `IGNORED_PLURALS` has the plurals. */
export type IgnoredKind = keyof typeof IGNORED_PLURALS;

/** Plurals of the kinds of files that are passed over, for texts as `3 eggs`. */
export const IGNORED_PLURALS = {
  'disk image': 'disk images',
  egg: 'eggs',
  'entry without a usable address': 'entries without a usable address',
  'file of another kind': 'files of other kinds',
  'file of another project': 'files of other projects',
  'file whose name gives no version': 'files whose names give no version',
  'file with a malformed sha256': 'files with a malformed sha256',
  'file with an unusable name': 'files with unusable names',
  'Linux package': 'Linux packages',
  'malformed entry': 'malformed entries',
  signature: 'signatures',
  'Windows installer': 'Windows installers',
} as const;

// PEP 625 and PEP 427 allow no more in the name of a file that belongs to a valid project and version.
const USABLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._+!~-]*$/;

const OTHER_EXTENSIONS: readonly (readonly [string, IgnoredKind])[] = [
  ['.asc', 'signature'],
  ['.sig', 'signature'],
  ['.sigstore', 'signature'],
  ['.egg', 'egg'],
  ['.exe', 'Windows installer'],
  ['.msi', 'Windows installer'],
  ['.dmg', 'disk image'],
  ['.rpm', 'Linux package'],
  ['.deb', 'Linux package'],
];

const SDIST_EXTENSIONS = ['.tar.gz', '.zip', '.tar.bz2', '.tar.xz', '.tgz'];

/**
 * Reads the name of a file (PEP 427, PEP 625 and the sdist names before it) of the project with this PEP 503 name.
 * Binary archives of distutils (`toolz-0.1.linux-x86_64.tar.gz`) look like sdists but give no version.
 */
export function readFileName(filename: string, project: string): FileNameReading {
  return fileNameReader(project)(filename);
}

/** `readFileName` for many files of a project: it remembers what the names have in common, which is nearly all of a large page. */
export function fileNameReader(project: string): (filename: string) => FileNameReading {
  const stems = new Map<string, boolean>();
  const versions = new Map<string, FileNameReading | null>();
  const rests = new Map<string, boolean>();
  return (filename) => {
    const stemEnd = filename.indexOf('-');
    const versionEnd = filename.indexOf('-', stemEnd + 1);
    if (versionEnd < 0 || !filename.endsWith('.whl')) return readName(filename, project);
    const stem = filename.slice(0, stemEnd);
    const version = filename.slice(stemEnd + 1, versionEnd);
    const rest = filename.slice(versionEnd);
    const reading = entry(versions, version, () => versionReading(version));
    const isOfProject = entry(stems, stem, () => readName(`${stem}-1-py3-none-any.whl`, project).kind === 'wheel');
    const isWheel = isOfProject && entry(rests, rest, () => isWheelRest(rest));
    return reading !== null && isWheel ? reading : readName(filename, project);
  };
}

/** What a wheel with this version is; null for what cannot be one. */
function versionReading(text: string): FileNameReading | null {
  const version = USABLE_NAME.test(`a${text}`) ? tryParseVersion(text) : null;
  return version === null ? null : { kind: 'wheel', version: version.text };
}

/** [ "-" build ] "-" python "-" abi "-" platform ".whl" */
function isWheelRest(rest: string): boolean {
  return USABLE_NAME.test(`a${rest}`) && parseWheelName(`a-1${rest}`) !== null;
}

function entry<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

function readName(filename: string, project: string): FileNameReading {
  if (!USABLE_NAME.test(filename)) return { kind: 'other', what: 'file with an unusable name' };
  const lower = filename.toLowerCase();
  if (lower.endsWith('.whl')) return readWheelName(filename, project);
  if (SDIST_EXTENSIONS.some((extension) => lower.endsWith(extension))) return readSdistName(filename, project);
  const known = OTHER_EXTENSIONS.find(([extension]) => lower.endsWith(extension));
  return { kind: 'other', what: known === undefined ? 'file of another kind' : known[1] };
}

function readWheelName(filename: string, project: string): FileNameReading {
  const wheel = parseWheelName(filename);
  if (wheel === null) return { kind: 'other', what: 'file whose name gives no version' };
  if (normalizeName(wheel.name) !== project) return { kind: 'other', what: 'file of another project' };
  return { kind: 'wheel', version: wheel.version.text };
}

function readSdistName(filename: string, project: string): FileNameReading {
  const sdist = parseSdistName(filename, project);
  if (sdist !== null) return { kind: 'sdist', version: sdist.version.text };
  const isOfProject = normalizeName(filename).startsWith(`${project}-`);
  return { kind: 'other', what: isOfProject ? 'file whose name gives no version' : 'file of another project' };
}
