import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { countOf, excerpt, joinWords, sortedUnique } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { readPoetry } from '../../metadata/poetry.ts';
import { readPyproject } from '../../metadata/pyproject.ts';
import { readSdist } from '../../metadata/read-sdist.ts';
import type { Place, ProjectTable, Reading } from '../../metadata/release-facts.ts';
import { staticRequirements } from '../../metadata/release-requirements.ts';
import { resolveDependencyGroup } from '../../pep/dependency-groups.ts';
import type { Marker } from '../../pep/marker.ts';
import { normalizeName } from '../../pep/name.ts';
import { parseRequirement, type Requirement } from '../../pep/requirement.ts';
import { scopeRequirement } from '../../resolve/scope.ts';
import { directoryMembers } from '../../source/directory-members.ts';
import { type Toml, tableAt, textAt, tomlTable } from '../direct/toml.ts';
import type { RunTargets } from '../run/targets.ts';
import { splitFileArgument } from './file-argument.ts';
import { badPyproject, dynamic, noSuchExtra } from './project-faults.ts';
import { requiresPythonNotes, type StatedPython } from './project-python.ts';

/** What a pyproject.toml asks for. */
export interface ProjectRequirements {
  /** In the order of the file: dependencies, extras, groups. Addresses are as they are written. */
  readonly requirements: readonly Requirement[];
  /** The folder of the file, absolute: what relative addresses in it are of. */
  readonly folder: string;
  /** Which of the groups asked for the file has, normalised. */
  readonly groups: ReadonlySet<string>;
  readonly requiresPython: StatedPython | null;
  readonly notes: readonly Note[];
  /** Of interpreters among the targets that its requires-python excludes. */
  readonly excludedNotes: readonly Note[];
}

/**
 * The requirements of a project that is not generated itself: argument = ( FILE / FOLDER ) [ "[" extra *( "," extra ) "]" ].
 * They are `[project]` dependencies, those of the extras and of the dependency groups (PEP 735), or what Poetry's and flit's own tables say where there is no `[project]`.
 * What a table leaves to the build backend is read in setup.cfg, setup.py and requirements files beside it; nothing is run.
 *
 * Throws UserError E_CANNOT_READ (exit 74), E_BAD_PYPROJECT, E_DYNAMIC_REQUIREMENTS for what cannot be read without running it, E_NO_SUCH_EXTRA, E_BAD_DEPENDENCY_GROUP (65), and
 * E_REQUIRES_PYTHON (1) where the project excludes an interpreter that is bound.
 */
export async function projectFileRequirements(
  argument: string,
  { groups, directory, targets }: { groups: readonly string[]; directory: string; targets: RunTargets },
): Promise<ProjectRequirements> {
  const { file: named, extras } = splitFileArgument(argument);
  const file = await withFileName(named, directory);
  const whole = path.resolve(directory, file);
  const text = await readText(whole, file);
  const { facts, unknowns } = readPyproject(text, { text: () => null });
  const table = tomlTable(text);
  const fault = unknowns.find(
    ({ what }) => what === 'pyproject.toml' || what.startsWith('[project]') || what.startsWith('[tool.'),
  );
  if (facts === null || fault !== undefined)
    throw badPyproject(file, fault ?? { file, what: 'it', why: 'cannot be read' });

  const context: FileContext = { file, folder: path.dirname(whole), table, targets };
  const own = await ownRequirements(facts.project, { ...context, extras, groups });
  const byGroup = groups.map((group) => groupRequirements(group, context));
  const all = [...own.requirements, ...byGroup.flatMap((each) => each ?? [])];
  const requirements = expandSelf(all, { ...context, project: facts.project, name: own.name });
  return {
    requirements,
    folder: context.folder,
    groups: new Set(groups.filter((_, index) => byGroup[index] !== null).map(normalizeName)),
    requiresPython: own.requiresPython === null ? null : { by: file, requiresPython: own.requiresPython },
    notes: [...own.notes, ...sourceNotes(requirements, context)],
    excludedNotes: requiresPythonNotes(own.requiresPython, { file, targets }),
  };
}

