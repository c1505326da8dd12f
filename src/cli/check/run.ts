import path from 'node:path';
import { shellQuote } from '../../base/shell-quote.ts';
import { compareText, countOf, joinWords, sortedUnique } from '../../base/text.ts';
import type { CheckedPackage, CheckStep, KeptFolder } from '../../check/check-result.ts';
import { explain } from '../../check/explain.ts';
import type { ProposeContext } from '../../check/propose.ts';
import { lastMessages } from '../../nix-run/evaluate.ts';
import { type NixOptions, runNix } from '../../nix-run/nix-process.ts';
import type { PackageSetNames } from '../../nixpkgs/package-set.ts';
import { normalizeName } from '../../pep/name.ts';
import type { CommandContext } from '../world.ts';
import { type Built, buildDerivations, type FailedBuild } from './build.ts';
import { type Evaluated, evaluatePackages } from './evaluate.ts';
import { Interrupted } from './interrupt.ts';
import { dropLog, keepLog } from './logs.ts';
import { withRemovals } from './removed.ts';
import { type RepositoryPackage, readCheckedRepository } from './repository.ts';

/** What is checked and how. */
export interface CheckRun {
  /** The repository, absolute. */
  readonly folder: string;
  /** Projects to check; null: all. */
  readonly projects: ReadonlySet<string> | null;
  /** Sets of default.nix, `python313`; null for its top. */
  readonly sets: readonly (string | null)[];
  readonly nixpkgs: string;
  readonly build: boolean;
  readonly jobs: number;
  readonly keepFailed: boolean;
  readonly nix: NixOptions;
  readonly onProgress: CommandContext['onProgress'];
  readonly context: CommandContext;
  /** The names of the package set; reads them the first time. */
  readonly names: () => Promise<PackageSetNames>;
  /** What builds of this run have ended as, by the store path of their derivation: grows. */
  readonly built: Map<string, Built>;
  /** The derivations that have failed in this run: grows. */
  readonly failed: Map<string, FailedBuild>;
}

/** One package for one interpreter on its way through the steps. */
interface Subject {
  readonly package: RepositoryPackage;
  readonly attribute: string;
  readonly set: string | null;
  readonly evaluated: Evaluated | null;
}

/**
 * Parses, evaluates and, where it is asked for, builds the packages of a repository as it is on the disk now. Gives what happened to each, in the order of their names,
 * and what happened to others of the repository whose failure kept one of them from being built.
 * Throws UserError E_NIX_MISSING, Interrupted where the commands of Nix were ended, and what reading the repository throws.
 */
export async function runCheck(run: CheckRun): Promise<readonly CheckedPackage[]> {
  const repository = await readCheckedRepository(run.folder);
  const ours = new Set(repository.packages.map(({ project }) => project));
  const subjects = subjectsOf(repository.packages, run);
  run.onProgress({ kind: 'phase', text: `parsing ${countOf(subjects.length + repository.files.length, 'file')}` });
  const unread = await unreadable([...repository.files, ...subjects.map((each) => each.package.file)], run);
  // Without these no package can be evaluated.
  const shared = repository.files.find((file) => unread.has(file));
  const readable = subjects.filter((each) => shared === undefined && !unread.has(each.package.file));
  const parsed = subjects
    .filter((each) => !readable.includes(each))
    .map((each) =>
      failed(each, { step: 'parse', log: unread.get(shared ?? each.package.file) ?? '', ours, names: null }),
    );

  run.onProgress({ kind: 'phase', text: `evaluating ${countOf(readable.length, 'package')}` });
  const answers = await evaluatePackages(readable, { ...run, write: run.build });
  stopWhenInterrupted(run);
  const asked = readable.map((each, at) => ({ ...each, evaluated: answers[at] ?? null }));
  const results = run.build ? await build(asked, run) : new Map<string, Built>();
  const evaluated = [...asked, ...(await failedBesides(asked, { repository: repository.packages, run }))];
  stopWhenInterrupted(run);
  const hasFailed = run.failed.size > 0;
  const names = hasFailed ? await run.names() : null;
  const outcomes = { run, ours, names, results, attributes: attributesByDrv(evaluated) };
  const all = [...parsed, ...evaluated.map((each) => outcomeOf(each, outcomes))];
  const { packages } = repository;
  const told = await Promise.all(
    all.map((one) => withRemovals(one, { repository: run.folder, packages, context: run.context })),
  );
  return told.sort(
    (a, b) => compareText(a.project, b.project) || compareText(a.interpreter ?? '', b.interpreter ?? ''),
  );
}

