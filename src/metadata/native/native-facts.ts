import type { Place } from '../release-facts.ts';

/**
 * How sure it is that a build asks for something: `always`; `optional`, it is used where it is found; `off`, only when somebody asks for it;
 * `elsewhere`, on other platforms than Linux and macOS.
 */
export type Certainty = 'always' | 'optional' | 'off' | 'elsewhere';

/** Which language of names a piece of evidence speaks. */
export type EvidenceKind =
  | 'link'
  | 'pkg-config'
  | 'meson'
  | 'cmake'
  | 'crate'
  | 'program'
  | 'header'
  | 'external'
  | 'load';

/** A place where a release asks for a library by a name of some language. */
export interface NativeEvidence extends Place {
  readonly kind: EvidenceKind;
  /** As the language spells it: `xml2`, `libxml-2.0`, `LibXml2`, `openssl-sys`, `libxml/tree.h`, `dep:generic/libxml2`. */
  readonly name: string;
  readonly when: Certainty;
  /** The condition or option that it hangs on, as it is written. */
  readonly condition?: string;
  /** The PEP 508 marker of the platforms and interpreters that ask for it; missing: all do. */
  readonly marker?: string;
  /** The path of a copy of it in the sdist itself. */
  readonly bundled?: string;
}

/** A program that the build runs, or a language that it compiles, in the words of the file that says so: `swig`, `fortran`, `cmake`. */
export interface NativeTool extends Place {
  readonly name: string;
  readonly when: Certainty;
}

/** The Cargo.lock that the crate of the extension is built with. */
export interface CargoLock {
  readonly path: string;
  /** The whole text; null where it is too large to be kept. */
  readonly text: string | null;
  /** Names of crates that come from git repositories, sorted. */
  readonly gitCrates: readonly string[];
}

/** What an sdist says about code that is compiled. */
export interface NativeFacts {
  readonly evidence: readonly NativeEvidence[];
  readonly tools: readonly NativeTool[];
  /** Where the build would fetch something from the network: `FetchContent_Declare(zeromq)`. */
  readonly downloads: readonly (Place & { readonly what: string; readonly when: Certainty })[];
  /** What a build file asks for in a way that reading does not tell. */
  readonly unread: readonly (Place & { readonly what: string })[];
  readonly cargoLock: CargoLock | null;
  /** Other Cargo.lock files than the one above, paths. */
  readonly otherCargoLocks: readonly string[];
  /** Path of the Cargo.toml that is built; null where there is none. */
  readonly cargoManifest: string | null;
  /** How many source files of a language there are, by extension without the dot, those of tests and documents left out. */
  readonly sources: Readonly<Record<string, number>>;
  /** Build requirements that hooks of a backend in the sdist (`backend-path`) ask for. */
  readonly hookRequires: readonly string[] | null;
  /** Where that backend asks for more than can be read, and why; missing: it is read, or there is none. */
  readonly hookUnread?: Place & { readonly why: string };
  /** Where that backend says what it asks for. */
  readonly hookPlace?: Place;
}

/** The facts of a release that compiles nothing. */
export const NO_NATIVE: NativeFacts = {
  evidence: [],
  tools: [],
  downloads: [],
  unread: [],
  cargoLock: null,
  otherCargoLocks: [],
  cargoManifest: null,
  sources: {},
  hookRequires: null,
};

/** The less certain of two. */
export function weaker(a: Certainty, b: Certainty): Certainty {
  return RANK[a] >= RANK[b] ? a : b;
}

/** The more certain of two. */
export function stronger(a: Certainty, b: Certainty): Certainty {
  return RANK[a] <= RANK[b] ? a : b;
}

/** Whether the build of a package for Linux or macOS, with nothing asked for, looks for it. */
export function counts(when: Certainty): boolean {
  return RANK[when] <= RANK.optional;
}

const RANK: Readonly<Record<Certainty, number>> = { always: 0, optional: 1, off: 2, elsewhere: 3 };

/** Of the same evidence in several places the most certain, and of these the first; its marker holds wherever one of them that counts is asked for. */
export function strongest(evidence: readonly NativeEvidence[]): NativeEvidence[] {
  const byName = new Map<string, NativeEvidence>();
  for (const one of evidence) {
    const key = `${one.kind} ${one.name}`;
    const before = byName.get(key);
    if (before === undefined) byName.set(key, one);
    else {
      const { marker: _, ...chosen } = RANK[one.when] < RANK[before.when] ? one : before;
      const marker = joinedMarker(before, one);
      byName.set(key, marker === undefined ? chosen : { ...chosen, marker });
    }
  }
  return [...byName.values()];
}

function joinedMarker(a: NativeEvidence, b: NativeEvidence): string | undefined {
  if (!counts(a.when)) return b.marker;
  if (!counts(b.when) || a.marker === b.marker) return a.marker;
  return a.marker === undefined || b.marker === undefined ? undefined : markersJoined('or', a.marker, b.marker);
}

/** Of two markers one that holds for both, or for either. What grows too long holds for more than it could. */
export function markersJoined(operator: 'and' | 'or', a: string, b: string): string | undefined {
  if (a === b) return a;
  if (a.length + b.length < MAX_MARKER) return `(${a}) ${operator} (${b})`;
  return operator === 'and' ? a : undefined;
}

const MAX_MARKER = 400;
