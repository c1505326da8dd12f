import { SECRET_PARAMETER, starSecrets } from '../base/secrets.ts';
import { excerpt } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/** Where a project lies that is named by address instead of by name: PEP 508 direct references, as pip reads their URLs. */
export type SourceAddress = ArchiveAddress | DirectoryAddress | GitAddress;

/** One archive, an sdist or a wheel, on a server or on this machine. */
export interface ArchiveAddress {
  readonly kind: 'archive';
  /** `http:`, `https:` or `file:`, without fragment and without credentials. */
  readonly url: string;
  /** Lower-case hex that the archive must have; null: any. */
  readonly sha256: string | null;
  /** Folder of the project in the archive, `a/b`; null: its root. */
  readonly subdirectory: string | null;
}

/** A folder on this machine. */
export interface DirectoryAddress {
  readonly kind: 'directory';
  /** Absolute, POSIX, without a slash at the end. */
  readonly path: string;
  readonly editable: boolean;
  readonly subdirectory: string | null;
}

/** A revision of a git repository. */
export interface GitAddress {
  readonly kind: 'git';
  /** `https:`, `http:`, `ssh:`, `git:` or `file:`, without `git+`, fragment, revision and password. */
  readonly url: string;
  /** Branch, tag or commit as it is asked for; null: the default branch. */
  readonly revision: string | null;
  /** 40 or 64 hex digits, lower case, where it is known. */
  readonly commit: string | null;
  readonly subdirectory: string | null;
}

/** Endings of the archives that sources come in. */
const ARCHIVE = /\.(?:whl|zip|tgz|tar\.gz|tar\.bz2|tar\.xz)$/iu;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/iu;
const GIT_SCHEMES: ReadonlySet<string> = new Set(['https:', 'http:', 'ssh:', 'git:', 'file:']);
const OTHER_HASHES = ['md5', 'sha1', 'sha224', 'sha384', 'sha512'] as const;

/**
 * address  = "git+" git-url [ "@" revision ] [ "#" fragment ] / ( "http" / "https" / "file" ) "://" ... [ "#" fragment ]
 * fragment = part *( "&" part ); part = ( "subdirectory" / "sha256" / "egg" / "editable" / "commit" ) "=" value
 *
 * A `file:` URL is an archive where its path has the ending of one, else a folder. The name in `egg` is not looked at; other parts are passed over, as pip does.
 * Throws UserError E_INVALID_ADDRESS, E_CREDENTIALS_IN_ADDRESS or, for a digest that nothing would check, E_HASH_NOT_CHECKED (exit 65); messages never have the credentials.
 */
export function parseSourceAddress(url: string): SourceAddress {
  const mark = url.indexOf('#');
  const base = mark < 0 ? url : url.slice(0, mark);
  const fragment = fragmentParts(mark < 0 ? '' : url.slice(mark + 1), url);
  const subdirectory = subdirectoryOf(fragment, url);
  const git = /^git\+(.*)$/isu.exec(base)?.[1];
  if (git !== undefined) return gitAddress(git, { whole: url, fragment, subdirectory });
  const parsed = parsedUrl(base, url);
  if (parsed.protocol === 'file:') return fileAddress(parsed, { whole: url, fragment, subdirectory });
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
    throw invalid(url, `${parsed.protocol} is no scheme that a project can be had by`);
  if (!ARCHIVE.test(parsed.pathname))
    throw invalid(url, 'it does not end like an archive: .tar.gz, .tgz, .tar.bz2, .tar.xz, .zip or .whl');
  return { kind: 'archive', url: parsed.href, sha256: sha256Of(fragment, url), subdirectory };
}

