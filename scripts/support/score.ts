import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, userErrorsOf } from '../../src/base/user-error.ts';
import { runOverrides } from '../../src/cli/overrides/override-layers.ts';
import { broughtByFormat, type CompareOptions, type Comparison, compareLists } from './compare-lists.ts';
import { type ListedProject, parseProjectList } from './corpus-list.ts';
import { generatedFacts } from './generated-project.ts';
import { type ListedDifference, parseListedDifferences } from './listed-differences.ts';
import {
  ATTRIBUTES,
  conditionalNames,
  emptyLists,
  listsOfFacts,
  listsOfTruth,
  originsOf,
  type ProjectLists,
} from './project-lists.ts';
import { buildSystemFaults, dependencyFaults, type Faults, importFaults } from './release-checks.ts';
import { runEach } from './run-each.ts';
import { scoreFigures } from './score-figures.ts';
import { releaseReport, scoreReport } from './score-report.ts';
import type { ScoredProject } from './scored-project.ts';
import { PROJECTS_AT_A_TIME, type ScriptHost, type ScriptWorld, withScriptWorld } from './script-world.ts';
import type { TruthRecord } from './truth.ts';
import { readTruth } from './truth-files.ts';
import { readWheelOf, type StatedByWheel } from './wheel-contents.ts';

export interface ScoreHost extends ScriptHost {
  /** The document whose table lists judged differences; a missing file lists none. */
  readonly listed: string;
}

const USAGE = 'usage: npm run -s score -- TRUTH.json | FOLDER | --release-only LIST';

/**
 * Generates the projects of a truth file, or of all in a folder, and compares them with it and with the releases themselves; those of a list (`--release-only`) with the
 * releases alone. Gives the exit code; never throws for what a project does.
 */
export async function score(args: readonly string[], host: ScoreHost): Promise<number> {
  const ofRelease = args[0] === '--release-only';
  const [file, ...others] = ofRelease ? args.slice(1) : args;
  if (file === undefined || file.startsWith('-') || others.length > 0) return wrongUse(USAGE, host);
  let truth: readonly ScoredRecord[];
  let listed: readonly ListedDifference[];
  try {
    const named = path.resolve(host.directory, file);
    truth = ofRelease
      ? parseProjectList(await readFile(named, 'utf8')).map(unjudged)
      : (await readTruth(named)).map(judged);
  } catch (error) {
    return wrongUse(`${file}: ${messageOf(error)}`, host);
  }
  try {
    listed = parseListedDifferences(await textOf(host.listed));
  } catch (error) {
    return wrongUse(`${host.listed}: ${messageOf(error)}`, host);
  }

  const { outcomes, records } = await readAll(truth, host);
  const known = records.flatMap((record, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined || (outcome.kind === 'failed' && outcome.isOutside)) return [];
    return [outcome.kind === 'done' ? outcome.value : failedProject(record, outcome.message)];
  });
  const unreached = outcomes.flatMap((outcome, index) =>
    outcome.kind === 'failed' && outcome.isOutside ? [`not reached: ${records[index]?.pypi}: ${outcome.message}`] : [],
  );
  for (const line of unreached) host.stderr(line);
  const projects = known.map(({ scored }) => scored);
  await writeDetails(known, host.output);
  const figures = scoreFigures(projects, listed, { ofRelease });
  for (const line of ofRelease ? releaseReport(projects, figures) : scoreReport(projects, figures, listed))
    host.stdout(line);
  // Without some projects the figures say something, but not whether the targets hold.
  if (unreached.length > 0) return EXIT.unavailable;
  return figures.targets.every(({ holds }) => holds) ? EXIT.done : EXIT.unmet;
}

/** A project to generate. */
interface ScoredRecord {
  readonly pypi: string;
  /** Null stands for the newest. */
  readonly version: string | null;
  /** What nixpkgs has; null where the release alone is to judge. */
  readonly truth: TruthRecord | null;
}

function judged(truth: TruthRecord): ScoredRecord {
  return { pypi: truth.pypi, version: truth.version, truth };
}

function unjudged({ name, version }: ListedProject): ScoredRecord {
  return { pypi: name, version, truth: null };
}

