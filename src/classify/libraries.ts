import type { Note } from '../base/note.ts';
import { compareText, countOf, joinWords, sortedUnique } from '../base/text.ts';
import type { EvidenceKind, NativeEvidence } from '../metadata/native/native-facts.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import { type MarkerEnvironment, parseMarker } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { CONFIG_PROGRAMS } from './config-programs.ts';
import { counts, isLookedAt, type NativeBuilders, nativeBuilders } from './native-builder.ts';
import { headerAttributes, isLibraryName, libraryAttribute } from './native-lookup.ts';
import type { Origin, SystemInput } from './package-facts.ts';

/** The libraries that a release links, as inputs with a note that they were inferred; and notes on what was asked for and is no input. */
export interface LinkedLibraries {
  readonly inputs: readonly SystemInput[];
  readonly notes: readonly Note[];
  /** What the inputs were inferred from. */
  readonly evidence: readonly NativeEvidence[];
}

/**
 * Infers the linked libraries from what the release itself asks for: names after `-l`, modules of pkg-config, dependencies of Meson, packages of CMake,
 * crates that link a library of the system, headers of its sources, and `[external]` of pyproject.toml. What hangs on an option that is off, on another
 * platform, or has a copy in the sdist, is no input, and a note says so.
 */
export function linkedLibraries(
  facts: SdistFacts,
  builders: NativeBuilders = nativeBuilders(facts),
  targets: readonly MarkerEnvironment[] = [],
): LinkedLibraries {
  const evidence = [
    ...setupLibraries(facts, builders),
    ...[...facts.native.evidence, ...configEvidence(facts)]
      .filter((one) => isLookedAt(one, builders, facts))
      .map(withoutOptionsOfCopies),
  ];
  const known = withAttributes(evidence);
  const named = known.flatMap(({ one, attribute }) => (typeof attribute === 'string' ? [{ one, attribute }] : []));
  const asked = named.filter(({ one }) => counts(one.when));
  const outside = notBundled(asked);
  const attributes = [...outside].sort(compareText);
  const taken = asked.filter(({ one, attribute }) => outside.has(attribute) && one.bundled === undefined);
  const inputs = attributes.flatMap((attribute): SystemInput[] => {
    const own = taken.filter((each) => each.attribute === attribute).map(({ one }) => one);
    const marker = markerOf(own, targets);
    if (marker === false) return [];
    return [{ kind: 'system', attribute, ...(marker === true ? {} : { marker }), origins: originsOf(own) }];
  });
  return {
    inputs,
    notes: [
      ...inferredNotes(taken),
      ...bundledNotes(asked.filter(({ attribute }) => !outside.has(attribute))),
      ...conditionalNotes(named.filter(({ one, attribute }) => !counts(one.when) && !outside.has(attribute))),
      ...unmappedNotes(known.filter(({ attribute }) => attribute === undefined).map(({ one }) => one)),
      ...unreadNotes(facts, builders),
      ...loadNotes(facts),
    ],
    evidence: taken.map(({ one }) => one),
  };
}

/** The condition under which something is linked: headers that are included do not make it wider. */
function markerOf(
  evidence: readonly NativeEvidence[],
  targets: readonly MarkerEnvironment[],
): ReturnType<typeof simplifyMarker> {
  const asked = evidence.filter(({ kind }) => kind !== 'header');
  const markers = asked.flatMap(({ marker }) => marker ?? []);
  if (targets.length === 0 || markers.length === 0 || markers.length < asked.length) return true;
  const operands = [...new Set(markers)].map(parseMarker);
  const [only] = operands;
  return simplifyMarker(operands.length === 1 && only !== undefined ? only : { kind: 'or', operands }, targets);
}

interface Named {
  readonly one: NativeEvidence;
  readonly attribute: string;
}

/**
 * The libraries that come from outside: those that are asked for by name, a copy of a header counting for nothing then, and those of whose headers the
 * sdist has less than half. Of a copy of a library some headers can be missing, such as those that its build makes.
 */
function notBundled(asked: readonly Named[]): ReadonlySet<string> {
  const balance = new Map<string, number>();
  for (const { one, attribute } of asked) {
    const weight = one.kind !== 'header' ? Number.POSITIVE_INFINITY : one.bundled === undefined ? 1 : -1;
    balance.set(attribute, (balance.get(attribute) ?? 0) + weight);
  }
  return new Set(
    [...balance].filter(([attribute, sum]) => sum >= 0 && hasOutside(asked, attribute)).map(([name]) => name),
  );
}

