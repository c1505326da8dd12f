import * as v from 'valibot';
import type { PythonFiles } from './python/machine.ts';
import type { Place, ProjectTable, Reading, RequirementGroups } from './release-facts.ts';
import { readRequirementLines } from './requirement-files.ts';

const Strings = v.array(v.string());
const StringGroups = v.record(v.string(), Strings);

const ProjectSchema = v.looseObject({
  dynamic: v.optional(Strings, []),
  dependencies: v.optional(Strings),
  'optional-dependencies': v.optional(StringGroups),
  'requires-python': v.optional(v.string()),
  description: v.optional(v.string()),
  license: v.optional(
    v.union([v.string(), v.looseObject({ text: v.optional(v.string()), file: v.optional(v.string()) })]),
  ),
  classifiers: v.optional(Strings, []),
  urls: v.optional(v.record(v.string(), v.string()), {}),
  scripts: v.optional(v.record(v.string(), v.string()), {}),
});

const FlitSchema = v.looseObject({
  requires: v.optional(Strings),
  'requires-extra': v.optional(StringGroups),
  'dev-requires': v.optional(Strings),
  'requires-python': v.optional(v.string()),
  classifiers: v.optional(Strings, []),
  'home-page': v.optional(v.string()),
  license: v.optional(v.string()),
  urls: v.optional(v.record(v.string(), v.string()), {}),
});

const DynamicFile = v.looseObject({ file: v.optional(v.union([v.string(), Strings])) });
const SetuptoolsSchema = v.looseObject({
  dynamic: v.optional(
    v.looseObject({
      dependencies: v.optional(DynamicFile),
      'optional-dependencies': v.optional(v.record(v.string(), DynamicFile)),
    }),
  ),
});

/** Reads `[project]` (PEP 621, PEP 639). A text says why it cannot be read. `setuptools` is the table tool.setuptools. */
export function readProjectTable(
  table: unknown,
  context: {
    readonly place: Place;
    readonly extrasPlace: Place;
    readonly setuptools: unknown;
    /** The table tool.hatch. */
    readonly hatch?: unknown;
    readonly files: Pick<PythonFiles, 'text'>;
  },
): ProjectTable | string {
  const decoded = v.safeParse(ProjectSchema, table);
  if (!decoded.success) return v.summarize(decoded.issues);
  const project = decoded.output;
  const setuptools = v.safeParse(SetuptoolsSchema, context.setuptools);
  const dynamicFiles = (setuptools.success ? setuptools.output.dynamic : undefined) ?? hatchFiles(context.hatch);
  const isDynamic = (field: string) => project.dynamic.includes(field);
  const optional = dynamicFiles?.['optional-dependencies'];
  return {
    table: 'project',
    dynamic: project.dynamic,
    dependencies: isDynamic('dependencies')
      ? fromFiles(dynamicFiles?.dependencies?.file, context)
      : stated(project.dependencies, context.place),
    optionalDependencies: isDynamic('optional-dependencies')
      ? groupsFromFiles(optional, context)
      : stated(project['optional-dependencies'], context.extrasPlace),
    requiresPython: project['requires-python'] ?? null,
    description: project.description ?? null,
    license: typeof project.license === 'string' ? project.license : (project.license?.text ?? null),
    classifiers: project.classifiers,
    urls: project.urls,
    scripts: Object.keys(project.scripts).sort(),
  };
}

const HatchSchema = v.looseObject({
  metadata: v.looseObject({
    hooks: v.looseObject({
      requirements_txt: v.looseObject({
        files: v.optional(Strings),
        filename: v.optional(v.string()),
        'optional-dependencies': v.optional(StringGroups, {}),
      }),
    }),
  }),
});

/** What hatch-requirements-txt reads from files, in the form that setuptools has for it. */
function hatchFiles(hatch: unknown): NonNullable<v.InferOutput<typeof SetuptoolsSchema>['dynamic']> | undefined {
  const decoded = v.safeParse(HatchSchema, hatch);
  if (!decoded.success) return undefined;
  const {
    files,
    filename = 'requirements.txt',
    'optional-dependencies': extras,
  } = decoded.output.metadata.hooks.requirements_txt;
  return {
    dependencies: { file: files ?? filename },
    'optional-dependencies': Object.fromEntries(Object.entries(extras).map(([extra, file]) => [extra, { file }])),
  };
}

/** Reads `[tool.flit.metadata]`, flit's table before PEP 621. A text says why it cannot be read. */
export function readFlit(table: unknown, scripts: unknown, place: Place): ProjectTable | string {
  const decoded = v.safeParse(FlitSchema, table);
  if (!decoded.success) return v.summarize(decoded.issues);
  const flit = decoded.output;
  const homePage = flit['home-page'];
  const names = v.safeParse(v.record(v.string(), v.string()), scripts);
  return {
    table: 'tool.flit.metadata',
    // The summary and the version stand in the module itself.
    dynamic: ['version', 'description'],
    dependencies: stated(flit.requires, place),
    optionalDependencies: stated(flitExtras(flit), place),
    requiresPython: flit['requires-python'] ?? null,
    description: null,
    license: flit.license ?? null,
    classifiers: flit.classifiers,
    urls: homePage === undefined ? flit.urls : { ...flit.urls, Homepage: homePage },
    scripts: names.success ? Object.keys(names.output).sort() : [],
  };
}

/** The old `dev-requires` is the extra `dev`. */
function flitExtras(flit: v.InferOutput<typeof FlitSchema>): Readonly<Record<string, readonly string[]>> | undefined {
  const dev = flit['dev-requires'];
  return dev === undefined ? flit['requires-extra'] : { ...flit['requires-extra'], dev };
}

function stated<T>(value: T | undefined, place: Place): Reading<T> {
  return value === undefined ? { kind: 'absent' } : { kind: 'known', value, place };
}

interface FileContext {
  readonly place: Place;
  readonly files: Pick<PythonFiles, 'text'>;
}

/** Requirements that setuptools reads from files: `dependencies = { file = ["requirements.txt"] }`. */
function fromFiles(
  names: string | readonly string[] | undefined,
  { place, files }: FileContext,
): Reading<readonly string[]> {
  if (names === undefined) return { kind: 'unknown', place, why: 'it is dynamic: the build backend computes it' };
  const requirements: string[] = [];
  for (const name of typeof names === 'string' ? [names] : names) {
    const text = files.text(name.replace(/^\.\//u, ''));
    if (text === null) return { kind: 'unknown', place, why: `it is in ${name}, which is not there or not kept` };
    const lines = readRequirementLines(text, name, files.text);
    const [problem] = lines.unknowns;
    if (problem !== undefined) return { kind: 'unknown', place: problem, why: problem.why };
    requirements.push(...lines.requirements);
  }
  return { kind: 'known', value: requirements, place };
}

function groupsFromFiles(
  groups: Readonly<Record<string, v.InferOutput<typeof DynamicFile>>> | undefined,
  context: FileContext,
): Reading<RequirementGroups> {
  if (groups === undefined)
    return { kind: 'unknown', place: context.place, why: 'it is dynamic: the build backend computes it' };
  const found: [string, readonly string[]][] = [];
  for (const [extra, { file }] of Object.entries(groups)) {
    const reading = fromFiles(file, context);
    if (reading.kind !== 'known') return reading;
    found.push([extra, reading.value]);
  }
  return { kind: 'known', value: Object.fromEntries(found), place: context.place };
}
