import type { Note } from '../base/note.ts';
import type { CoreMetadata } from '../pep/core-metadata.ts';
import { normalizeName } from '../pep/name.ts';
import { tryParseRequirement } from '../pep/requirement.ts';
import { compareVersions, tryParseVersion } from '../pep/version.ts';
import type { Place, Reading, RequirementGroups, SdistFacts, SetupFacts } from './release-facts.ts';

/** One place that states requirements. */
export interface RequirementSource {
  /** For messages. */
  readonly name: string;
  readonly file: string;
  /** Where it states the requirements, and those of the extras; missing where the file is no file of the archive. */
  readonly places?: { readonly base: StatedAt; readonly extras: StatedAt };
  /** Texts by group: `` for the unconditional ones, else `extra`, `:marker` or `extra:marker`. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly extras: readonly string[];
  readonly notes: readonly Note[];
}

/** In which words and on which line requirements are stated. */
export interface StatedAt extends Place {
  /** For example `Requires-Dist`, `[project]`, `install_requires`. */
  readonly what: string;
}

/** The source that counts, see staticRequirements(). */
export function chooseSource(facts: SdistFacts): RequirementSource {
  const metadata = facts.coreMetadata;
  if (metadata !== null && isReliable(metadata) && !metadata.dynamic.includes('requires-dist'))
    return pkgInfoSource(facts, metadata);
  const table = projectTable(facts);
  const script = setupSource(facts);
  if (metadata !== null && !isReliable(metadata) && metadata.requiresDist.length > 0) {
    return unfrozen(pkgInfoSource(facts, metadata), script);
  }
  if (table !== null) return table;
  const egg = facts.eggRequires;
  if (egg !== null)
    return unfrozen(
      {
        name: egg.file,
        file: egg.file,
        places: everywhere({ what: 'the egg-info', file: egg.file, line: 1 }),
        groups: new Map(Object.entries(egg.groups)),
        extras: [],
        notes: [],
      },
      script,
    );
  if (script?.isKnown) return script.source;
  // setuptools writes requires.txt where there are requirements, so its absence says that there are none.
  if (facts.hasEggInfo) return nothing('the egg-info folder', frozenNotes(facts));
  if (metadata !== null && metadata.requiresDist.length > 0) {
    const why = 'its requirements are dynamic; those of PKG-INFO are taken, which a wheel may state otherwise';
    return { ...pkgInfoSource(facts, metadata), notes: [{ kind: 'fallback', text: why, file: 'PKG-INFO' }] };
  }
  if (script !== null) return script.source;
  return requirementsTxt(facts) ?? nothing(facts.setupScript === null ? 'the sdist' : 'setup.py', statesNothing(facts));
}

/** The requirements of a metadata text; `file` is its name. */
export function metadataSource(metadata: CoreMetadata, file: string): RequirementSource {
  return {
    name: file,
    file,
    groups: new Map([['', metadata.requiresDist]]),
    extras: metadata.providesExtra,
    notes: [],
  };
}

function pkgInfoSource({ requiresDistLine: line }: SdistFacts, metadata: CoreMetadata): RequirementSource {
  const place = { what: 'Requires-Dist', file: 'PKG-INFO', ...(line === undefined ? {} : { line }) };
  return { ...metadataSource(metadata, 'PKG-INFO'), places: everywhere(place) };
}

function everywhere(place: StatedAt): NonNullable<RequirementSource['places']> {
  return { base: place, extras: place };
}

function placeOfReading(reading: Reading<unknown>, what: string, file: string): StatedAt {
  return { what, ...(reading.kind === 'absent' ? { file } : reading.place) };
}

/** Whether fields that are not Dynamic hold for every wheel: metadata 2.2 and later (PEP 643). */
export function isReliable(metadata: CoreMetadata): boolean {
  const version = tryParseVersion(metadata.metadataVersion);
  const since = tryParseVersion('2.2');
  return version !== null && since !== null && compareVersions(version, since) >= 0;
}

function nothing(name: string, notes: readonly Note[]): RequirementSource {
  return { name, file: name, groups: new Map(), extras: [], notes };
}

/** Of a setup.py that cannot be followed, the egg-info tells only what held on the machine that made the sdist. */
function frozenNotes({ setupScript }: SdistFacts): Note[] {
  if (setupScript?.installRequires.kind !== 'unknown') return [];
  const { place, why } = setupScript.installRequires;
  const text = `the egg-info has no requirements, and those of setup.py could not be read: ${why}`;
  return [{ kind: 'fallback', text, ...place }];
}

/** An sdist of a backend that is not known here says nothing; that is not the same as none. */
function statesNothing(facts: SdistFacts): Note[] {
  if (facts.setupScript !== null || facts.setupCfg !== null) return [];
  const project = facts.pyproject?.project;
  if (project?.dependencies.kind === 'unknown') {
    const { place, why } = project.dependencies;
    return [unknownNote('the run-time requirements', place, why)];
  }
  return [{ kind: 'unknown', text: 'the sdist states no requirements in a form that is known' }];
}

/** `[project]`, or the table of Poetry or flit, unless it leaves the requirements to the backend. */
function projectTable({ pyproject }: SdistFacts): RequirementSource | null {
  const project = pyproject?.project ?? null;
  if (project === null || project.dependencies.kind === 'unknown') return null;
  const { optionalDependencies: optional } = project;
  return {
    name: `[${project.table}] of pyproject.toml`,
    file: 'pyproject.toml',
    places: {
      base: placeOfReading(project.dependencies, `[${project.table}]`, 'pyproject.toml'),
      extras: placeOfReading(optional, `the extras of [${project.table}]`, 'pyproject.toml'),
    },
    groups: grouped(project.dependencies, optional),
    extras: optional.kind === 'known' ? Object.keys(optional.value) : [],
    notes: optional.kind === 'unknown' ? [unknownNote('the extras', optional.place, optional.why)] : [],
  };
}

interface SetupSource {
  readonly source: RequirementSource;
  /** Both setup.py and setup.cfg are read in full as far as install_requires goes. */
  readonly isKnown: boolean;
}

/** setup.py or setup.cfg, whichever states install_requires or extras; null where neither does. */
function setupSource(facts: SdistFacts): SetupSource | null {
  const candidates = [
    { name: 'setup.py', facts: facts.setupScript },
    { name: 'setup.cfg', facts: facts.setupCfg },
  ].filter((one): one is { name: string; facts: SetupFacts } => one.facts !== null);
  const stated = candidates.filter(
    (one) => one.facts.installRequires.kind !== 'absent' || one.facts.extrasRequire.kind !== 'absent',
  );
  // What setup.cfg states is known, even where a setup.py beside it cannot be followed.
  const chosen = stated.find((one) => one.facts.installRequires.kind === 'known') ?? stated[0];
  if (chosen === undefined) return null;
  const { installRequires, extrasRequire } = chosen.facts;
  const notes: Note[] = [];
  if (installRequires.kind === 'unknown')
    notes.push(unknownNote('the run-time requirements', installRequires.place, installRequires.why));
  if (extrasRequire.kind === 'unknown' && installRequires.kind !== 'unknown')
    notes.push(unknownNote('the extras', extrasRequire.place, extrasRequire.why));
  return {
    source: {
      name: chosen.name,
      file: chosen.name,
      places: {
        base: placeOfReading(installRequires, 'install_requires', chosen.name),
        extras: placeOfReading(extrasRequire, 'extras_require', chosen.name),
      },
      groups: grouped(installRequires, extrasRequire),
      extras: [],
      notes,
    },
    isKnown: installRequires.kind === 'known',
  };
}

function unknownNote(what: string, place: { readonly file: string; readonly line?: number }, why: string): Note {
  const text = `${what} could not be read: ${why}`;
  return place.line === undefined
    ? { kind: 'unknown', text, file: place.file }
    : { kind: 'unknown', text, file: place.file, line: place.line };
}

function grouped(
  base: Reading<readonly string[]>,
  optional: Reading<RequirementGroups>,
): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  if (base.kind === 'known') groups.set('', base.value);
  if (optional.kind === 'known') for (const [extra, texts] of Object.entries(optional.value)) groups.set(extra, texts);
  return groups;
}

