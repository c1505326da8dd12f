import type { Note } from '../../base/note.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { tomlString } from '../../pep/pylock-toml.ts';
import { compareVersions, parseVersion } from '../../pep/version.ts';
import { noteLines } from '../../report/notes.ts';
import { conflictsOf, outcomeLines } from '../../report/repository-outcomes.ts';
import { updateJson } from '../../report/update-json.ts';
import { isMoved, updateTable } from '../../report/update-table.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../../repository/manifest.ts';
import { editOption } from '../../repository/manifest-edit.ts';
import type { SeenRepository } from '../../repository/open-repository.ts';
import { type PackageUpdate, stepBetween, type UpdateStep } from '../../repository/package-update.ts';
import type { CommandResult } from '../options/command.ts';
import type { UpdateOptions } from '../options/update-options.ts';
import { repositoryRoot } from '../repository/repository-folder.ts';
import { readRepositoryLock } from '../repository/repository-lock-file.ts';
import { manifestOptions, readManifest, type WorkOptions, wantedOf } from '../repository/repository-manifest.ts';
import { lookFor, openFor } from '../repository/repository-run.ts';
import { parseAsOf } from '../run/as-of.ts';
import { type CommandContext, openWorld } from '../world.ts';
import type { UpdateCheck } from './check.ts';
import { updatePages } from './pages.ts';
import { type UpdatePlanRequest, versionsIn } from './plan.ts';
import { selectPackages } from './selection.ts';
import { type SettledUpdate, settleUpdate } from './settle.ts';
import { NO_VULNERABILITIES, vulnerabilityReader } from './vulnerabilities.ts';

/**
 * `pypi2nix update`: the newest versions of the packages of a repository that may be taken, resolved together, as a table; with `-w` they are written, all or none.
 * Throws UserError E_NO_REPOSITORY (exit 2), E_LOCK_OUTDATED (1), E_NOT_IN_REPOSITORY (1), E_UNSATISFIABLE (1), E_LOCKED (73), those of `--commit` and `--check`, and what resolving,
 * generating and writing throw.
 */
export async function update(options: UpdateOptions, context: CommandContext): Promise<CommandResult> {
  const root = repositoryRoot({ directory: context.directory, given: options.repository });
  const now = Date.now();
  const settledIn = (repository: SeenRepository): Promise<SettledUpdate> =>
    withCheck(root, { options, context }, (check) => settledUpdate({ root, repository, options, context, now, check }));
  // Who only looks is in nobody's way.
  if (!options.write) {
    const settled = await lookFor(root, { options, context }, settledIn);
    return resultOf(settled, { options, now, isWritten: false });
  }
  return openFor(root, { options, context }, async (repository) => {
    // Loaded only then, as few updates make commits.
    const git = options.commit === null ? null : await (await import('./commit.ts')).openUpdateGit(root, context);
    const settled = await settledIn(repository);
    const { plan, needs } = settled;
    if (plan !== null) {
      await git?.refuseChanged(plan.commits);
      await repository.commit(plan);
      const moved = settled.update.packages.filter(isMoved);
      if (options.commit !== null) await git?.commit(plan.commits, { moved, needs, how: options.commit });
    }
    return resultOf(settled, { options, now, isWritten: plan !== null });
  });
}

interface ResultContext {
  readonly options: UpdateOptions;
  readonly now: number;
  readonly isWritten: boolean;
}

async function resultOf(settled: SettledUpdate, result: ResultContext): Promise<CommandResult> {
  const { options, isWritten } = result;
  const { plan } = settled;
  const isOutdated = !isWritten && settled.update.packages.some(isMoved);
  const isConflicting = isWritten && plan !== null && conflictsOf(plan.outcomes).length > 0;
  return {
    stdout: await textOf(settled, result),
    report: (style) => [
      ...noteLines(settled.notes, style),
      ...(plan === null ? [] : outcomeLines(plan.outcomes, style, !isWritten)),
      ...(isOutdated && !options.json ? ['pypi2nix update -w writes them'] : []),
    ],
    ...(isConflicting || (isOutdated && options.failOnOutdated) ? { exit: EXIT.unmet } : {}),
  };
}

async function textOf(
  { update: found, plan, notes }: SettledUpdate,
  { options, now, isWritten }: ResultContext,
): Promise<string> {
  if (options.json) return updateJson(found, { isWritten, notes });
  // Ages are of the day that counts as today.
  const today = options.asOf === null ? now : Math.min(now, parseAsOf(options.asOf));
  const table = updateTable(found, { now: today, stepOf });
  // Loaded only then: it compares texts.
  const diff =
    options.diff && plan !== null ? (await import('../../report/repository-diff.ts')).changesDiff(plan.changes) : '';
  return diff === '' ? table : `${table}\n${diff}`;
}