interface ProjectDetails {
  readonly scored: ScoredProject;
  /** For .out/score/projects.json. */
  readonly details: Readonly<Record<string, unknown>>;
}

async function readAll(records: readonly ScoredRecord[], host: ScoreHost) {
  const rulesOf = await runOverrides([], { ...host, onProgress: () => {} });
  const outcomes = await withScriptWorld(host, (world) =>
    runEach(
      records.map((record) => ({ name: record.pypi, record })),
      ({ record }) => scoreProject(record, world, rulesOf),
      { atATime: PROJECTS_AT_A_TIME, onLine: host.stderr },
    ),
  );
  return { outcomes, records };
}

async function scoreProject(
  record: ScoredRecord,
  world: ScriptWorld,
  rulesOf: Awaited<ReturnType<typeof runOverrides>>,
): Promise<ProjectDetails> {
  const { environments } = world.targets;
  const release = await world.read(record.pypi, record.version);
  const { classified, plain, overridden } = await generatedFacts(release, { environments, rulesOf });
  const { wheel, fault } = await wheelOf(release.name, release.version, world);
  const build =
    release.facts.kind === 'sdist' ? buildSystemFaults(classified, release.facts.sdist, environments) : null;
  const lists = { plain: listsOfFacts(plain), overridden: listsOfFacts(overridden) };
  const scored: ScoredProject = {
    name: record.pypi,
    version: release.version,
    failure: null,
    requirementsFrom: release.requirementsFrom.file === 'METADATA' ? 'wheel' : 'sdist',
    release: {
      dependencies: wheel === null ? null : dependencyFaults(classified, wheel, environments),
      'build-system': build,
      imports: wheel === null ? null : importFaults(overridden.importsCheck, wheel.paths),
    },
    nixpkgs: comparisonsOf(record.truth, lists, conditionalNames(overridden)),
  };
  const details = {
    scored,
    wheel: wheel?.filename ?? fault,
    lists,
    origins: originsOf(overridden),
    notes: overridden.notes,
  };
  return { scored, details };
}

/** The wheel of a release; one that cannot be read says nothing, but an index that fails is no fault of the wheel. */
async function wheelOf(
  project: string,
  version: string,
  world: ScriptWorld,
): Promise<{ readonly wheel: StatedByWheel | null; readonly fault: string | null }> {
  try {
    return { wheel: await readWheelOf(project, version, world), fault: null };
  } catch (thrown) {
    const errors = userErrorsOf(thrown);
    if (errors === undefined || errors.some(({ exit }) => exit === EXIT.unavailable)) throw thrown;
    return { wheel: null, fault: messageOf(thrown) };
  }
}

function comparisonsOf(
  record: TruthRecord | null,
  here: { readonly plain: ProjectLists; readonly overridden: ProjectLists },
  conditional: CompareOptions['conditional'],
): ScoredProject['nixpkgs'] {
  if (record === null) return { plain: [], overridden: [] };
  const truth = listsOfTruth(record);
  const options = {
    project: record.pypi,
    version: record.version,
    brought: broughtByFormat(record.format),
    conditional,
  };
  const compare = (lists: ProjectLists): Comparison[] =>
    ATTRIBUTES.flatMap((attribute) => compareLists(attribute, { truth, here: lists }, options) ?? []);
  return { plain: compare(here.plain), overridden: compare(here.overridden) };
}

function failedProject(record: ScoredRecord, failure: string): ProjectDetails {
  const nothing: Faults | null = null;
  const scored: ScoredProject = {
    name: record.pypi,
    version: record.version ?? 'in its newest version',
    failure,
    requirementsFrom: null,
    release: { dependencies: nothing, 'build-system': nothing, imports: nothing },
    nixpkgs: comparisonsOf(record.truth, { plain: emptyLists(), overridden: emptyLists() }, {}),
  };
  return { scored, details: { scored } };
}

async function writeDetails(projects: readonly ProjectDetails[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const details = projects.map((project) => project.details);
  await writeFile(path.join(folder, 'projects.json'), `${JSON.stringify(details, null, 1)}\n`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function wrongUse(message: string, host: ScriptHost): number {
  host.stderr(message);
  return EXIT.usage;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