/** `-p .` means the file in the folder. */
async function withFileName(named: string, directory: string): Promise<string> {
  const isFolder = await stat(path.resolve(directory, named)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? path.join(named, 'pyproject.toml') : named;
}

interface FileContext {
  /** As the user names it. */
  readonly file: string;
  readonly folder: string;
  readonly table: Toml;
  readonly targets: RunTargets;
}

interface OwnRequirements {
  readonly name: string | null;
  readonly requirements: readonly Requirement[];
  readonly requiresPython: string | null;
  readonly notes: readonly Note[];
}

async function ownRequirements(
  project: ProjectTable | null,
  context: FileContext & { readonly extras: readonly string[]; readonly groups: readonly string[] },
): Promise<OwnRequirements> {
  const { extras, table } = context;
  const name = textAt(tableAt(table, 'project'), 'name') ?? textAt(tableAt(table, 'tool', 'poetry'), 'name');
  const normal = name === null ? null : normalizeName(name);
  const isStatic =
    project !== null &&
    project.dependencies.kind !== 'unknown' &&
    (extras.length === 0 || project.optionalDependencies.kind !== 'unknown');
  if (!isStatic) return await computedRequirements(project, { ...context, name: normal });
  const requirements = [
    ...parsed(project.dependencies, context),
    ...extras.flatMap((extra) => extraRequirements(extra, { ...context, project })),
  ];
  return { name: normal, requirements, requiresPython: project.requiresPython, notes: [] };
}

/** What the build backend computes, as far as the files beside pyproject.toml tell it. */
async function computedRequirements(
  project: ProjectTable | null,
  context: FileContext & {
    readonly extras: readonly string[];
    readonly groups: readonly string[];
    readonly name: string | null;
  },
): Promise<OwnRequirements> {
  const { file, folder, extras, groups, targets, name } = context;
  const isPyproject = path.basename(file) === 'pyproject.toml';
  const facts = isPyproject
    ? await readSdist(directoryMembers(folder), { name: name ?? '', version: '0', filename: folder })
    : null;
  const isStatedElsewhere = facts !== null && (facts.setupScript !== null || facts.setupCfg !== null);
  if (project === null && !isStatedElsewhere) {
    if (groups.length > 0 && extras.length === 0) return { name, requirements: [], requiresPython: null, notes: [] };
    throw new UserError(
      'E_BAD_PYPROJECT',
      `${file} has neither [project] nor [tool.poetry], and no setup.cfg or setup.py is beside it`,
      {
        exit: EXIT.data,
        hint: 'name the projects that are wanted, or a dependency group with --group',
      },
    );
  }
  if (facts === null)
    throw dynamic(
      file,
      placeOf(project?.dependencies),
      'its file is not called pyproject.toml, so nothing beside it is read',
    );
  const stated = staticRequirements(facts, name ?? '');
  const unknown = stated.notes.find(({ kind }) => kind === 'unknown');
  if (unknown !== undefined) throw dynamic(file, unknown, unknown.text);
  const missing = extras.filter((extra) => !stated.extras.includes(normalizeName(extra)));
  if (missing[0] !== undefined) throw noSuchExtra(missing[0], { file, known: stated.extras });
  const requirements = stated.requirements
    .map((requirement) => scopeRequirement(requirement, targets.environments, extras.map(normalizeName)))
    .filter((requirement) => requirement !== null);
  const cfgPython = facts.setupCfg?.pythonRequires;
  const scriptPython = facts.setupScript?.pythonRequires;
  return {
    name,
    requirements,
    requiresPython:
      project?.requiresPython ??
      (cfgPython?.kind === 'known' ? cfgPython.value : scriptPython?.kind === 'known' ? scriptPython.value : null),
    notes: [
      ...stated.notes.map((note) => besideProject(note, file)),
      {
        kind: 'fallback',
        text: `${file} leaves ${countOf(requirements.length, 'requirement')} to its build backend: they are taken from ${sourceOf(context, stated.source)}`,
      },
    ],
  };
}

/** The files beside pyproject.toml that setuptools is told of, else what the requirements are called after. */
function sourceOf({ table, file }: FileContext, source: string): string {
  const { file: named } = tableAt(table, 'tool', 'setuptools', 'dynamic', 'dependencies');
  const files = (Array.isArray(named) ? named : [named]).filter((each) => typeof each === 'string');
  if (files.length === 0 || !source.startsWith('[project]')) return source;
  return joinWords(files.map((each) => path.join(path.dirname(file), each)));
}

/** Places are of the folder of the project; the user sees them from where the file is named. */
function besideProject(note: Note, file: string): Note {
  return note.file === undefined ? note : { ...note, file: path.join(path.dirname(file), note.file) };
}

function extraRequirements(
  extra: string,
  context: FileContext & { readonly project: ProjectTable },
): readonly Requirement[] {
  const { optionalDependencies: optional } = context.project;
  const groups = optional.kind === 'known' ? Object.entries(optional.value) : [];
  const found = groups.filter(([name]) => normalizeName(name) === normalizeName(extra));
  if (found.length === 0)
    throw noSuchExtra(extra, { file: context.file, known: groups.map(([name]) => normalizeName(name)) });
  const place = optional.kind === 'known' ? optional.place : { file: context.file };
  return found.flatMap(([, texts]) => parsed({ kind: 'known', value: texts, place }, context));
}

/** A group of PEP 735, else of Poetry; null where the file has none of that name. */
function groupRequirements(group: string, context: FileContext): readonly Requirement[] | null {
  const groups = tableAt(context.table, 'dependency-groups');
  const place = { file: 'pyproject.toml' };
  const isThere = (names: Toml): boolean =>
    Object.keys(names).some((name) => normalizeName(name) === normalizeName(group));
  if (isThere(groups)) return parsed({ kind: 'known', value: resolveDependencyGroup(groups, group), place }, context);
  const tool = tableAt(context.table, 'tool');
  const poetry = Object.hasOwn(tool, 'poetry') ? readPoetry(tool.poetry, place) : null;
  if (poetry === null || typeof poetry === 'string') return null;
  if (isThere(poetry.groups)) {
    const texts = Object.entries(poetry.groups).flatMap(([name, value]) =>
      normalizeName(name) === normalizeName(group) ? value : [],
    );
    return parsed({ kind: 'known', value: texts, place }, context);
  }
  // A group whose constraints have no form in PEP 508 is there, and cannot be passed over.
  const stated = {
    ...tableAt(tool, 'poetry', 'group'),
    ...('dev-dependencies' in tableAt(tool, 'poetry') ? { dev: {} } : {}),
  };
  if (isThere(stated))
    throw dynamic(context.file, place, `the group ${group} of Poetry has a constraint that has no form in PEP 508`);
  return null;
}

/** `name[extra]` of the project itself stands for the requirements of the extra; `name` alone says nothing new. */
function expandSelf(
  requirements: readonly Requirement[],
  context: FileContext & { readonly project: ProjectTable | null; readonly name: string | null },
): readonly Requirement[] {
  const { name, project } = context;
  const seen = new Set<string>();
  const expand = (requirement: Requirement): readonly Requirement[] => {
    if (requirement.name !== name || project === null) return [requirement];
    return requirement.extras.flatMap((extra) => {
      const key = `${extra} ${JSON.stringify(requirement.marker)}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return extraRequirements(extra, { ...context, project })
        .map((each) => ({ ...each, marker: both(each.marker, requirement.marker) }))
        .flatMap(expand);
    });
  };
  return requirements.flatMap(expand);
}

function both(a: Marker | null, b: Marker | null): Marker | null {
  if (a === null || b === null) return a ?? b;
  return { kind: 'and', operands: [a, b] };
}

function parsed(reading: Reading<readonly string[]>, { file }: FileContext): readonly Requirement[] {
  if (reading.kind === 'absent') return [];
  if (reading.kind === 'unknown') throw dynamic(file, reading.place, reading.why);
  const { place } = reading;
  return reading.value.map((text) => {
    try {
      return parseRequirement(text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const where = place.line === undefined ? file : `${file}:${place.line}`;
      throw new UserError(error.code, `${where}: ${error.message}`, {
        exit: error.exit,
        hint: error.hint ?? '',
        cause: error,
      });
    }
  });
}

/** Tables of tools that say where a project comes from, which are no standard. */
function sourceNotes(requirements: readonly Requirement[], { table, file }: FileContext): Note[] {
  const named = new Set(requirements.map(({ name }) => name));
  const uv = Object.keys(tableAt(table, 'tool', 'uv', 'sources')).map(normalizeName);
  const poetry = Object.entries(tableAt(table, 'tool', 'poetry', 'dependencies')).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && 'path' in value ? [normalizeName(name)] : [],
  );
  const passed = sortedUnique([...uv, ...poetry]).filter((name) => named.has(name));
  if (passed.length === 0) return [];
  const text = `${file}: where a table of uv or Poetry has ${joinWords(passed)} from is passed over: the index decides; an address is given as NAME @ ADDRESS`;
  return [{ kind: 'warning', text }];
}

async function readText(whole: string, file: string): Promise<string> {
  try {
    return await readFile(whole, 'utf8');
  } catch (cause) {
    throw new UserError('E_CANNOT_READ', `${excerpt(file)} cannot be read`, {
      exit: EXIT.io,
      hint: 'give the path of a pyproject.toml',
      cause,
    });
  }
}

function placeOf(reading: Reading<unknown> | undefined): Place {
  return reading?.kind === 'unknown' ? reading.place : { file: 'pyproject.toml' };
}
