import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../../src/base/note.ts';
import { countOf, oneLine } from '../../src/base/text.ts';
import { EXIT } from '../../src/base/user-error.ts';
import { classify } from '../../src/classify/classify.ts';
import { type ListedProject, parseProjectList } from './corpus-list.ts';
import { type Outcome, runEach } from './run-each.ts';
import { PROJECTS_AT_A_TIME, type ScriptHost, type ScriptWorld, withScriptWorld } from './script-world.ts';
import { type Unknown, untoldUnknowns } from './unknowns.ts';

/** What reading a project told besides its facts. */
export interface CorpusProject {
  readonly name: string;
  readonly version: string;
  readonly source: 'sdist' | 'wheel';
  readonly notes: readonly Note[];
  /** What could not be read and is in no note. */
  readonly untold: readonly Unknown[];
}

const USAGE = 'usage: npm run -s corpus -- LIST';

/** Reads and classifies each project of a list, and prints its notes and unknowns. Gives the exit code; never throws for what a project does. */
export async function corpus(args: readonly string[], host: ScriptHost): Promise<number> {
  const [file, ...others] = args;
  if (file === undefined || file.startsWith('-') || others.length > 0) return wrongUse(USAGE, host);
  let list: readonly ListedProject[];
  try {
    list = parseProjectList(await readFile(path.resolve(host.directory, file), 'utf8'));
  } catch (error) {
    return wrongUse(`${file}: ${error instanceof Error ? error.message : String(error)}`, host);
  }
  const outcomes = await withScriptWorld(host, (world) =>
    runEach(list, (project) => readProject(project, world), { atATime: PROJECTS_AT_A_TIME, onLine: host.stderr }),
  );
  await mkdir(host.output, { recursive: true });
  await writeFile(path.join(host.output, 'projects.json'), `${JSON.stringify(outcomes, null, 1)}\n`);
  for (const line of corpusReport(list, outcomes)) host.stdout(line);
  if (outcomes.some((outcome) => outcome.kind === 'failed' && outcome.isOutside)) return EXIT.unavailable;
  return outcomes.every(({ kind }) => kind === 'done') ? EXIT.done : EXIT.unmet;
}

async function readProject({ name, version }: ListedProject, world: ScriptWorld): Promise<CorpusProject> {
  const release = await world.read(name, version);
  const { notes } = classify(release, { targets: world.targets.environments });
  return {
    name,
    version: release.version,
    source: release.facts.kind,
    notes,
    untold: release.facts.kind === 'sdist' ? untoldUnknowns(release.facts.sdist, notes) : [],
  };
}

/** A line for each project, below it its notes and what they do not tell; the last line is `N read, U unknowns`. */
export function corpusReport(
  list: readonly ListedProject[],
  outcomes: readonly Outcome<CorpusProject>[],
): readonly string[] {
  const read = outcomes.flatMap((outcome) => (outcome.kind === 'done' ? [outcome.value] : []));
  const unknowns = read.reduce((sum, project) => sum + countUnknowns(project), 0);
  return [
    ...outcomes.flatMap((outcome, index) =>
      outcome.kind === 'done'
        ? projectLines(outcome.value)
        : [`${list[index]?.name}: not read: ${oneLine(outcome.message)}`],
    ),
    `${read.length} read, ${unknowns} unknowns`,
  ];
}

function countUnknowns({ notes, untold }: CorpusProject): number {
  return notes.filter(({ kind }) => kind === 'unknown').length + untold.length;
}

function projectLines(project: CorpusProject): readonly string[] {
  const { name, version, notes, untold } = project;
  return [
    `${name} ${version}: ${countOf(notes.length, 'note')}, ${countOf(countUnknowns(project), 'unknown')}`,
    ...notes.map(({ kind, text, file, line }) => `  ${kind}: ${oneLine(text)}${placeText(file, line)}`),
    ...untold.map(
      ({ what, why, file, line }) =>
        `  unknown, nothing rests on it: ${oneLine(`${what}: ${why}`)}${placeText(file, line)}`,
    ),
  ];
}

function placeText(file: string | undefined, line: number | null | undefined): string {
  if (file === undefined || file === '') return '';
  return ` (${oneLine(file)}${line === undefined || line === null ? '' : `:${line}`})`;
}

function wrongUse(message: string, host: ScriptHost): number {
  host.stderr(message);
  return EXIT.usage;
}
