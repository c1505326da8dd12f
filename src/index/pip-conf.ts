import { join } from 'node:path';
import { EXIT, UserError } from '../base/user-error.ts';

/** A configuration file of pip that was read. */
export interface PipConfFile {
  readonly path: string;
  readonly text: string;
}

/** One line of a value and where it stands. */
export interface PipConfLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Values by `section` and key; keys are lower case with `-` (pip takes `index_url` and `Index-Url` too). A value is its lines that are not empty. */
export type PipConf = ReadonlyMap<string, ReadonlyMap<string, readonly PipConfLine[]>>;

/**
 * Parses a pip.conf as pip does: Python's RawConfigParser, so no interpolation and no comments behind values.
 * Throws UserError `E_BAD_PIP_CONF` with file and line where pip would refuse the file too.
 *
 *     file    = { section | entry | continuation | comment | blank }
 *     section = "[" name "]"          entry = key ("=" | ":") value
 *     comment = ("#" | ";") text      continuation = a line indented deeper than its entry
 */
export function parsePipConf(file: PipConfFile): PipConf {
  const sections = new Map<string, Map<string, PipConfLine[]>>();
  let section: Map<string, PipConfLine[]> | null = null;
  let entry: { lines: PipConfLine[]; indent: number } | null = null;

  for (const [index, raw] of file.text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const text = raw.trim();
    const line = index + 1;
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    const indent = raw.length - raw.trimStart().length;
    if (entry !== null && indent > entry.indent) {
      entry.lines.push({ text, line });
      continue;
    }
    if (text.startsWith('[') && text.includes(']')) {
      const name = text.slice(1, text.lastIndexOf(']'));
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      entry = null;
      continue;
    }
    const delimiter = text.search(/[=:]/);
    if (section === null) throw malformed(file.path, line, 'stands before the first [section]');
    if (delimiter < 1) throw malformed(file.path, line, 'is neither a [section] nor "key = value"');
    const value = text.slice(delimiter + 1).trim();
    const lines: PipConfLine[] = value === '' ? [] : [{ text: value, line }];
    section.set(keyOf(text.slice(0, delimiter)), lines);
    entry = { lines, indent };
  }
  return sections;
}

/**
 * Paths where pip looks for its configuration, lowest precedence first (pip's user guide, "Configuration"):
 * global, user, virtual environment, PIP_CONFIG_FILE. With `PIP_CONFIG_FILE=/dev/null` there are none, as in pip.
 */
export function pipConfPaths(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
}): readonly string[] {
  const { environment, home } = options;
  const named = environment.PIP_CONFIG_FILE || null;
  if (named === '/dev/null') return [];
  const xdgHome = environment.XDG_CONFIG_HOME || join(home, '.config');
  const xdgGlobal = (environment.XDG_CONFIG_DIRS || '/etc/xdg').split(':').filter((path) => path !== '');
  const isMac = options.platform === 'darwin';
  const global = isMac
    ? ['/Library/Application Support/pip/pip.conf']
    : xdgGlobal.reverse().map((path) => join(path, 'pip', 'pip.conf'));
  const user = [join(home, '.pip', 'pip.conf'), join(xdgHome, 'pip', 'pip.conf')];
  if (isMac) user.push(join(home, 'Library', 'Application Support', 'pip', 'pip.conf'));
  const site = environment.VIRTUAL_ENV ? [join(environment.VIRTUAL_ENV, 'pip.conf')] : [];
  return [...new Set([...global, '/etc/pip.conf', ...user, ...site, ...(named === null ? [] : [named])])];
}

function keyOf(text: string): string {
  return text.trim().toLowerCase().replaceAll('_', '-').replace(/^--/, '');
}

// The line itself is not shown: it may hold a password.
function malformed(path: string, line: number, what: string): UserError {
  return new UserError('E_BAD_PIP_CONF', `${path}:${line}: the line ${what}`, {
    exit: EXIT.config,
    hint: 'pip refuses this file too: correct the line, or set PIP_CONFIG_FILE=/dev/null to ignore the files of pip',
  });
}
