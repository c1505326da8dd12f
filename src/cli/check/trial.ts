import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { Note } from '../../base/note.ts';
import { sortedUnique } from '../../base/text.ts';
import { EXIT, UserError, userErrorsOf } from '../../base/user-error.ts';
import { isProjectName, normalizeName } from '../../pep/name.ts';
import { digestOf } from '../../repository/digest.ts';
import { withLock } from '../../repository/lock.ts';
import { isOutputPath } from '../../repository/output-path.ts';
import { restoreEdits, type YieldedEdit } from './hand-edits.ts';
import { overrideFileOf, type RuleOfProject, takeBack } from './rule-files.ts';
import { putFile, textOf } from './small-files.ts';
import { hasTrial, TRIAL_FOLDER, TRIAL_JOURNAL } from './trial-place.ts';

/** What `--fix` has changed in a repository and not judged yet. */
export interface Trial {
  readonly rules: readonly RuleOfProject[];
  readonly edits: readonly YieldedEdit[];
}

// A repository may come from somebody else, and so may what lies in it: every path is checked.
const PATH = v.pipe(v.string(), v.check(isOutputPath));
const PROJECT = v.pipe(
  v.string(),
  v.check((name) => isProjectName(name) && normalizeName(name) === name),
);
const TRIAL = v.object({
  form: v.literal(1),
  rules: v.array(v.object({ project: PROJECT, folder: PATH, text: v.string() })),
  edits: v.array(
    v.object({
      file: PATH,
      before: v.string(),
      beside: v.nullable(PATH),
      text: v.string(),
      /** Digest of the file as this program left it; null: not known. */
      after: v.nullable(v.string()),
    }),
  ),
  /** Projects that are generated with rules which are taken back since. */
  stale: v.array(PROJECT),
});

type Kept = v.InferOutput<typeof TRIAL>;

/**
 * Runs `work` with the repository kept from other runs of `--fix`. While it works it tells what is on trial by `keep`, each time before anything of it is written to a file,
 * so that what is not judged when the process ends, in whatever way, is taken back: by {@link takeBackUntried}, which the next run calls.
 *
 * Throws UserError E_LOCKED (exit 73) while another run tries rules here, E_CANNOT_WRITE (exit 73), and what `work` throws.
 */
export async function withTrial<T>(repository: string, work: (keep: (trial: Trial) => void) => Promise<T>): Promise<T> {
  const folder = path.join(repository, TRIAL_FOLDER);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '.gitignore'), '*\n');
  } catch (cause) {
    throw new UserError('E_CANNOT_WRITE', `${folder} cannot be made`, { exit: EXIT.cannotWrite, cause });
  }
  return await withLock(folder, { waitMs: 0 }, async () => {
    const result = await work((trial) => keep(repository, trial));
    drop(folder);
    return result;
  });
}

/**
 * Takes back what an earlier run left on trial when it was ended: its rules, and the edits by hand that gave way to them. The expressions are still generated with these rules:
 * `generateAgain` is called with their projects, and where it is missing they are kept in mind for a later run. Nothing happens where a run still tries rules. Gives a note for each rule.
 *
 * Throws UserError E_CANNOT_WRITE (exit 73), E_BAD_RECORD (exit 65) for a record that cannot be read, and what `generateAgain` throws.
 */
export async function takeBackUntried(
  repository: string,
  generateAgain?: (projects: ReadonlySet<string>) => Promise<void>,
): Promise<readonly Note[]> {
  const folder = path.join(repository, TRIAL_FOLDER);
  if (!hasTrial(repository)) return [];
  let isOurs = false;
  try {
    return await withLock(folder, { waitMs: 0 }, async () => {
      isOurs = true;
      const kept = readKept(folder);
      const notes = takeBackKept(repository, kept);
      const stale = sortedUnique([...kept.stale, ...kept.rules.map(({ project }) => project)]);
      putKept(folder, { form: 1, rules: [], edits: [], stale });
      if (generateAgain === undefined) return notes;
      await generateAgain(new Set(stale));
      drop(folder);
      return notes;
    });
  } catch (thrown) {
    // Whoever holds the lock tries rules at this moment, perhaps this very run.
    if (!isOurs && userErrorsOf(thrown)?.some(({ code }) => code === 'E_LOCKED') === true) return [];
    throw thrown;
  }
}

/** As {@link takeBackUntried}, for the run itself that cannot go on. */
export async function endTrial(
  repository: string,
  trial: Trial,
  generateAgain?: (projects: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const folder = path.join(repository, TRIAL_FOLDER);
  const stale = sortedUnique(trial.rules.map(({ project }) => project));
  takeBackKept(repository, keptOf(repository, trial));
  if (stale.length > 0) {
    putKept(folder, { form: 1, rules: [], edits: [], stale });
    if (generateAgain === undefined) return;
    await generateAgain(new Set(stale));
  }
  drop(folder);
}

function takeBackKept(repository: string, { rules, edits }: Kept): readonly Note[] {
  for (const rule of [...rules].reverse()) takeBack(repository, rule);
  const kept = [...edits].reverse().flatMap(({ after, ...edit }): Note[] => {
    const text = textOf(path.join(repository, edit.file));
    if (text === null || after === null || digestOf(text) === after) {
      restoreEdits(repository, edit);
      return [];
    }
    return [
      {
        kind: 'warning',
        text: `${edit.file} was changed after a check --fix was ended, and stays as it is: your edits of before${edit.beside === null ? ' may be missing in it' : ` are in ${edit.beside}`}`,
      },
    ];
  });
  const notes = rules.map(
    ({ project, folder }): Note => ({
      kind: 'omitted',
      text: `a rule that an ended check --fix had added to ${overrideFileOf(project, folder)} and not tried is taken back`,
      project,
    }),
  );
  return [...notes, ...kept];
}

function keep(repository: string, trial: Trial): void {
  const folder = path.join(repository, TRIAL_FOLDER);
  if (trial.rules.length === 0 && trial.edits.length === 0) rmSync(path.join(folder, TRIAL_JOURNAL), { force: true });
  else putKept(folder, keptOf(repository, trial));
}

function keptOf(repository: string, { rules, edits }: Trial): Kept {
  return {
    form: 1,
    rules: rules.map((rule) => ({ ...rule })),
    edits: edits.map((edit) => {
      const text = textOf(path.join(repository, edit.file));
      // As long as it is as the user had it, the edit is about to give way.
      return { ...edit, after: text === null || text === edit.before ? null : digestOf(text) };
    }),
    stale: [],
  };
}

function putKept(folder: string, kept: Kept): void {
  putFile(path.join(folder, TRIAL_JOURNAL), `${JSON.stringify(kept)}\n`);
}

function readKept(folder: string): Kept {
  const file = path.join(folder, TRIAL_JOURNAL);
  try {
    return v.parse(TRIAL, JSON.parse(textOf(file) ?? ''));
  } catch (cause) {
    if (userErrorsOf(cause) !== undefined) throw cause;
    throw new UserError('E_BAD_RECORD', `${file} is not readable`, {
      exit: EXIT.data,
      hint: `an ended check --fix left it; look at overrides/ by hand, then delete ${file}`,
      cause,
    });
  }
}

/** The lock in it goes with who holds it. */
function drop(folder: string): void {
  rmSync(path.join(folder, TRIAL_JOURNAL), { force: true });
}
