import type { Note } from '../../base/note.ts';
import { parseSdistName } from '../../pep/sdist-name.ts';
import { compareVersions, tryParseVersion, type Version } from '../../pep/version.ts';
import type { TreeIdentity } from './identity.ts';

/** What may tell a version that no file states. */
export interface VersionEvidence {
  /** PEP 503 name; null where it is not known. */
  readonly name: string | null;
  /** Tags on the commit. */
  readonly tags: readonly string[];
  /** Of an archive. */
  readonly filename: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The version that stands for one that only the build backend could tell; versioneer writes it too when it does not know. */
const UNKNOWN_VERSION = '0+unknown';

/**
 * The version of a tree: what its files state, else the highest version that a tag of its commit names, what SETUPTOOLS_SCM_PRETEND_VERSION says, or the file name of its archive;
 * each but the first is a note. What is not known at all is `0+unknown`, with a note of kind `unknown`.
 */
export function versionOfTree(
  { version, versionUnknown, root }: TreeIdentity,
  { name, tags, filename, environment }: VersionEvidence,
): { readonly version: Version; readonly notes: readonly Note[] } {
  if (version !== null) return { version, notes: [] };
  const why = versionUnknown ?? 'it is not known';
  const ofTags = tags.map(versionOfTag).filter((each) => each !== null);
  const tagged = [...ofTags].sort(compareVersions).at(-1);
  if (tagged !== undefined)
    return {
      version: tagged,
      notes: [{ kind: 'guess', text: `its version ${tagged.text} is that of the tag of its commit: ${why}` }],
    };
  const pretended = pretendedVersion(name, environment);
  if (pretended !== null)
    return {
      version: pretended.version,
      notes: [
        { kind: 'guess', text: `its version ${pretended.version.text} is what ${pretended.variable} says: ${why}` },
      ],
    };
  const named = filename === null || name === null ? null : parseSdistName(filename, name);
  const ofRoot = name === null ? null : parseSdistName(`${root}.tar.gz`, name);
  const fromName = named?.version ?? ofRoot?.version ?? null;
  if (fromName !== null)
    return {
      version: fromName,
      notes: [{ kind: 'guess', text: `its version ${fromName.text} is that of its file name: ${why}` }],
    };
  const unknown = tryParseVersion(UNKNOWN_VERSION);
  if (unknown === null) throw new Error(`${UNKNOWN_VERSION} is no version`);
  const text = `its version is not known, so ${UNKNOWN_VERSION} stands for it and meets few demands: ${why}; SETUPTOOLS_SCM_PRETEND_VERSION=VERSION in the environment says it`;
  return { version: unknown, notes: [{ kind: 'unknown', text }] };
}

/** tag = [ name "-" ] [ "v" ] version, as setuptools-scm reads tags */
function versionOfTag(tag: string): Version | null {
  const text = /^(?:[A-Za-z_][\w.]*[-_/])*v?(\d[\w.!+-]*)$/iu.exec(tag.slice(0, 200))?.[1];
  return text === undefined ? null : tryParseVersion(text);
}

/** The variables with which users of setuptools-scm say a version, that of the project before the general one. */
function pretendedVersion(
  name: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly version: Version; readonly variable: string } | null {
  const general = 'SETUPTOOLS_SCM_PRETEND_VERSION';
  const own = `${general}_FOR_${(name ?? '').replaceAll('-', '_').toUpperCase()}`;
  for (const variable of [own, general]) {
    const version = tryParseVersion(environment[variable] ?? '');
    if (version !== null) return { version, variable };
  }
  return null;
}