function stepOf({ current, next }: PackageUpdate): UpdateStep | 'back' {
  const before = parseVersion(current);
  const after = parseVersion(next);
  return compareVersions(after, before) < 0 ? 'back' : stepBetween(before, after);
}

/** Opens the builder where one is asked for; the commands of Nix end with this process, however it ends. */
async function withCheck<T>(
  root: string,
  { options, context }: { readonly options: UpdateOptions; readonly context: CommandContext },
  work: (check: UpdateCheck | null) => Promise<T>,
): Promise<T> {
  if (!options.check) return work(null);
  // Loaded only then: it brings all that explains logs.
  const { openUpdateCheck } = await import('./check.ts');
  const ender = new AbortController();
  const end = (): void => ender.abort();
  process.once('exit', end);
  try {
    return await work(await openUpdateCheck(root, { nixpkgs: options.nixpkgs, context, signal: ender.signal }));
  } finally {
    process.off('exit', end);
  }
}

interface UpdateRun {
  readonly root: string;
  readonly repository: SeenRepository;
  readonly options: UpdateOptions;
  readonly context: CommandContext;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly check: UpdateCheck | null;
}

const NOTHING: SettledUpdate = {
  update: { packages: [], added: [], removed: [] },
  plan: null,
  needs: new Map(),
  notes: [],
};

async function settledUpdate({ root, repository, options, context, now, check }: UpdateRun): Promise<SettledUpdate> {
  const before = await readManifest(root);
  const manifest = withAsOf(before, options.asOf);
  const { text: lockText, lock } = await readRepositoryLock(root, context);
  if (wantedOf(manifest).length === 0) return NOTHING;
  if (lock === null || lockText === null) throw withoutLock();
  const work: WorkOptions = { offline: options.offline, refresh: options.refresh, jobs: options.jobs };
  const inUse = versionsIn(lock);
  const { selected, excluded } = selectPackages(
    repository.record.packages.filter(({ name }) => inUse.has(name)),
    options,
  );
  const notes: Note[] = [];
  const world = await openWorld(manifestOptions(manifest, work), { ...context, directory: root, notes });
  try {
    const pages = updatePages(world.index);
    await pages.load([...selected], context.onProgress);
    const request: UpdatePlanRequest = {
      root,
      manifest,
      lock,
      packages: repository.record.packages,
      selected,
      stays: new Map([...excluded].map((name) => [name, 'excluded (--exclude)'])),
      target: options.target,
      ...limitOf(manifest, options, now),
      pages,
      // What is known of vulnerabilities changes from day to day, and is never taken from the cache.
      vulnerabilitiesOf: options.offline
        ? async () => NO_VULNERABILITIES
        : vulnerabilityReader(world, (note) => notes.push(note)),
      work,
      context,
    };
    const settled = await settleUpdate(request, {
      repository,
      before: { manifest: before.text, lock: lockText },
      withTexts: options.write || options.diff || options.check,
      check,
    });
    const isUnasked = options.offline && settled.update.packages.some(isMoved);
    if (isUnasked)
      notes.push({ kind: 'omitted', text: 'nobody was asked for known vulnerabilities, because of --offline' });
    return { ...settled, notes: [...settled.notes, ...notes] };
  } finally {
    // A run that fails shows these: they may be what explains it.
    context.notes?.push(...notes);
    await world.close();
  }
}

/** A manifest that says until when releases count says it anew: what comes after this run goes by it. */
function withAsOf(manifest: Manifest, asOf: string | null): Manifest {
  if (asOf === null || manifest.options['as-of'] === undefined || manifest.options['as-of'] === asOf) return manifest;
  const text = editOption(manifest.text, { name: 'as-of', value: tomlString(asOf) });
  return parseManifest(text, MANIFEST_PATH);
}

/** The time of the last release that counts, and what says it. To cool down takes its time before the day that counts as today. */
function limitOf(
  { options }: Manifest,
  { asOf, coolDown }: UpdateOptions,
  now: number,
): Pick<UpdatePlanRequest, 'until' | 'untilOption'> {
  const day = asOf ?? options['as-of'] ?? null;
  const today = day === null ? null : parseAsOf(day);
  const words = [
    ...(day === null ? [] : [`--as-of ${day}`]),
    ...(coolDown === null ? [] : [`--cool-down ${coolDown.text}`]),
  ];
  const until = coolDown === null ? today : (today ?? now) - coolDown.milliseconds;
  return { until, untilOption: words.join(' ') };
}

function withoutLock(): UserError {
  return new UserError('E_LOCK_OUTDATED', 'there is no lock file yet', {
    hint: 'pypi2nix add, without names, resolves what pypi2nix.toml asks for',
  });
}