function hasOutside(asked: readonly Named[], attribute: string): boolean {
  return asked.some((each) => each.attribute === attribute && each.one.bundled === undefined);
}

/** `libraries` of the extensions of setup.py. */
function setupLibraries(facts: SdistFacts, builders: NativeBuilders): NativeEvidence[] {
  const reading = facts.setupScript?.libraries;
  if (reading?.kind !== 'known' || !builders.setuptools) return [];
  const markers = facts.setupScript?.libraryMarkers ?? {};
  const places = facts.setupScript?.libraryPlaces ?? {};
  return reading.value.map((name) => ({
    kind: 'link',
    name: plainLinkName(name),
    when: 'always',
    ...(Object.hasOwn(markers, name) ? { marker: markers[name] ?? '' } : {}),
    ...((Object.hasOwn(places, name) ? places[name] : undefined) ?? reading.place),
  }));
}

/** `:libudev.so.1` names the file that is linked; it is `udev`. */
function plainLinkName(name: string): string {
  return /^:lib([\w.+-]{1,60}?)\.(?:so|a)(?:\.[\d.]{1,20})?$/u.exec(name)?.[1] ?? name;
}

/** Programs such as `krb5-config`, that are run to be told how to link. */
function configEvidence(facts: SdistFacts): NativeEvidence[] {
  return facts.native.tools
    .filter(({ name }) => CONFIG_PROGRAMS.has(name))
    .map((tool) => ({ ...tool, kind: 'program' }));
}

/** What a copy of another library includes where its own build has found it is off: that build is not run. */
function withoutOptionsOfCopies(one: NativeEvidence): NativeEvidence {
  const isOption = one.kind === 'header' && one.when === 'optional';
  return isOption && one.file.split('/').slice(0, -1).some(isLibraryName) ? { ...one, when: 'off' } : one;
}

/** A header that several libraries have is of the one that is asked for by its name. */
function withAttributes(evidence: readonly NativeEvidence[]) {
  const attributes = evidence.map((one) => ({ one, attribute: libraryAttribute(one.kind, one.name) }));
  const byName = new Set(
    attributes.flatMap(({ one, attribute }) =>
      one.kind !== 'header' && counts(one.when) && typeof attribute === 'string' ? [attribute] : [],
    ),
  );
  return attributes.map(({ one, attribute }) => {
    const named = one.kind === 'header' ? headerAttributes(one.name).find((other) => byName.has(other)) : undefined;
    return { one, attribute: named ?? attribute };
  });
}

const MAX_ORIGINS = 5;