/** The URL that `parseSourceAddress` reads back as the same address; a folder ends in a slash. It is what stands after `@` in a requirement. */
export function formatSourceAddress(address: SourceAddress): string {
  const subdirectory: readonly FragmentPart[] =
    address.subdirectory === null ? [] : [['subdirectory', address.subdirectory]];
  switch (address.kind) {
    case 'archive':
      return withFragment(address.url, [
        ...subdirectory,
        ...(address.sha256 === null ? [] : ([['sha256', address.sha256]] as const)),
      ]);
    case 'directory':
      return withFragment(fileUrl(address.path === '/' ? '/' : `${address.path}/`), [
        ...subdirectory,
        ...(address.editable ? ([['editable', 'true']] as const) : []),
      ]);
    case 'git': {
      const { revision, commit } = address;
      const isKnown = commit === null || revision?.toLowerCase() === commit;
      return withFragment(`git+${address.url}${revision === null ? '' : `@${inPath(revision)}`}`, [
        ...subdirectory,
        ...(isKnown ? [] : ([['commit', commit]] as const)),
      ]);
    }
  }
}

/** Whether a path or the path of a URL ends like an sdist or a wheel; what else lies there can only be a folder. */
export function hasArchiveEnding(name: string): boolean {
  return ARCHIVE.test(name);
}

/** The `file:` URL of an absolute POSIX path. */
export function fileUrl(path: string): string {
  return `file://${inPath(path)}`;
}

/** The file name of an archive, decoded: the last part of its URL. */
export function archiveFilename({ url }: ArchiveAddress): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return decoded(last) ?? last;
}

type FragmentPart = readonly [name: string, value: string];

interface Parts {
  /** The text from outside, for messages. */
  readonly whole: string;
  readonly fragment: ReadonlyMap<string, string>;
  readonly subdirectory: string | null;
}

