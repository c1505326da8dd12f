import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printable, withoutEscapes } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';

/** Where the logs of failed builds lie, relative to the repository. By its name it is volatile, and it keeps itself out of version control. */
const LOG_FOLDER = '.pypi2nix/tmp-logs';

/** Of a longer log the beginning and the end are kept. In characters. */
const KEPT_HEAD = 1_000_000;
const KEPT_TAIL = 7_000_000;

/**
 * Keeps the log of a failed build, without escape sequences and control characters. Whole or not at all, so that a run that is ended leaves nothing half-written. Gives its
 * path relative to the repository. Throws UserError E_CANNOT_WRITE (exit 73).
 */
export function keepLog(repository: string, name: string, log: string): string {
  const folder = path.join(repository, LOG_FOLDER);
  const file = fileOf(name);
  const target = path.join(folder, file);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '.gitignore'), '*\n');
    putWhole(target, safeLog(log));
  } catch (cause) {
    throw new UserError('E_CANNOT_WRITE', `the log ${LOG_FOLDER}/${file} cannot be written: ${messageOf(cause)}`, {
      exit: EXIT.cannotWrite,
      cause,
    });
  }
  return `${LOG_FOLDER}/${file}`;
}

let halves = 0;

/** Several checks of one repository may write the same log, so each has a file of its own until it is whole. */
function putWhole(target: string, text: string): void {
  halves += 1;
  const half = `${target}.${process.pid}-${halves}.part`;
  try {
    writeFileSync(half, text);
    renameSync(half, target);
  } finally {
    rmSync(half, { force: true });
  }
}

/** Takes a log of an earlier check away. */
export function dropLog(repository: string, name: string): void {
  rmSync(path.join(repository, LOG_FOLDER, fileOf(name)), { force: true });
}

/** The file of a log: a name from outside becomes no path. */
function fileOf(name: string): string {
  return `${name.replace(/[^A-Za-z0-9._+-]/gu, '_')}.log`;
}

/** A log that is safe to look at, and not too long. */
function safeLog(log: string): string {
  const cut =
    log.length <= KEPT_HEAD + KEPT_TAIL
      ? log
      : `${log.slice(0, KEPT_HEAD)}\n… ${log.length - KEPT_HEAD - KEPT_TAIL} characters are left out …\n${log.slice(-KEPT_TAIL)}`;
  const text = printable(withoutEscapes(cut).replace(/\r+\n/gu, '\n'));
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