/** What Nix was kept from saying means nothing. */
function stopWhenInterrupted({ nix }: CheckRun): void {
  if (nix.signal?.aborted === true) throw new Interrupted();
}

/** Every package that is called, once for each set. */
function subjectsOf(packages: readonly RepositoryPackage[], { projects, sets }: CheckRun): readonly Subject[] {
  return packages
    .filter(({ project }) => projects === null || projects.has(project))
    .flatMap((one) => {
      const { attribute } = one;
      return attribute === null ? [] : sets.map((set) => ({ package: one, attribute, set, evaluated: null }));
    });
}

/** The files that Nix cannot parse, with what it says. */
async function unreadable(files: readonly string[], { folder, nix }: CheckRun): Promise<ReadonlyMap<string, string>> {
  const paths = sortedUnique(files).map((file) => path.join(folder, file));
  const all = await runNix('nix-instantiate', ['--parse', ...paths], nix);
  if (all.status === 0) return new Map();
  const unread = new Map<string, string>();
  for (const file of sortedUnique(files)) {
    const { status, stderr } = await runNix('nix-instantiate', ['--parse', path.join(folder, file)], nix);
    if (status !== 0) unread.set(file, stderr);
  }
  return unread;
}

/** Builds what has not been tried in this run, and gives how each derivation ended. */
async function build(subjects: readonly Subject[], run: CheckRun): Promise<ReadonlyMap<string, Built>> {
  const attributes = attributesByDrv(subjects);
  const drvs = [...attributes.keys()].filter((drv) => !run.built.has(drv));
  const running = new Set<string>();
  let ended = 0;
  const results = await buildDerivations(drvs, {
    ...run,
    onProgress({ drv, state }) {
      const name = attributes.get(drv) ?? drv;
      if (state === 'begun') running.add(name);
      else running.delete(name);
      if (state === 'ended') ended += 1;
      if (running.size === 0) return;
      const text = `building ${joinWords([...running])} (${ended} of ${drvs.length} done)`;
      run.onProgress({ kind: 'phase', text });
    },
  });
  // What was not begun may be in another round, when what it needs is repaired.
  for (const [drv, result] of results) if (result.kind !== 'needs') run.built.set(drv, result);
  return new Map([...run.built, ...results]);
}

/** The packages of the repository that nobody asked for, that others need, and whose builds failed. */
async function failedBesides(
  asked: readonly Subject[],
  { repository, run }: { readonly repository: readonly RepositoryPackage[]; readonly run: CheckRun },
): Promise<readonly Subject[]> {
  const known = attributesByDrv(asked);
  if (run.projects === null || [...run.failed.keys()].every((drv) => known.has(drv))) return [];
  const others = subjectsOf(repository, { ...run, projects: null }).filter(
    (each) => !run.projects?.has(each.package.project),
  );
  const answers = await evaluatePackages(others, { ...run, write: true });
  return others.flatMap((each, at): Subject[] => {
    const evaluated = answers[at];
    return evaluated?.kind === 'evaluated' && run.failed.has(evaluated.drv) ? [{ ...each, evaluated }] : [];
  });
}

/** The names of packages by the store path of their derivation. */
function attributesByDrv(subjects: readonly Subject[]): ReadonlyMap<string, string> {
  return new Map(
    subjects.flatMap(({ attribute, evaluated }) =>
      evaluated?.kind === 'evaluated' ? [[evaluated.drv, attribute] as const] : [],
    ),
  );
}

interface Outcomes {
  readonly run: CheckRun;
  /** Projects of the repository. */
  readonly ours: ReadonlySet<string>;
  /** Of the package set; null where no build failed. */
  readonly names: PackageSetNames | null;
  readonly attributes: ReadonlyMap<string, string>;
  readonly results: ReadonlyMap<string, Built>;
}