function originsOf(evidence: readonly NativeEvidence[]): Origin[] {
  const byPlace = new Map<string, NativeEvidence[]>();
  for (const one of evidence) {
    const key = `${one.kind} ${one.file}:${one.line ?? ''}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), one]);
  }
  return [...byPlace.values()].slice(0, MAX_ORIGINS).flatMap((all): Origin[] => {
    const [first] = all;
    if (first === undefined) return [];
    const names = joinWords(sortedUnique(all.map(({ name }) => name)));
    const condition = first.condition === undefined ? '' : `, under ${first.condition}`;
    return [{ kind: 'inference', text: `${first.file} ${VERBS[first.kind]} ${names}${condition}`, ...placeOf(first) }];
  });
}

const VERBS: Readonly<Record<EvidenceKind, string>> = {
  link: 'links',
  'pkg-config': 'asks pkg-config for',
  meson: 'asks for the dependency',
  cmake: 'asks for the package',
  crate: 'locks the crate',
  program: 'runs',
  load: 'loads',
  header: 'includes',
  external: 'names',
};

/** What a note says that libraries were inferred from. */
const SOURCES: Readonly<Record<EvidenceKind, string>> = {
  link: 'the libraries that %s links',
  'pkg-config': 'what %s asks pkg-config for',
  meson: 'the dependencies of %s',
  cmake: 'the packages that %s looks for',
  crate: 'the crates of %s',
  program: 'the program that %s asks how to link',
  load: 'the libraries that %s loads',
  header: 'the headers that the sources include',
  external: '[external] of %s',
};

/** One note for each kind of evidence in a file, headers in whatever file they are; a library is told once, where it is surest. */
function inferredNotes(taken: readonly Named[]): Note[] {
  const told = new Set<string>();
  const groupOf = ({ kind, file }: NativeEvidence): string => (kind === 'header' ? kind : `${kind} ${file}`);
  const groups = KINDS.flatMap((kind) => [
    ...new Set(taken.flatMap(({ one }) => (one.kind === kind ? [groupOf(one)] : []))),
  ]);
  return groups.flatMap((group): Note[] => {
    const here = taken.filter(({ one, attribute }) => groupOf(one) === group && !told.has(attribute));
    const [first] = here;
    if (first === undefined) return [];
    for (const { attribute } of here) told.add(attribute);
    const attributes = joinWords(sortedUnique(here.map(({ attribute }) => attribute)));
    const text = `${attributes} inferred from ${SOURCES[first.one.kind].replace('%s', () => first.one.file)}`;
    return [{ kind: 'guess', text, ...placeOf(first.one) }];
  });
}

/** The surest first. */
const KINDS: readonly EvidenceKind[] = [
  'external',
  'link',
  'pkg-config',
  'meson',
  'cmake',
  'crate',
  'program',
  'header',
];

function bundledNotes(bundled: readonly Named[]): Note[] {
  return firstOfEach(bundled).map(({ one, attribute }) => ({
    kind: 'omitted',
    text: `${attribute} is no input: the sdist has a copy of it (${one.bundled ?? ''})`,
    ...placeOf(one),
  }));
}

function conditionalNotes(conditional: readonly Named[]): Note[] {
  return firstOfEach(conditional).map(({ one, attribute }) => ({
    kind: 'omitted',
    text:
      one.when === 'elsewhere'
        ? `${attribute} is no input: it is for other platforms only (${one.condition ?? one.name})`
        : `${attribute} is no input: the build asks for it only where somebody wants it (${one.condition ?? one.name})`,
    ...placeOf(one),
  }));
}

/** What modules load by name when they run: to be there when the package is built is no help for that. */
function loadNotes(facts: SdistFacts): Note[] {
  const loads = facts.native.evidence.flatMap((one) => {
    const attribute = one.kind === 'load' ? libraryAttribute(one.kind, one.name) : null;
    return typeof attribute === 'string' ? [{ one, attribute }] : [];
  });
  return firstOfEach(loads).map(({ one, attribute }) => ({
    kind: 'warning',
    text: `${attribute} is loaded by name when the package runs (${one.name}), which finds nothing in a Nix store unless a patch writes its path there`,
    ...placeOf(one),
  }));
}

function firstOfEach(named: readonly Named[]): Named[] {
  const first = new Map<string, Named>();
  for (const each of named) if (!first.has(each.attribute)) first.set(each.attribute, each);
  return [...first.values()];
}

const MAX_NAMES = 8;

/** Libraries that are asked for by name and have no attribute here. Headers of that sort are most often of the system or made by the build. */
function unmappedNotes(evidence: readonly NativeEvidence[]): Note[] {
  const asked = evidence.filter(({ kind, when }) => when === 'always' && kind !== 'crate' && kind !== 'header');
  return KINDS.flatMap((kind): Note[] => {
    // Texts that a helper of pkg-config is called with can be anything.
    const here = asked.filter((one) => one.kind === kind && !(kind === 'pkg-config' && one.file.endsWith('.py')));
    const [first] = here;
    if (first === undefined) return [];
    const names = sortedUnique(here.map(({ name }) => name));
    const shown = names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), `${names.length - MAX_NAMES} more`] : names;
    const what = kind === 'link' ? 'linked ' : '';
    const noun = names.length === 1 ? 'library' : 'libraries';
    return [
      {
        kind: 'unknown',
        text: `no nixpkgs attribute is known for the ${what}${noun} ${joinWords(shown)}`,
        ...placeOf(first),
      },
    ];
  });
}

function unreadNotes(facts: SdistFacts, builders: NativeBuilders): Note[] {
  const unread = facts.native.unread.filter(({ file }) =>
    file.endsWith('meson.build') ? builders.meson : builders.cmake,
  );
  const [first] = unread;
  const more = unread.length === 1 ? '' : `, and so in ${countOf(unread.length - 1, 'other place')}`;
  const files: Note[] =
    first === undefined
      ? []
      : [{ kind: 'unknown', text: `a library may be missing: ${first.what}${more}`, ...placeOf(first) }];
  const reading = facts.setupScript?.libraries;
  if (reading?.kind !== 'unknown' || !builders.setuptools) return files;
  return [
    ...files,
    {
      kind: 'unknown',
      text: `the libraries that the extensions link could not be read: ${reading.why}`,
      ...reading.place,
    },
  ];
}

function placeOf({ file, line }: { readonly file: string; readonly line?: number }): { file: string; line?: number } {
  return line === undefined ? { file } : { file, line };
}
