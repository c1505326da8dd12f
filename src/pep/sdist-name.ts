import { normalizeName } from './name.ts';
import { tryParseVersion, type Version } from './version.ts';

/** In the order of preference where a release has several. */
export const SDIST_EXTENSIONS = ['tar.gz', 'zip', 'tar.bz2', 'tar.xz', 'tgz'] as const;
export type SdistExtension = (typeof SDIST_EXTENSIONS)[number];

/** No file system takes longer names; trying every dash of a longer one would take long. */
const LONGEST = 1000;

/** The parts of a source archive's file name, for example `pyFFTW-0.9.2.tar.gz`. */
export interface SdistName {
  /** The name as the file spells it: `pyFFTW`. */
  readonly stem: string;
  readonly version: Version;
  /** The version as the file spells it. */
  readonly versionText: string;
  readonly extension: SdistExtension;
}

/**
 * stem "-" version "." extension, where the stem is a spelling of `project` (PEP 503 name); null for every other file name.
 * Old file names have `-` in the stem and in the version, so the project decides where one ends: `a-b-1.0-1.zip` is 1.0.post1 of a-b.
 */
export function parseSdistName(filename: string, project: string): SdistName | null {
  const extension = SDIST_EXTENSIONS.find((candidate) => filename.endsWith(`.${candidate}`));
  if (extension === undefined || filename.length > LONGEST) return null;
  const base = filename.slice(0, -extension.length - 1);
  for (let dash = base.indexOf('-'); dash >= 0; dash = base.indexOf('-', dash + 1)) {
    const stem = base.slice(0, dash);
    if (normalizeName(stem) !== project) continue;
    const versionText = base.slice(dash + 1);
    const version = tryParseVersion(versionText);
    if (version !== null) return { stem, version, versionText, extension };
  }
  return null;
}