function gitAddress(text: string, { whole, fragment, subdirectory }: Parts): GitAddress {
  const { before, revision } = splitRevision(text);
  // What git itself calls an address, `git@host:a/b`, is none of PEP 508.
  if (!/^[a-z]+:\/\//iu.test(before))
    throw invalid(whole, 'after git+ comes a URL with a scheme, for example git+ssh://git@host.test/a/b.git');
  const parsed = parsedUrl(before, whole);
  if (!GIT_SCHEMES.has(parsed.protocol)) throw invalid(whole, `git+${parsed.protocol} is not supported`);
  if (parsed.protocol === 'file:' && parsed.host !== '' && parsed.host !== 'localhost')
    throw invalid(whole, 'a file: URL has no host: file:///folder/repository');
  if (parsed.pathname.length < 2) throw invalid(whole, 'it names no repository');
  if (revision !== null) refuseRevision(revision, whole);
  const stated = fragment.get('commit') ?? null;
  if (stated !== null && !COMMIT.test(stated)) throw invalid(whole, 'commit= has to be 40 or 64 hex digits');
  const isCommit = revision !== null && COMMIT.test(revision);
  if (isCommit && stated !== null && stated.toLowerCase() !== revision.toLowerCase())
    throw invalid(whole, 'it names two commits');
  const commit = (isCommit ? revision : stated)?.toLowerCase() ?? null;
  return { kind: 'git', url: parsed.href, revision, commit, subdirectory };
}

/** revision = what follows the last "@" of the path; the one of `user@host` stands before the path */
function splitRevision(text: string): { before: string; revision: string | null } {
  const path = /^[a-z]+:\/\/[^/]*/iu.exec(text)?.[0].length ?? 0;
  const at = text.lastIndexOf('@');
  if (at < path || path === 0) return { before: text, revision: null };
  const written = text.slice(at + 1);
  return { before: text.slice(0, at), revision: decoded(written) ?? written };
}

/** What git-check-ref-format(1) refuses, and what a command would take for an option. */
function refuseRevision(revision: string, whole: string): void {
  if (revision === '') throw invalid(whole, 'there is no revision after @');
  const isRef = /^[^\s~^:?*[\\\p{Cc}]+$/u.test(revision) && !/\.\.|@\{|\/\/|^[-/]|\/$|\.lock$/u.test(revision);
  if (!isRef) throw invalid(whole, `${JSON.stringify(excerpt(revision))} is no branch, tag or commit of git`);
}

function fileAddress(parsed: URL, { whole, fragment, subdirectory }: Parts): SourceAddress {
  if (parsed.host !== '' && parsed.host !== 'localhost')
    throw invalid(whole, 'a file: URL has no host: file:///folder/name');
  const path = decoded(parsed.pathname);
  if (path === null || path.includes('\0') || /%2f/iu.test(parsed.pathname))
    throw invalid(whole, 'its path cannot be read');
  if (parsed.search !== '') throw invalid(whole, 'a file: URL has no query; write ? as %3F');
  if (ARCHIVE.test(path))
    return { kind: 'archive', url: fileUrl(path), sha256: sha256Of(fragment, whole), subdirectory };
  const trimmed = path.replace(/\/{1,100}$/u, '');
  if (fragment.has('sha256')) throw invalid(whole, 'a folder has no sha256');
  return {
    kind: 'directory',
    path: trimmed === '' ? '/' : trimmed,
    editable: fragment.get('editable') === 'true',
    subdirectory,
  };
}

function parsedUrl(text: string, whole: string): URL {
  if (/[\s\p{Cc}]/u.test(text)) throw invalid(whole, 'it has a blank or a control character');
  if (!URL.canParse(text)) throw invalid(whole, 'it is no URL');
  const parsed = new URL(text);
  // ssh takes a host or user that begins with a dash for an option.
  if (/^-/u.test(decoded(parsed.hostname) ?? '-') || /^-/u.test(decoded(parsed.username) ?? '-'))
    throw invalid(whole, 'its host or user begins with a dash');
  const isLogin = parsed.protocol === 'ssh:' && parsed.password === '';
  if (!isLogin && (parsed.username !== '' || parsed.password !== '')) throw credentials(whole);
  if ([...parsed.searchParams.keys()].some((name) => SECRET_PARAMETER.test(name))) throw credentials(whole);
  return parsed;
}

function fragmentParts(text: string, whole: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = part.slice(0, equals);
    const value = decoded(part.slice(equals + 1));
    if (value === null) throw invalid(whole, `the value of ${excerpt(name)}= cannot be read`);
    const before = parts.get(name);
    if (before !== undefined && before !== value) throw invalid(whole, `it has ${excerpt(name)}= twice`);
    parts.set(name, value);
  }
  return parts;
}

function sha256Of(fragment: ReadonlyMap<string, string>, whole: string): string | null {
  const digest = fragment.get('sha256');
  const other = OTHER_HASHES.find((name) => fragment.has(name));
  if (digest === undefined && other !== undefined)
    throw new UserError(
      'E_HASH_NOT_CHECKED',
      `${shown(whole)}: only sha256 is checked, and this address has ${other}`,
      {
        exit: EXIT.data,
        hint: 'add #sha256=... to the address, as `sha256sum FILE` prints it',
      },
    );
  if (digest === undefined) return null;
  if (!/^[0-9a-f]{64}$/iu.test(digest)) throw invalid(whole, 'sha256= has to be 64 hex digits');
  return digest.toLowerCase();
}

function subdirectoryOf(fragment: ReadonlyMap<string, string>, whole: string): string | null {
  const written = fragment.get('subdirectory');
  if (written === undefined) return null;
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  if (written.startsWith('/') || parts.includes('..') || /[\\\p{Cc}]/u.test(written))
    throw invalid(whole, 'subdirectory= has to be a relative path inside of it');
  return parts.length === 0 ? null : parts.join('/');
}

function withFragment(url: string, parts: readonly FragmentPart[]): string {
  if (parts.length === 0) return url;
  const texts = parts.map(([name, value]) => `${name}=${inPath(value)}`);
  return `${url}#${texts.join('&')}`;
}

function inPath(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/');
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function shown(text: string): string {
  return JSON.stringify(excerpt(starSecrets(text)));
}

function invalid(url: string, why: string): UserError {
  return new UserError('E_INVALID_ADDRESS', `${shown(url)} cannot be taken: ${why}`, {
    exit: EXIT.data,
    hint: 'an address looks like https://host.test/name-1.0.tar.gz, git+https://host.test/name.git@v1.0#subdirectory=a or file:///folder',
  });
}

function credentials(url: string): UserError {
  return new UserError(
    'E_CREDENTIALS_IN_ADDRESS',
    `${shown(url)} has credentials, which would be written into the expression`,
    {
      exit: EXIT.data,
      hint: 'leave them out, and put them into ~/.netrc, which this program and git read',
    },
  );
}