function outcomeOf(subject: Subject, outcomes: Outcomes): CheckedPackage {
  const { run, ours, names, results } = outcomes;
  const { evaluated } = subject;
  if (evaluated === null || evaluated.kind === 'failed') {
    const messages = evaluated?.messages ?? '';
    if (/not supported for interpreter/u.test(messages))
      return { ...plain(subject), outcome: { kind: 'not for this interpreter' } };
    return failed(subject, { step: 'evaluate', log: messages, ours, names });
  }
  if (!run.build) return { ...plain(subject), outcome: { kind: 'done', step: 'evaluate' } };
  const result = results.get(evaluated.drv) ?? failedAlong(evaluated.drv, run);
  if (result === null) throw new Error(`${evaluated.drv} has no result`);
  if (result.kind === 'built') {
    dropLog(run.folder, logName(subject));
    return { ...plain(subject), outcome: { kind: 'done', step: 'build' }, seconds: result.seconds };
  }
  if (result.kind === 'needs') return unbuilt(subject, result.drvs, outcomes);
  return {
    ...failed(subject, { step: 'build', log: result.log, ours, names }),
    seconds: result.seconds,
    log: keepLog(run.folder, logName(subject), result.log),
    kept: result.kept === null ? null : keptFolder(result.kept, evaluated.drv),
  };
}

/** The build of a package that was not asked for: only its failure is known. */
function failedAlong(drv: string, { failed }: CheckRun): Built | null {
  const build = failed.get(drv);
  return build === undefined ? null : { kind: 'failed', ...build };
}

/** What was not begun: what of the repository it needs is told there, what of nixpkgs is told here. */
function unbuilt(subject: Subject, drvs: readonly string[], { run, attributes }: Outcomes): CheckedPackage {
  const names = sortedUnique(drvs.map((drv) => attributes.get(drv) ?? nameOfDerivation(drv)));
  const foreign = drvs.find((drv) => !attributes.has(drv));
  const log = foreign === undefined ? '' : (run.failed.get(foreign)?.log ?? '');
  const explained = explain(log, { context: null, otherwise: 'build' });
  return {
    ...plain(subject),
    outcome: { kind: 'needs', names },
    explained,
    messages: lastMessages(log, MOST_MESSAGES),
    log: log === '' ? null : keepLog(run.folder, logName(subject), log),
  };
}

function failed(
  subject: Subject,
  { step, log, ours, names }: { readonly step: CheckStep; readonly log: string } & Pick<Outcomes, 'ours' | 'names'>,
): CheckedPackage {
  const { project } = subject.package;
  const { evaluated } = subject;
  const isEvaluated = evaluated?.kind === 'evaluated';
  const context: ProposeContext = {
    project,
    version: isEvaluated ? evaluated.version : null,
    inputs: new Set(isEvaluated ? evaluated.inputs.map(normalizeName) : []),
    ownModules: isEvaluated ? evaluated.modules : [],
    isKnown: (name) => ours.has(name) || (names?.attributeOf(name) ?? null) !== null,
    isOurs: (name) => ours.has(name),
  };
  const explained =
    step === 'build'
      ? explain(log, { context, otherwise: 'build' })
      : explain(log, { context: null, otherwise: 'evaluate' });
  return {
    ...plain(subject),
    outcome: { kind: 'failed', step },
    explained,
    messages: lastMessages(log, MOST_MESSAGES),
  };
}

/** A package of which nothing is to be told but its outcome. */
function plain({ package: { project }, attribute, set, evaluated }: Subject): Omit<CheckedPackage, 'outcome'> {
  const told = evaluated?.kind === 'evaluated' ? evaluated.interpreter : null;
  const interpreter = told ?? set;
  return { project, attribute, interpreter, seconds: null, log: null, kept: null, explained: [], messages: '' };
}

/** Lines of messages that a report shows where nothing explains a failure. */
const MOST_MESSAGES = 15;

function logName(subject: Subject): string {
  const { project, interpreter } = plain(subject);
  return interpreter === null ? project : `${project}-${interpreter}`;
}

function keptFolder(folder: string, drv: string): KeptFolder {
  // Without the variable nix-shell asks the <nixpkgs> of the user for a shell, which may be another one, or none.
  return { folder, enter: `cd ${shellQuote(folder)} && NIX_BUILD_SHELL=bash nix-shell ${shellQuote(drv)}` };
}

/** `/nix/store/HASH-python3.13-attrs-25.1.0.drv` gives `python3.13-attrs-25.1.0`. */
function nameOfDerivation(drv: string): string {
  return drv.replace(/^.*\/[0-9a-z]{32}-/u, '').replace(/\.drv$/u, '');
}
