import * as v from 'valibot';
import { normalizeName } from '../pep/name.ts';
import { poetrySpecifier, pythonMarker } from '../pep/poetry-constraint.ts';
import type { Place, ProjectTable, Reading, RequirementGroups } from './release-facts.ts';

const DetailSchema = v.looseObject({
  version: v.optional(v.string()),
  optional: v.optional(v.boolean()),
  extras: v.optional(v.array(v.string())),
  python: v.optional(v.string()),
  platform: v.optional(v.string()),
  markers: v.optional(v.string()),
  url: v.optional(v.string()),
  git: v.optional(v.string()),
  rev: v.optional(v.string()),
  tag: v.optional(v.string()),
  branch: v.optional(v.string()),
  path: v.optional(v.string()),
});

type Detail = v.InferOutput<typeof DetailSchema>;

const DependenciesSchema = v.record(v.string(), v.union([v.string(), v.array(DetailSchema), DetailSchema]));
type Dependencies = v.InferOutput<typeof DependenciesSchema>;

const PoetrySchema = v.looseObject({
  dependencies: v.optional(DependenciesSchema),
  'dev-dependencies': v.optional(DependenciesSchema),
  group: v.optional(v.record(v.string(), v.looseObject({ dependencies: v.optional(DependenciesSchema) }))),
  extras: v.optional(v.record(v.string(), v.array(v.string()))),
  description: v.optional(v.string()),
  license: v.optional(v.string()),
  classifiers: v.optional(v.array(v.string())),
  homepage: v.optional(v.string()),
  repository: v.optional(v.string()),
  documentation: v.optional(v.string()),
  urls: v.optional(v.record(v.string(), v.string())),
  scripts: v.optional(v.record(v.string(), v.unknown())),
});

/** What `[tool.poetry]` says, with its dependencies translated to PEP 508. */
export interface PoetryReading {
  readonly project: ProjectTable;
  readonly groups: RequirementGroups;
  /** Groups of which something has no form in PEP 508. */
  readonly unreadGroups: readonly { readonly group: string; readonly why: string }[];
}

/** Reads the table `tool.poetry` of a pyproject.toml; a text says why it cannot be read. */
export function readPoetry(table: unknown, place: Place): PoetryReading | string {
  // For the schema library an array is an object as well.
  if (Array.isArray(table)) return 'it is no table';
  const decoded = v.safeParse(PoetrySchema, table);
  if (!decoded.success) return v.summarize(decoded.issues);
  const poetry = decoded.output;
  const dependencies = poetry.dependencies ?? {};
  const python = dependencies.python;
  const { homepage, repository, documentation } = poetry;
  const urls = Object.entries({ homepage, repository, documentation }).flatMap(([label, url]) =>
    url === undefined ? [] : [[label, url] as const],
  );
  return {
    project: {
      table: 'tool.poetry',
      dynamic: [],
      dependencies: translated(dependencies, place, (detail) => detail.optional !== true),
      optionalDependencies: extras(poetry.extras, dependencies, place),
      requiresPython: typeof python === 'string' ? poetrySpecifier(python) : null,
      description: poetry.description ?? null,
      license: poetry.license ?? null,
      classifiers: poetry.classifiers ?? [],
      urls: Object.fromEntries([...urls, ...Object.entries(poetry.urls ?? {})]),
      scripts: Object.keys(poetry.scripts ?? {}).sort(),
    },
    ...groupsOf(poetry, place),
  };
}

function groupsOf(
  poetry: v.InferOutput<typeof PoetrySchema>,
  place: Place,
): Pick<PoetryReading, 'groups' | 'unreadGroups'> {
  const groups: [string, readonly string[]][] = [];
  const unread: { group: string; why: string }[] = [];
  const add = (name: string, dependencies: Dependencies | undefined) => {
    if (dependencies === undefined) return;
    const reading = translated(dependencies, place, () => true);
    if (reading.kind === 'known') groups.push([name, reading.value]);
    if (reading.kind === 'unknown') unread.push({ group: name, why: reading.why });
  };
  add('dev', poetry['dev-dependencies']);
  for (const [name, group] of Object.entries(poetry.group ?? {})) add(name, group.dependencies);
  return { groups: Object.fromEntries(groups), unreadGroups: unread };
}

function extras(
  wanted: Readonly<Record<string, readonly string[]>> | undefined,
  dependencies: Dependencies,
  place: Place,
): Reading<RequirementGroups> {
  if (wanted === undefined) return { kind: 'absent' };
  const groups: [string, readonly string[]][] = [];
  for (const [extra, names] of Object.entries(wanted)) {
    const normal = new Set(names.map((name) => normalizeName(name.split(/[ [<>=!~;(]/u, 1)[0] ?? name)));
    const chosen = Object.fromEntries(Object.entries(dependencies).filter(([name]) => normal.has(normalizeName(name))));
    const reading = translated(chosen, place, () => true);
    if (reading.kind === 'unknown') return reading;
    groups.push([extra, reading.kind === 'known' ? reading.value : []]);
  }
  return { kind: 'known', value: Object.fromEntries(groups), place };
}

function translated(
  dependencies: Dependencies,
  place: Place,
  isWanted: (detail: Detail) => boolean,
): Reading<readonly string[]> {
  const texts: string[] = [];
  for (const [name, value] of Object.entries(dependencies)) {
    if (normalizeName(name) === 'python') continue;
    const details = typeof value === 'string' ? [{ version: value }] : Array.isArray(value) ? value : [value];
    for (const detail of details.filter(isWanted)) {
      const text = requirementText(name, detail);
      if (text === null) return { kind: 'unknown', place, why: `the constraint of ${name} has no form in PEP 508` };
      texts.push(text);
    }
  }
  return { kind: 'known', value: texts, place };
}

/** One dependency as PEP 508 text; null where it has none. A `path` is another project of the same repository: its name counts. */
function requirementText(name: string, detail: Detail): string | null {
  const specifier = poetrySpecifier(detail.version ?? '*');
  const python = detail.python === undefined ? '' : pythonMarker(detail.python);
  if (specifier === null || python === null) return null;
  const source = detail.url ?? (detail.git === undefined ? undefined : gitUrl(detail));
  const markers = [
    python,
    detail.platform === undefined ? '' : `sys_platform == "${detail.platform}"`,
    detail.markers ?? '',
  ]
    .filter((marker) => marker !== '')
    .map((marker, _, all) => (all.length > 1 && /\sor\s/u.test(marker) ? `(${marker})` : marker));
  const extrasText = detail.extras === undefined || detail.extras.length === 0 ? '' : `[${detail.extras.join(',')}]`;
  const base = source === undefined ? `${name}${extrasText}${specifier}` : `${name}${extrasText} @ ${source}`;
  const separator = source === undefined ? '; ' : ' ; ';
  return markers.length === 0 ? base : `${base}${separator}${markers.join(' and ')}`;
}

function gitUrl(detail: Detail): string {
  const revision = detail.rev ?? detail.tag ?? detail.branch;
  return `git+${detail.git}${revision === undefined ? '' : `@${revision}`}`;
}
