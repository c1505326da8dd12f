import { sortedUnique } from '../../src/base/text.ts';
import type { Input, PackageFacts } from '../../src/classify/package-facts.ts';
import { licenceAttribute } from '../../src/nixpkgs/licence-names.ts';
import type { MarkerVariable } from '../../src/pep/marker.ts';
import { mentionsVariable } from '../../src/pep/marker-variables.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { tryParseRequirement } from '../../src/pep/requirement.ts';
import { comparedNames, isPythonName, nameOfProject } from './attribute-names.ts';
import type { TruthRecord } from './truth.ts';

/** What is compared with nixpkgs, in the order of the report. */
export const ATTRIBUTES = [
  'dependencies',
  'build-system',
  'tools',
  'libraries',
  'tests',
  'optional-dependencies',
  'licence',
  'imports',
] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** The names that one side has, by attribute; each list sorted and without doubles. Null: nothing is known, which counts neither way. */
export type ProjectLists = Readonly<Record<Attribute, readonly string[] | null>>;

/** What nixpkgs has. */
export function listsOfTruth(record: TruthRecord): ProjectLists {
  const declared = record['build-system'] === null ? null : comparedNames(record['build-system']);
  const native = record.nativeBuildInputs === null ? null : comparedNames(record.nativeBuildInputs);
  // Maintainers often leave checks out, which says nothing on what they need.
  const tests = together(record.nativeCheckInputs, record.checkInputs);
  const extras = record['optional-dependencies'];
  return {
    dependencies: compared(together(record.dependencies, record.propagatedBuildInputs)),
    'build-system': together(
      declared?.filter((name) => !isTool(name)) ?? null,
      native?.filter((name) => isPythonName(name)) ?? null,
    ),
    tools: together(declared?.filter(isTool) ?? null, native?.filter((name) => !isPythonName(name)) ?? null),
    libraries: compared(record.buildInputs),
    tests: tests?.length === 0 ? null : compared(tests),
    'optional-dependencies':
      extras === null
        ? null
        : sortedUnique(
            Object.entries(extras).flatMap(([extra, names]) =>
              comparedNames(names).map((name) => `${normalizeName(extra)}:${name}`),
            ),
          ),
    licence: licencesOfTruth(record),
    imports: record.pythonImportsCheck === null ? null : sortedUnique(record.pythonImportsCheck),
  };
}

type Names = readonly string[] | null;

/** All names of both lists; null when neither could be read. */
function together(a: Names, b: Names): Names {
  return a === null && b === null ? null : sortedUnique([...(a ?? []), ...(b ?? [])]);
}

function compared(names: Names): Names {
  return names === null ? null : comparedNames(names);
}

/** Whether a name in build-system is no Python package: maintainers put tools there too. */
function isTool(name: string): boolean {
  return !isPythonName(name) && (TOOLS_IN_BUILD_SYSTEM.has(name) || /[A-Z]/u.test(name));
}

const TOOLS_IN_BUILD_SYSTEM: ReadonlySet<string> = new Set(['cargo', 'git', 'pkg-config', 'rustc', 'swig', 'which']);

function licencesOfTruth({ license }: TruthRecord): readonly string[] | null {
  if (license === null) return null;
  const licences = Array.isArray(license) ? license : [license];
  return sortedUnique(licences.flatMap(({ spdxId, shortName }) => (spdxId ? licenceName(spdxId) : (shortName ?? []))));
}

/** The attribute of nixpkgs, which is one for some ids of the same licence (PSF-2.0 and Python-2.0). */
function licenceName(spdx: string): string {
  return licenceAttribute(spdx, 'unstable') ?? spdx;
}

