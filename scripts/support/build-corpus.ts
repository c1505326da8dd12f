import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pLimit from 'p-limit';
import { EXIT, userErrorsOf } from '../../src/base/user-error.ts';
import { createCacheStore } from '../../src/cache/store.ts';
import { derivationsOf, type EvaluationOutcome, evaluateProject, packageSet } from './build-corpus-evaluate.ts';
import { explainLog } from './build-corpus-failure.ts';
import { type GeneratedFile, type GenerateSettings, generateFile } from './build-corpus-generate.ts';
import { BUILD_CORPUS_USAGE, type BuildCorpusOptions, parseBuildCorpusOptions } from './build-corpus-options.ts';
import { type BuildFailure, type BuiltProject, buildCorpusReport } from './build-corpus-report.ts';
import { type BuildStore, openBuildStore } from './build-corpus-store.ts';
import { failureText, type TestOutcome, testOutcome } from './build-corpus-tests.ts';
import { type ListedProject, parseProjectList } from './corpus-list.ts';
import { type Outcome, runEach } from './run-each.ts';
import { PROJECTS_AT_A_TIME, type ScriptHost } from './script-world.ts';

/**
 * Generates the projects of a list, each with its whole closure, builds them with Nix, and prints what came of each.
 * Gives the exit code; never throws for what a project does.
 */
