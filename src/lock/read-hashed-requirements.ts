import type { Note } from '../base/note.ts';
import { oneLine, sortedUnique } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { missing } from '../pep/pylock-select.ts';
import { logicalLines } from '../pep/requirements-line.ts';
import { splitOptions } from '../pep/requirements-option.ts';
import { type HashDigest, parseHash, parseTarget, type RequirementTarget } from '../pep/requirements-target.ts';
import { hasArchiveEnding, type SourceAddress } from '../pep/source-address.ts';
import { tryParseVersion } from '../pep/version.ts';
import { addressOf, digestOf } from './lock-address.ts';
import type { LockChoice, LockedProjects, LockSource } from './locked-projects.ts';
import { type LockEntry, pickProjects } from './pick-projects.ts';
import { rootRequirement, unaskedProjects } from './roots.ts';

/**
 * Reads a requirements file in which every line pins one version (`name==1.0 --hash=sha256:...`) or an address, as pip-compile and uv write it.
 * All lines or none have hashes; without any a note says that nothing is checked. Other files cannot be included. The format does not tell
 * what depends on what, so the roots are for metadata to say.
 * Throws UserError E_BAD_LOCK (exit 65) with file and line for each line that pins nothing.
 */
export function readHashedRequirements(source: LockSource, choice: LockChoice): LockedProjects {
  const nothing = { known: [], file: source.name };
  throwAll([...missing('extra', choice.extras ?? [], nothing), ...missing('group', choice.groups ?? [], nothing)]);
  const faults: UserError[] = [];
  const notes: Note[] = [];
  const lines: PinnedLine[] = [];
  for (const { line, text } of logicalLines(source.text, {})) {
    const fault = (what: string): void => void faults.push(lineError(source.name, line, what));
    const pinned = readLine(text, { source, line, fault, notes });
    if (pinned !== null) lines.push(pinned);
  }
  const hashed = lines.filter(({ hashes }) => hashes.length > 0);
  if (hashed.length === 0 && lines.length > 0)
    notes.push({ kind: 'warning', text: 'the lock has no hashes, so no file is checked', file: source.name });
  for (const { line, name, address, hashes } of hashed.length === 0 ? [] : lines) {
    if (hashes.length === 0 && (address === null || (address.kind === 'archive' && address.sha256 === null)))
      faults.push(lineError(source.name, line, `${name} has no hash, and other lines have`));
  }
  throwAll(faults);
  const projects = pickProjects(
    lines.map((pinned) => lockEntry(pinned, choice)),
    { file: source.name, targets: choice.targets },
  );
  return {
    format: 'requirements',
    file: source.name,
    targets: choice.targets,
    projects,
    roots: unaskedProjects(projects).map((project) => rootRequirement(project)),
    rootsUntold: true,
    builds: new Map(),
    checks: new Map(),
    notes,
  };
}

interface PinnedLine {
  readonly line: number;
  readonly name: string;
  readonly version: string | null;
  readonly target: RequirementTarget;
  readonly address: SourceAddress | null;
  readonly hashes: readonly HashDigest[];
}

interface LineScope {
  readonly source: LockSource;
  readonly line: number;
  readonly fault: (what: string) => void;
  readonly notes: Note[];
}

/** line = requirement *( "--hash=" hash ) / "-e" address / option */
function readLine(text: string, scope: LineScope): PinnedLine | null {
  const { source, line, fault, notes } = scope;
  const split = splitOptions(text);
  if (split.fault !== null) {
    fault(split.fault);
    return null;
  }
  const editable = split.options.find(({ name }) => name === 'editable');
  const written = split.requirement === '' ? editable?.value : split.requirement;
  if (written === undefined) {
    for (const { name } of split.options) {
      if (name === 'requirement' || name === 'constraint') fault('a lock cannot include other files');
      else if (name !== 'require-hashes')
        notes.push({ kind: 'omitted', text: `--${name} of a lock has no effect here`, file: source.name, line });
    }
    return null;
  }
  const hashes = split.options.flatMap(({ name, value }) => {
    const hash = name === 'hash' ? parseHash(value) : null;
    if (name === 'hash' && hash === null) fault(`--hash=${value} is no sha256, sha384 or sha512 in hex`);
    return hash ?? [];
  });
  if (written === '.' || written === './') {
    const text = `${written} is the project of the lock itself and is left out`;
    notes.push({ kind: 'omitted', text, file: source.name, line });
    return null;
  }
  const target = targetOf(written, split.requirement === '', fault);
  return target === null ? null : pinnedLine(target, hashes, { ...scope, editable: split.requirement === '' });
}

