import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { excerpt, joinWords } from '../../base/text.ts';
import type { CheckedPackage } from '../../check/check-result.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import { builtinSet } from '../../nixpkgs/package-set.ts';
import type { FileChange } from '../../repository/write-plan.ts';
import { findNixpkgs } from '../check/evaluate.ts';
import { type CheckRun, runCheck } from '../check/run.ts';
import type { CommandContext } from '../world.ts';
import type { UpdatePlan } from './plan.ts';

/** Builds updates before they are written. What was built once in a run is not built again. */
export interface UpdateCheck {
  /**
   * Builds what an update changes and what needs that, in a copy of the repository with these changes. Gives why packages have to stay at their old version, clauses by PEP
   * 503 name; none when all is well.
   */
  failures(
    changes: readonly FileChange[],
    plan: Pick<UpdatePlan, 'needs' | 'addressed'> & {
      /** The new versions by PEP 503 name. */
      readonly moved: ReadonlyMap<string, string>;
      readonly added: ReadonlySet<string>;
    },
  ): Promise<ReadonlyMap<string, string>>;
  /** What is to be said of packages that do not build for other reasons than the update. */
  readonly notes: readonly Note[];
}

/** Throws UserError E_NIX_MISSING and E_NO_NIXPKGS. */
export async function openUpdateCheck(
  root: string,
  {
    nixpkgs,
    context,
    signal,
  }: { readonly nixpkgs: string | null; readonly context: CommandContext; readonly signal: AbortSignal },
): Promise<UpdateCheck> {
  const nix = { environment: context.environment, directory: root, signal };
  const shared: Omit<CheckRun, 'folder' | 'projects'> = {
    sets: [null],
    nixpkgs: await findNixpkgs(nixpkgs, { directory: context.directory, nix }),
    build: true,
    jobs: os.availableParallelism(),
    keepFailed: false,
    nix,
    onProgress: context.onProgress,
    context,
    names: async () => builtinSet(DEFAULT_RELEASE),
    built: new Map(),
    failed: new Map(),
  };
  const notes: Note[] = [];
  return {
    notes,
    async failures(changes, plan) {
      const affected = affectedBy(plan);
      if (affected.size === 0) return new Map();
      const failuresIn = (copied: readonly FileChange[], projects: ReadonlySet<string>) =>
        inCopy(root, copied, async (folder) =>
          (await runCheck({ ...shared, folder, projects, nix: { ...nix, directory: folder } })).filter(isFailure),
        );
      const failed = await failuresIn(changes, affected);
      const own = failed.filter(({ project }) => plan.moved.has(project) || plan.added.has(project));
      const others = failed.filter((each) => !own.includes(each));
      const before = others.length === 0 ? [] : await failuresIn([], new Set(others.map(({ project }) => project)));
      const broken = new Set(before.map(({ project }) => project));
      for (const project of broken) {
        const text = 'it does not build, and did not before the update';
        if (!notes.some((note) => note.project === project)) notes.push({ kind: 'warning', project, text });
      }
      return blamed([...own, ...others.filter(({ project }) => !broken.has(project))], plan);
    },
  };
}

/** Who has to stay: a package that fails itself, else the updates that it needs. */
function blamed(
  failed: readonly CheckedPackage[],
  { moved, needs }: Pick<UpdatePlan, 'needs'> & { readonly moved: ReadonlyMap<string, string> },
): ReadonlyMap<string, string> {
  const stays = new Map<string, string>();
  for (const each of failed) {
    const version = moved.get(each.project);
    if (version !== undefined) stays.set(each.project, `${version} does not build: ${reasonOf(each)}`);
  }
  for (const each of failed) {
    if (moved.has(each.project)) continue;
    // An update needs what is new with it; others need the updates.
    const near = [...moved].filter(
      ([name]) => reachedFrom(each.project, needs).has(name) || reachedFrom(name, needs).has(each.project),
    );
    for (const [name, version] of near)
      if (!stays.has(name)) stays.set(name, `${each.project} does not build with ${version}: ${reasonOf(each)}`);
  }
  return stays;
}

function isFailure({ outcome, log }: CheckedPackage): boolean {
  // What only waits for another package of the repository is told there.
  return outcome.kind === 'failed' || (outcome.kind === 'needs' && log !== null);
}

function reasonOf({ explained, messages, outcome }: CheckedPackage): string {
  const [first] = explained;
  if (first !== undefined) return excerpt(first.text);
  const lines = messages.split('\n').filter((line) => line.trim() !== '');
  const told = lines.findLast((line) => EXCEPTION_OR_ERROR.test(line)) ?? lines.at(-1);
  if (told !== undefined) return excerpt(told);
  return outcome.kind === 'needs' ? `it needs ${joinWords(outcome.names)}` : 'no reason is told';
}

/** What ends a traceback, or what a tool calls an error: builders add lines behind it that say only that something failed. */
const EXCEPTION_OR_ERROR = /^\s*(?:[\w.]*(?:Error|Exception)|error): \S/u;

/** What is built: what moves or is new, and what needs that. What lies on this machine is not, as the copy is elsewhere. */
function affectedBy({ needs, addressed, moved, added }: Parameters<UpdateCheck['failures']>[1]): ReadonlySet<string> {
  const changed = new Set([...moved.keys(), ...added]);
  const names = [...needs.keys()].filter((name) => {
    if (addressed.has(name)) return false;
    return changed.has(name) || [...reachedFrom(name, needs)].some((other) => changed.has(other));
  });
  return new Set(names);
}

function reachedFrom(name: string, needs: UpdatePlan['needs']): ReadonlySet<string> {
  const reached = new Set(needs.get(name));
  for (const each of reached) for (const other of needs.get(each) ?? []) reached.add(other);
  return reached;
}

/** Works in a copy of what Nix reads of a repository, with changes; it goes again, also when the process is ended by a signal that it hears. */
async function inCopy<T>(
  root: string,
  changes: readonly FileChange[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-update-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    for (const entry of await readdir(root, { withFileTypes: true })) {
      const isOurs = entry.isDirectory() ? FOLDERS.has(entry.name) : entry.isFile() && entry.name.endsWith('.nix');
      if (isOurs) await cp(path.join(root, entry.name), path.join(folder, entry.name), { recursive: true });
    }
    for (const { path: file, text } of changes) {
      const whole = path.join(folder, file);
      if (text === null) await rm(whole, { force: true });
      else {
        await mkdir(path.dirname(whole), { recursive: true });
        await writeFile(whole, text);
      }
    }
    return await work(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

const FOLDERS: ReadonlySet<string> = new Set(['pkgs', 'overrides']);
