import { rmSync } from 'node:fs';
import { link, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { EXIT, UserError } from '../base/user-error.ts';
import { codeOf } from './file-system.ts';

// To break a lock takes a moment; a file of this age was left by a breaker that was killed, or by a holder killed while it wrote.
const ABANDONED_MS = 10_000;
const RETRY_MS = 50;

const HOLDER = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  host: v.string(),
  /** When the process started, in the system's own count; null where that cannot be had. */
  started: v.nullable(v.string()),
  /** The same for readers, RFC 3339; null in locks of earlier versions. */
  since: v.optional(v.nullable(v.pipe(v.string(), v.isoTimestamp())), null),
});

/** The process that holds a lock. */
export type LockHolder = v.InferOutput<typeof HOLDER>;

export interface LockOptions {
  /** Infinity: until the lock is free. */
  readonly waitMs: number;
  /** Told once, when this has to wait; null: who holds the lock cannot be read. */
  readonly onWait?: (holder: LockHolder | null) => void;
}

/**
 * Runs `work` while this process holds the lock of a folder, the file `lock` in it. A lock whose process has ended is broken; for
 * one that is held this waits up to `waitMs`.
 *
 * Throws UserError E_LOCKED (exit 73) with the holder when the wait was in vain.
 */
export async function withLock<T>(folder: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const path = join(folder, 'lock');
  await acquire(path, options);
  // Also when the process is ended by a signal that it hears.
  const release = (): void => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** A process as messages name it. */
export function holderWords(holder: LockHolder | null): string {
  if (holder === null) return 'another run';
  const since = holder.since === null ? '' : `, started at ${holder.since},`;
  return `process ${holder.pid} on ${holder.host}${since}`;
}

async function acquire(path: string, { waitMs, onWait }: LockOptions): Promise<void> {
  const me: LockHolder = {
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    since: new Date(Math.round((Date.now() - process.uptime() * 1000) / 1000) * 1000).toISOString(),
  };
  for (let waited = 0; ; waited += RETRY_MS) {
    if (await createWhole(path, JSON.stringify(me))) return clearDrafts(path);
    if (await isAbandoned(path)) {
      await breakLock(path);
      continue;
    }
    if (waited >= waitMs) {
      throw new UserError('E_LOCKED', `${holderWords(await holderOf(path))} is writing here and holds ${path}`, {
        exit: EXIT.cannotWrite,
        hint: `wait until it is done (add, remove, regenerate and update do with --wait); if it does not exist any more, delete ${path}`,
      });
    }
    if (waited === 0) onWait?.(await holderOf(path));
    await sleep(RETRY_MS);
  }
}

// Only who made `lock-break` may remove the lock of another process, and looks again first: between two looks the lock may have
// been broken and taken by a third process.
async function breakLock(path: string): Promise<void> {
  const breaker = `${path}-break`;
  if (!(await createFile(breaker, ''))) {
    if ((await ageOf(breaker)) > ABANDONED_MS) await rm(breaker, { force: true });
    await sleep(RETRY_MS);
    return;
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const holder = await holderOf(path);
  if (holder === null) return (await ageOf(path)) > ABANDONED_MS;
  if (holder.host !== hostname()) return false;
  if (!isRunning(holder.pid)) return true;
  const started = await startOf(holder.pid);
  return holder.started !== null && started !== null && started !== holder.started;
}

// Null when the lock is gone or not (yet) written.
async function holderOf(path: string): Promise<LockHolder | null> {
  try {
    const read = v.safeParse(HOLDER, JSON.parse(await readFile(path, 'utf8')));
    return read.success ? read.output : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError || codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

let drafts = 0;

/** A second name for a file that is whole: who finds the lock finds its holder in it, even when that was killed in this moment. */
async function createWhole(path: string, text: string): Promise<boolean> {
  drafts += 1;
  const draft = `${path}-${process.pid}-${drafts}`;
  // A process of this number that was killed may have left one.
  await rm(draft, { force: true });
  try {
    if (!(await createFile(draft, text))) return false;
    await link(draft, path);
    return true;
  } catch (thrown) {
    const code = codeOf(thrown);
    // The draft goes when its process seems to have ended: the next round makes another.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    // Not every file system has second names.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS')
      return await createFile(path, text);
    throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes away what processes left that were killed in the moment before. */
async function clearDrafts(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    const pid = /^lock-(\d{1,9})-\d+$/u.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

async function createFile(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(text).finally(() => file.close());
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

// Zero when it is gone.
async function ageOf(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return 0;
    throw thrown;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, and is somebody else's.
    return codeOf(thrown) !== 'ESRCH';
  }
}

// Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may have blanks and parentheses itself.
async function startOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    // No such file system here, or no such process: the number of the process has to do.
    return null;
  }
}