/** What the facts of a package say; the lists as nixpkgs would spell them. */
export function listsOfFacts(facts: PackageFacts): ProjectLists {
  const { inputs } = facts;
  const native = namesOf(inputs.nativeBuildInputs);
  const runner = facts.check.runner === 'pytest' ? nameOfProject('pytest') : [];
  return {
    dependencies: namesOf(inputs.dependencies),
    'build-system': sortedUnique([...namesOf(inputs['build-system']), ...native.filter(isPythonName)]),
    tools: native.filter((name) => !isPythonName(name)),
    libraries: namesOf(inputs.buildInputs),
    tests: sortedUnique([...namesOf(inputs.nativeCheckInputs), ...runner]),
    'optional-dependencies': sortedUnique(
      Object.entries(facts.optionalDependencies).flatMap(([extra, members]) =>
        namesOf(members).map((name) => `${normalizeName(extra)}:${name}`),
      ),
    ),
    licence: sortedUnique(
      facts.meta.licences.map((licence) => ('spdx' in licence ? licenceName(licence.spdx) : licence.text)),
    ),
    imports: sortedUnique(facts.importsCheck),
  };
}

/**
 * Names that are wanted under a condition only, by attribute: whether it matters on the targets or not. nixpkgs puts these behind `lib.optionals`, where a truth file
 * does not see them.
 */
export function conditionalNames(facts: PackageFacts): Readonly<Record<Attribute, ReadonlySet<string>>> {
  const { inputs } = facts;
  const build = conditionalOf([...inputs['build-system'], ...inputs.nativeBuildInputs]);
  const ofExtras = Object.entries(facts.optionalDependencies).flatMap(([extra, members]) =>
    [...conditionalOf(members)].map((name) => `${normalizeName(extra)}:${name}`),
  );
  const none: ReadonlySet<string> = new Set();
  return {
    dependencies: conditionalOf(inputs.dependencies),
    'build-system': build,
    tools: build,
    libraries: conditionalOf(inputs.buildInputs),
    tests: conditionalOf(inputs.nativeCheckInputs),
    'optional-dependencies': new Set(ofExtras),
    licence: none,
    imports: none,
  };
}

function conditionalOf(inputs: readonly Input[]): ReadonlySet<string> {
  const always = new Set(inputs.filter((input) => !isConditional(input)).flatMap(namesOfInput));
  return new Set(inputs.flatMap(namesOfInput).filter((name) => !always.has(name)));
}

function isConditional(input: Input): boolean {
  if (input.kind === 'system') return input.marker !== undefined;
  return input.marker !== null || (input.origins.length > 0 && input.origins.every(hasMarker));
}

function hasMarker({ requirement }: Input['origins'][number]): boolean {
  const marker = requirement === undefined ? null : (tryParseRequirement(requirement)?.marker ?? null);
  return marker !== null && mentionsVariable(marker, INTERPRETER_AND_PLATFORM);
}

const INTERPRETER_AND_PLATFORM: ReadonlySet<MarkerVariable> = new Set([
  'implementation_name',
  'implementation_version',
  'os_name',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_full_version',
  'python_version',
  'sys_platform',
]);

/** Nothing at all: what a project that could not be generated has. */
export function emptyLists(): ProjectLists {
  return {
    dependencies: [],
    'build-system': [],
    tools: [],
    libraries: [],
    tests: [],
    'optional-dependencies': [],
    licence: [],
    imports: [],
  };
}

function namesOf(inputs: readonly Input[]): readonly string[] {
  return sortedUnique(inputs.flatMap(namesOfInput));
}

/** The names under which one input is compared. */
export function namesOfInput(input: Input): readonly string[] {
  return input.kind === 'python' ? nameOfProject(input.name) : comparedNames([input.attribute]);
}

/** Why each name is there: the texts of its origins, by attribute and name, for the details of a difference. */
export function originsOf(facts: PackageFacts): Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> {
  return Object.fromEntries(
    Object.entries(facts.inputs).map(([list, inputs]) => [
      list,
      Object.fromEntries(
        inputs.flatMap((input) => namesOfInput(input).map((name) => [name, input.origins.map(originText)])),
      ),
    ]),
  );
}

function originText({ text, file, line, requirement }: Input['origins'][number]): string {
  const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
  return `${text}${requirement === undefined ? '' : `: ${requirement}`}${place}`;
}