/**
 * What was made by running setup.py has frozen the conditions of the machine that ran it. Where setup.py is known, names every project
 * that was frozen, and states conditions where the frozen list has none, it is the better source.
 */
function unfrozen(frozen: RequirementSource, script: SetupSource | null): RequirementSource {
  if (script === null || !script.isKnown || script.source.name !== 'setup.py') return frozen;
  const stated = script.source.groups.get('') ?? [];
  const conditions = [...script.source.groups.keys()].some((group) => group.startsWith(':'));
  const frozenText = [...frozen.groups].flatMap(([group, texts]) => [group, ...texts]).join('\n');
  const hasNew = stated.some((text) => text.includes(';')) || conditions;
  if (!hasNew || /;|(?:^|\n)[^\n]*:\s*\w/u.test(frozenText)) return frozen;
  const names = new Set([...script.source.groups.values()].flat().map(nameOf));
  const isCovered = [...frozen.groups.values()].flat().every((text) => names.has(nameOf(text)));
  return isCovered ? script.source : frozen;
}

function nameOf(text: string): string {
  return tryParseRequirement(text)?.name ?? normalizeName(text);
}

/**
 * The requirements.txt of a setup.py that states nothing: plain distutils has no place for requirements. One that setup.py reads for
 * something else is not for this.
 */
function requirementsTxt(facts: SdistFacts): RequirementSource | null {
  const script = facts.setupScript;
  if (script === null || script.installRequires.kind !== 'absent' || facts.setupCfg?.installRequires.kind === 'known')
    return null;
  const file = facts.requirementFiles.find(({ path }) => path === 'requirements.txt');
  if (file === undefined || file.requirements.length === 0 || script.filesRead.includes(file.path)) return null;
  const text = 'setup.py states no requirements, so those of requirements.txt are taken for run-time requirements';
  return {
    name: file.path,
    file: file.path,
    places: everywhere({ what: 'the requirements', file: file.path, line: 1 }),
    groups: new Map([['', file.requirements]]),
    extras: [],
    notes: [{ kind: 'fallback', text, file: file.path }],
  };
}