export async function buildCorpus(args: readonly string[], host: ScriptHost): Promise<number> {
  let options: BuildCorpusOptions;
  let list: readonly ListedProject[];
  try {
    options = parseBuildCorpusOptions(args, host.directory);
    list = chosen(parseProjectList(await readFile(options.list, 'utf8')), options.only);
  } catch (error) {
    host.stderr(`${error instanceof Error ? error.message : String(error)}\n${BUILD_CORPUS_USAGE}`);
    return EXIT.usage;
  }
  const store = await openBuildStore({ folder: options.store, jobs: options.jobs, environment: host.environment });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'build-corpus-'));
  try {
    const projects = await buildAll(list, { options, host, store, folder });
    await writeFile(path.join(host.output, 'projects.json'), `${JSON.stringify(projects, null, 1)}\n`);
    for (const line of buildCorpusReport(projects, options)) host.stdout(line);
    return exitCode(projects, options.atLeast);
  } catch (error) {
    const errors = userErrorsOf(error);
    if (errors === undefined) throw error;
    for (const { message, hint } of errors) host.stderr(`${message}${hint === undefined ? '' : `: ${hint}`}`);
    return errors[0]?.exit ?? EXIT.unmet;
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error for a name that the list does not have. */
function chosen(list: readonly ListedProject[], only: readonly string[]): readonly ListedProject[] {
  const unknown = only.filter((name) => !list.some((project) => project.name === name));
  if (unknown.length > 0) throw new Error(`--only: the list has no ${unknown.join(', ')}`);
  return only.length === 0 ? list : list.filter(({ name }) => only.includes(name));
}

function exitCode(projects: readonly BuiltProject[], atLeast: number): number {
  const built = projects.filter(({ failure }) => failure === null).length;
  if (built * 100 >= atLeast * projects.length) return EXIT.done;
  const isOutside = projects.some(({ failure }) => failure?.step === 'generate' && failure.isOutside);
  return isOutside ? EXIT.unavailable : EXIT.unmet;
}

interface Run {
  readonly options: BuildCorpusOptions;
  readonly host: ScriptHost;
  readonly store: BuildStore;
  /** For cache and archives, empty at first. */
  readonly folder: string;
}

async function buildAll(list: readonly ListedProject[], run: Run): Promise<readonly BuiltProject[]> {
  const { host, options, store } = run;
  const settings = await generateSettings(run);
  const plain = await generateAll(list, { run, settings, checks: false });
  const tested = options.withChecks ? await generateAll(list, { run, settings, checks: true }) : null;
  await store.addArchives(settings.archives);
  const limit = pLimit(options.jobs);
  const plainSets = await Promise.all(
    list.map(({ name }, index) =>
      limit(() => evaluateProject(name, { store, set: options.set, plain: plain[index], tested: undefined })),
    ),
  );
  host.stderr(`building ${list.length} projects`);
  await store.realise(derivationsOf(plainSets), (name) => host.stderr(`building ${name}`));
  const failures = await Promise.all(
    plainSets.map((set, index) => limit(() => failureOf({ set, name: list[index]?.name ?? '', run }))),
  );
  const tests = new Map<string, TestOutcome>();
  if (tested !== null) {
    const good = list.flatMap(({ name }, index) => (failures[index] === null ? [{ name, index }] : []));
    const sets = await Promise.all(
      good.map(({ name, index }) =>
        limit(() => evaluateProject(name, { store, set: options.set, plain: plain[index], tested: tested[index] })),
      ),
    );
    host.stderr(`building ${good.length} projects with their tests`);
    await store.realise(derivationsOf(sets), (name) => host.stderr(`building ${name}`));
    for (const [at, { name, index }] of good.entries()) {
      tests.set(name, await testsOf(name, { set: sets[at], tested: tested[index], run }));
    }
  }
  return list.map(({ name }, index) => {
    const set = plainSets[index];
    const isKnown = set?.kind === 'done';
    return {
      name,
      version: isKnown ? set.value.version : null,
      failure: failures[index] ?? null,
      wheels: isKnown ? set.value.wheels : [],
      tests: tests.get(name) ?? null,
    };
  });
}

/** The interpreter and platform of the package set are what is generated for. */
async function generateSettings({ host, options, store, folder }: Run): Promise<GenerateSettings> {
  const found = await store.evaluate(`[ (${packageSet(options.set)}).python3.pythonVersion builtins.currentSystem ]`);
  const [python = '', platform = ''] = Array.isArray(found) ? found.map(String) : [];
  const archives = path.join(folder, 'archives');
  await mkdir(archives, { recursive: true });
  await mkdir(host.output, { recursive: true });
  const cache = createCacheStore({ folder: path.join(folder, 'cache'), onNote: ({ text }) => host.stderr(text) });
  return { python, platform, archives, cache, environment: host.environment };
}

function generateAll(
  list: readonly ListedProject[],
  { run, settings, checks }: { readonly run: Run; readonly settings: GenerateSettings; readonly checks: boolean },
): Promise<readonly Outcome<GeneratedFile>[]> {
  const { host } = run;
  host.stderr(`generating ${list.length} projects${checks ? ' with their test inputs' : ''}`);
  return runEach(
    list,
    (project) => generateFile(project, settings, { folder: path.join(host.output, project.name), checks }),
    { atATime: PROJECTS_AT_A_TIME, onLine: host.stderr },
  );
}

/** Null: it is built. */
async function failureOf({
  set,
  name,
  run,
}: {
  readonly set: EvaluationOutcome | undefined;
  readonly name: string;
  readonly run: Run;
}): Promise<BuildFailure | null> {
  if (set === undefined) throw new Error(`${name} was not evaluated`);
  if (set.kind === 'failed') return set.failure;
  const { derivation } = set.value;
  const found = await failedBuild(derivation, run.store);
  if (found === null) return null;
  const { failed, log } = found;
  if (log === null) return { step: 'not tried' };
  await writeFile(path.join(run.host.output, name, 'build.log'), log);
  return { step: 'build', derivation: derivationName(failed), isMember: failed !== derivation, log: explainLog(log) };
}

/** The build that failed for a derivation, and its log (null: none of them was begun); null where the derivation is built. */
async function failedBuild(
  derivation: string,
  store: BuildStore,
): Promise<{ readonly failed: string; readonly log: string | null } | null> {
  if (!(await store.isMissing(derivation))) return null;
  // The needs come before what needs them; a log without an output is that of a failure.
  for (const each of await store.closure(derivation)) {
    const log = (await store.isMissing(each)) ? await store.log(each) : null;
    if (log !== null) return { failed: each, log };
  }
  return { failed: derivation, log: null };
}

/** `/nix/store/HASH-NAME.drv` */
function derivationName(file: string): string {
  return path.basename(file, '.drv').slice(33);
}

async function testsOf(
  name: string,
  {
    set,
    tested,
    run,
  }: {
    readonly set: EvaluationOutcome | undefined;
    readonly tested: Outcome<GeneratedFile> | undefined;
    readonly run: Run;
  },
): Promise<TestOutcome> {
  if (set?.kind !== 'done') {
    const message = set !== undefined && 'message' in set.failure ? set.failure.message : '';
    return { pass: false, text: `cannot be generated with its tests: ${message}` };
  }
  const { derivation } = set.value;
  const notes = tested?.kind === 'done' ? tested.value.notes.filter((note) => note.includes(` ${name}: `)) : [];
  const found = await failedBuild(derivation, run.store);
  const log = found === null ? await run.store.log(derivation) : found.log;
  if (log !== null) await writeFile(path.join(run.host.output, name, 'check.log'), log);
  if (found === null) return testOutcome(log, { isBuilt: true, notes });
  if (found.failed === derivation || found.log === null) return testOutcome(found.log, { isBuilt: false, notes });
  return {
    pass: false,
    text: `its test input ${derivationName(found.failed)} does not build: ${failureText(found.log)}`,
  };
}
