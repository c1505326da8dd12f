import type { Note } from '../base/note.ts';
import { compareText, joinWords, sortedUnique } from '../base/text.ts';
import type { WheelLinks } from '../metadata/wheel/wheel-links.ts';
import { parseMarker } from '../pep/marker.ts';
import { libraryAttribute } from './native-lookup.ts';
import type { Origin, Source, SystemInput } from './package-facts.ts';

/** What the compiled files of a wheel link. */
export interface ReadLinks {
  /** The wheel that was looked into; those for other targets are taken to link the same. */
  readonly filename: string;
  /** Null: it was too large to be downloaded for that. */
  readonly read: WheelLinks | null;
}

/** What a compiled wheel needs to run on a system where libraries lie in no usual place. */
export interface WheelLibraries {
  readonly tools: readonly SystemInput[];
  readonly inputs: readonly SystemInput[];
  readonly notes: readonly Note[];
}

/**
 * The hook that writes the places of libraries into compiled files, and the libraries that they link and the wheel does not bring. On Linux alone: on macOS
 * wheels link what the system has. Nothing for a wheel that has nothing compiled.
 */
export function wheelLibraries(links: ReadLinks | undefined, source: Source): WheelLibraries {
  if (links === undefined || links.read?.isCompiled === false) return { tools: [], inputs: [], notes: [] };
  const { read, filename } = links;
  const needed = (read?.needed ?? []).map((soname) => ({ soname, attribute: attributeOf(soname) }));
  const attributes = sortedUnique(needed.flatMap(({ attribute }) => attribute ?? []));
  const marker = hasOtherSystems(source) ? { marker: ON_LINUX } : {};
  const input = (attribute: string, text: string): SystemInput => ({
    kind: 'system',
    attribute,
    ...marker,
    origins: [{ kind: 'inference', text, file: filename } satisfies Origin],
  });
  return {
    tools: [input('autoPatchelfHook', 'the wheel has compiled files')],
    inputs: attributes.map((attribute) => {
      const linked = needed.flatMap((each) => (each.attribute === attribute ? [each.soname] : []));
      return input(attribute, `its compiled files link ${joinWords(linked)}`);
    }),
    notes: notesOf(links, {
      attributes,
      unknown: needed.filter(({ attribute }) => attribute === undefined).map(({ soname }) => soname),
    }),
  };
}

const ON_LINUX = parseMarker('sys_platform == "linux"');

function hasOtherSystems(source: Source): boolean {
  if (source.kind !== 'wheel') return false;
  return (source.wheels ?? []).some(({ system }) => !system.endsWith('-linux'));
}

/** Libraries of the compiler that are no input of a build, and that a compiled file does not find by itself. */
const OF_COMPILER: ReadonlyMap<string, string> = new Map([
  ['stdc++', 'stdenv.cc.cc.lib'],
  ['gcc_s', 'stdenv.cc.cc.lib'],
  ['gomp', 'stdenv.cc.cc.lib'],
  ['atomic', 'stdenv.cc.cc.lib'],
  ['quadmath', 'stdenv.cc.cc.lib'],
  ['gfortran', 'gfortran.cc.lib'],
  ['c++', 'libcxx'],
]);
/** Libraries that builds seldom link by name, and wheels may expect of a system (PEP 599). */
const OF_SYSTEM: ReadonlyMap<string, string> = new Map([
  ['ICE', 'libICE'],
  ['SM', 'libSM'],
  ['gthread-2.0', 'glib'],
]);
/** Libraries of the C library under names that its loader has for itself, and others that come with it. */
const OF_C_LIBRARY = /^(?:ld-linux|linux-vdso|ld64)|^lib(?:mvec|thread_db|nss_\w+|BrokenLocale)\.so/;
/** Of libcrypt there are two: what links the older one asks for version 1. */
const BY_SONAME: ReadonlyMap<string, string> = new Map([
  ['libcrypt.so.1', 'libxcrypt-legacy'],
  ['libnsl.so.1', 'libnsl'],
]);

/** The attribute of a library by the name that is linked, `libz.so.1`; null for what is there anyway, undefined for an unknown one. */
function attributeOf(soname: string): string | null | undefined {
  const exact = BY_SONAME.get(soname);
  if (exact !== undefined) return exact;
  if (OF_C_LIBRARY.test(soname)) return null;
  const name = /^lib(.+?)\.so(?:\.|$)/.exec(soname)?.[1];
  if (name === undefined) return undefined;
  return OF_COMPILER.get(name) ?? OF_SYSTEM.get(name) ?? libraryAttribute('link', name);
}

function notesOf(
  { filename, read }: ReadLinks,
  { attributes, unknown }: { readonly attributes: readonly string[]; readonly unknown: readonly string[] },
): Note[] {
  const notes: Note[] = [];
  if (read === null)
    notes.push({
      kind: 'unknown',
      text: `the libraries that it links are not known: ${filename} is too large to be downloaded for that`,
    });
  if (attributes.length > 0)
    notes.push({ kind: 'guess', text: `${joinWords(attributes)} inferred from what the wheel links`, file: filename });
  if (unknown.length > 0)
    notes.push({
      kind: 'unknown',
      text: `no nixpkgs attribute is known for the linked ${unknown.length === 1 ? 'library' : 'libraries'} ${joinWords([...unknown].sort(compareText))}`,
      file: filename,
    });
  if (read !== null && read.unread.length > 0)
    notes.push({ kind: 'unknown', text: `what ${joinWords(read.unread)} links could not be read`, file: filename });
  return notes;
}