function targetOf(text: string, isEditable: boolean, fault: LineScope['fault']): RequirementTarget | null {
  try {
    return parseTarget(text, isEditable);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    fault(error.message);
    return null;
  }
}

function pinnedLine(
  target: RequirementTarget,
  hashes: readonly HashDigest[],
  { source, line, fault, editable }: LineScope & { readonly editable: boolean },
): PinnedLine | null {
  if (target.kind === 'requirement') {
    const { name, specifier } = target.requirement;
    const [only, ...others] = specifier;
    const isPin = others.length === 0 && (only?.operator === '==' || only?.operator === '===');
    const version = isPin ? tryParseVersion(only.version) : null;
    if (version === null) {
      fault(`${name} is not pinned to one version, ${name}==1.0 for example`);
      return null;
    }
    return { line, name, version: version.text, target, address: null, hashes };
  }
  if (target.name === null) {
    fault('an address in a lock needs the name of its project: name @ address');
    return null;
  }
  const address = targetAddress(target, hashes, { directory: source.directory, editable, fault });
  return address === null ? null : { line, name: target.name, version: null, target, address, hashes };
}

function targetAddress(
  { location }: Extract<RequirementTarget, { readonly kind: 'path' | 'url' }>,
  hashes: readonly HashDigest[],
  {
    directory,
    editable,
    fault,
  }: { readonly directory: string; readonly editable: boolean; readonly fault: LineScope['fault'] },
): SourceAddress | null {
  const place = { faults: { report: (_path: unknown, what: string) => fault(what) }, path: [], directory };
  const fragment = new URLSearchParams(/#(.*)$/su.exec(location)?.[1] ?? '');
  const subdirectory = fragment.get('subdirectory');
  const base = location.replace(/#.*$/su, '');
  const stated = hashes.filter(({ algorithm }) => algorithm === 'sha256').map(({ digest }) => digest);
  const sha256 = fragment.get('sha256') ?? (stated.length === 1 ? (stated[0] ?? null) : null);
  const git = /^git\+(.*?)(?:@([0-9a-f]{40}|[0-9a-f]{64}))?$/isu.exec(base);
  if (git !== null)
    return addressOf({ kind: 'git', url: git[1] ?? '', path: null, commit: git[2] ?? '', subdirectory }, place);
  if (/^https?:/iu.test(base))
    return addressOf({ kind: 'archive', url: base, path: null, sha256, subdirectory }, place);
  const path = /^file:/iu.test(base) ? localPath(base) : base;
  if (path === null) {
    fault('this file: URL cannot be read');
    return null;
  }
  return hasArchiveEnding(path)
    ? addressOf({ kind: 'archive', url: null, path, sha256, subdirectory }, place)
    : addressOf({ kind: 'directory', path, editable, subdirectory }, place);
}

function localPath(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
}

function lockEntry({ name, version, target, address, hashes }: PinnedLine, { targets }: LockChoice): LockEntry {
  const { marker, extras } = target.kind === 'requirement' ? target.requirement : target;
  const simple = marker === null ? true : simplifyMarker(marker, targets);
  const digests = sortedUnique(hashes.map(({ algorithm, digest }) => `${algorithm}:${digest}`));
  return {
    on: targets.map((target) => marker === null || evaluateMarker(marker, target)),
    project: {
      name,
      version,
      extras,
      marker: typeof simple === 'boolean' ? null : simple,
      files: digests.map((digest) => ({ filename: '', ...digestOf(digest), url: null })),
      address,
      dependencies: null,
    },
  };
}

function lineError(file: string, line: number, what: string): UserError {
  return new UserError('E_BAD_LOCK', `${oneLine(file)}:${line}: ${what}`, {
    exit: EXIT.data,
    hint: 'a requirements file is a lock where every line pins one version, as pip-compile --generate-hashes writes it',
  });
}
