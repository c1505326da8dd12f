import { parse } from 'toml';
import * as v from 'valibot';
import { userErrorsOf } from '../base/user-error.ts';
import { resolveDependencyGroup } from '../pep/dependency-groups.ts';
import { normalizeName } from '../pep/name.ts';
import { readPoetry } from './poetry.ts';
import { pyprojectLines } from './pyproject-lines.ts';
import { readFlit, readProjectTable } from './pyproject-table.ts';
import type { PythonFiles } from './python/machine.ts';
import type { Place, ProjectTable, PyprojectFacts, Reading, RequirementGroups } from './release-facts.ts';
import { toolGroups } from './tool-groups.ts';

const FILE = 'pyproject.toml';
// For the schema library an array is an object as well.
const Table = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check((value) => !Array.isArray(value)),
);

/** What pyproject.toml says; `tool` is its decoded table of that name, for readers of single tools. */
export interface PyprojectReading {
  readonly facts: PyprojectFacts | null;
  readonly tool: Readonly<Record<string, unknown>>;
  /** The table `external` (PEP 725); null without it. */
  readonly external: { readonly table: unknown; readonly place: Place } | null;
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

/** Reads a pyproject.toml. What is wrong in it becomes an entry of `unknowns`, never an exception. */
export function readPyproject(text: string, files: Pick<PythonFiles, 'text'>): PyprojectReading {
  const unknowns: (Place & { what: string; why: string })[] = [];
  const document = parseToml(text);
  if ('why' in document)
    return { facts: null, tool: {}, external: null, unknowns: [{ ...document.place, what: FILE, why: document.why }] };
  const tables = document.table;
  const tool = tableAt(tables, 'tool');
  const place = (table: string, key = '') => placeOf(text, table, key);
  const note = (what: string, why: string, at: Place) => unknowns.push({ ...at, what, why });

  const buildSystem = tableAt(tables, 'build-system');
  const poetry = 'poetry' in tool ? readPoetry(tool.poetry, place('tool.poetry', 'dependencies')) : null;
  if (typeof poetry === 'string') note('[tool.poetry]', poetry, place('tool.poetry'));
  if (poetry !== null && typeof poetry !== 'string')
    for (const { group, why } of poetry.unreadGroups)
      note(`the group ${group} of [tool.poetry]`, why, place(`tool.poetry.group.${group}.dependencies`));
  const project = chooseProject(note, {
    tables,
    tool,
    poetry: typeof poetry === 'string' ? null : (poetry?.project ?? null),
    place,
    files,
  });
  const groups = {
    dependencyGroups: dependencyGroups(tableAt(tables, 'dependency-groups'), note, place),
    toolGroups: { ...toolGroups(tool), ...(poetry === null || typeof poetry === 'string' ? {} : poetry.groups) },
  };
  return {
    facts: {
      requires: requires(buildSystem, place('build-system', 'requires')),
      buildBackend: typeof buildSystem['build-backend'] === 'string' ? buildSystem['build-backend'] : null,
      backendPath: strings(buildSystem['backend-path']) ?? [],
      project,
      ...groups,
      groupLines: groupLines(text, [...Object.keys(groups.dependencyGroups), ...Object.keys(groups.toolGroups)]),
      fieldLines: pyprojectLines(text),
      tools: Object.keys(tool).sort(),
    },
    tool,
    external: 'external' in tables ? { table: tables.external, place: place('external') } : null,
    unknowns,
  };
}

interface ProjectSources {
  readonly tables: Readonly<Record<string, unknown>>;
  readonly tool: Readonly<Record<string, unknown>>;
  readonly poetry: ProjectTable | null;
  readonly place: (table: string, key?: string) => Place;
  readonly files: Pick<PythonFiles, 'text'>;
}

/** `[project]` where it is, else the table of the backend. Poetry 2 fills what `[project]` leaves dynamic. */
function chooseProject(
  note: (what: string, why: string, at: Place) => void,
  sources: ProjectSources,
): ProjectTable | null {
  const { tables, tool, poetry, place, files } = sources;
  if ('project' in tables) {
    const setuptools = tool.setuptools;
    const project = readProjectTable(tables.project, {
      place: place('project', 'dependencies'),
      extrasPlace: place('project', 'optional-dependencies'),
      setuptools,
      hatch: tool.hatch,
      files,
    });
    if (typeof project !== 'string') {
      const filled =
        poetry !== null && project.dynamic.includes('dependencies') && project.dependencies.kind === 'unknown';
      return filled ? { ...project, dependencies: poetry.dependencies } : project;
    }
    note('[project]', project, place('project'));
  }
  if (poetry !== null) return poetry;
  const flit = tableAt(tool, 'flit');
  if (!('metadata' in flit)) return null;
  const project = readFlit(flit.metadata, flit.scripts, place('tool.flit.metadata', 'requires'));
  if (typeof project !== 'string') return project;
  note('[tool.flit.metadata]', project, place('tool.flit.metadata'));
  return null;
}

function parseToml(text: string): { table: Record<string, unknown> } | { place: Place; why: string } {
  try {
    const decoded = v.safeParse(Table, parse(text));
    return decoded.success ? { table: decoded.output } : { place: { file: FILE }, why: 'it is no TOML table' };
  } catch (error) {
    const line = lineOf(error);
    const why = 'it is no valid TOML';
    return { place: line === null ? { file: FILE } : { file: FILE, line }, why };
  }
}

const SyntaxErrorSchema = v.looseObject({ location: v.looseObject({ start: v.looseObject({ line: v.number() }) }) });

function lineOf(error: unknown): number | null {
  const decoded = v.safeParse(SyntaxErrorSchema, error);
  return decoded.success ? decoded.output.location.start.line : null;
}

function requires(buildSystem: Readonly<Record<string, unknown>>, place: Place): Reading<readonly string[]> {
  if (!('requires' in buildSystem)) return { kind: 'absent' };
  const value = strings(buildSystem.requires);
  return value === null ? { kind: 'unknown', place, why: 'it is no list of texts' } : { kind: 'known', value, place };
}

function dependencyGroups(
  groups: Readonly<Record<string, unknown>>,
  note: (what: string, why: string, at: Place) => void,
  place: (table: string, key?: string) => Place,
): RequirementGroups {
  const resolved: [string, readonly string[]][] = [];
  for (const name of Object.keys(groups)) {
    try {
      resolved.push([name, resolveDependencyGroup(groups, name)]);
    } catch (error) {
      const [problem] = userErrorsOf(error) ?? [];
      if (problem === undefined) throw error;
      note(`[dependency-groups] ${name}`, problem.message, place('dependency-groups', name));
    }
  }
  return Object.fromEntries(resolved);
}

function tableAt(table: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const decoded = v.safeParse(Table, table[key]);
  return decoded.success ? decoded.output : {};
}

function strings(value: unknown): string[] | null {
  const decoded = v.safeParse(v.array(v.string()), value);
  return decoded.success ? decoded.output : null;
}

/** The lines on which groups begin: `test = [`, `[tool.poetry.group.test.dependencies]`. */
function groupLines(text: string, groups: readonly string[]): Record<string, number> {
  const wanted = new Map(groups.map((group) => [normalizeName(group), group]));
  const found = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    const key = /^\s{0,20}["']?([\w.-]{1,80})["']?\s{0,20}=/u.exec(line)?.[1];
    const header = line.startsWith('[') ? line.replace(/^\[+/u, '').split(']', 1)[0]?.split('.') : undefined;
    for (const name of header ?? (key === undefined ? [] : [key])) {
      const group = wanted.get(normalizeName(name.trim().replace(/["']/gu, '')));
      if (group !== undefined && !found.has(group)) found.set(group, index + 1);
    }
  }
  return Object.fromEntries(found);
}

/** Where a key of a table stands; the parser does not tell, so it is looked for line by line. */
function placeOf(text: string, table: string, key: string): Place {
  let here = '';
  let tableLine: number | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    const header = trimmed.startsWith('[') ? trimmed.replace(/^\[+/u, '').split(']', 1)[0]?.trim() : undefined;
    if (header !== undefined) here = header;
    if (header === table || (header === `${table}.${key}` && key !== '')) tableLine = index + 1;
    if (here === table && key !== '' && trimmed.replace(/^"/u, '').startsWith(key))
      return { file: FILE, line: index + 1 };
  }
  return tableLine === null ? { file: FILE } : { file: FILE, line: tableLine };
}
