import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { isPylockName } from '../pep/pylock.ts';
import { readToml, type TextTable } from '../pep/toml-text.ts';
import type { LockChoice, LockedProjects, LockFormat, LockSource } from './locked-projects.ts';
import { readHashedRequirements } from './read-hashed-requirements.ts';
import { readPipfileLock } from './read-pipfile-lock.ts';
import { readPoetryLock } from './read-poetry-lock.ts';
import { readPylockProjects } from './read-pylock.ts';
import { readUvLock } from './read-uv-lock.ts';
import { isUvDocument } from './uv-document.ts';

const READERS: Readonly<Record<LockFormat, (source: LockSource, choice: LockChoice) => LockedProjects>> = {
  pylock: readPylockProjects,
  poetry: readPoetryLock,
  uv: readUvLock,
  pipfile: readPipfileLock,
  requirements: readHashedRequirements,
};

/**
 * Reads a lock file of any format, by its file name or else by its content, narrowed to the targets, groups and extras that are wanted.
 * Throws UserError E_BAD_LOCK (exit 65) for each fault with file, line and column; E_LOCK_FORK (1) for each project of which the targets
 * need two versions; E_LOCK_UNFIT (1) when it is made for none of the targets; E_NO_SUCH_GROUP and E_NO_SUCH_EXTRA (1).
 */
export function readLock(source: LockSource, choice: LockChoice): LockedProjects {
  const format = formatOf(source);
  if (format !== null) return READERS[format](source, choice);
  throw new UserError('E_BAD_LOCK', `${oneLine(source.name)} is no lock file that is known`, {
    exit: EXIT.data,
    hint: 'known are pylock.toml, poetry.lock, uv.lock, Pipfile.lock and requirements files that pin every version',
  });
}

function formatOf({ name, text }: LockSource): LockFormat | null {
  const filename = name.split(/[/\\]/u).at(-1) ?? name;
  if (isPylockName(filename)) return 'pylock';
  if (filename === 'poetry.lock') return 'poetry';
  // uv calls the lock of a script SCRIPT.py.lock; one without requirements has nothing else that tells.
  if (filename === 'uv.lock' || filename.endsWith('.py.lock')) return 'uv';
  if (filename === 'Pipfile.lock') return 'pipfile';
  if (filename.endsWith('.txt') || filename.endsWith('.in')) return 'requirements';
  if (/^\s*\{/u.test(text)) return 'pipfile';
  const read = readToml(text);
  if ('table' in read) return formatOfToml(read.table);
  // A line of a requirements file is no TOML, and a broken TOML file has lines that only TOML has.
  return /^[ \t]*\[|^[\w-]+[ \t]*=[^=]/mu.test(text) ? null : 'requirements';
}

function formatOfToml(document: TextTable): LockFormat | null {
  if ('lock-version' in document || 'created-by' in document) return 'pylock';
  if (isUvDocument(document)) return 'uv';
  return 'metadata' in document && 'package' in document ? 'poetry' : null;
}
