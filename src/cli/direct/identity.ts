import type { ArchiveMember } from '../../archive/read-archive.ts';
import { userErrorsOf } from '../../base/user-error.ts';
import { type IniFile, iniValue, parseIni } from '../../metadata/ini.ts';
import { evaluateSetup } from '../../metadata/python/evaluate-setup.ts';
import { textReading } from '../../metadata/python/setup-keywords.ts';
import { parsePython } from '../../metadata/python/syntax.ts';
import { type SdistFiles, sdistFiles } from '../../metadata/sdist-files.ts';
import { parseCoreMetadata } from '../../pep/core-metadata.ts';
import { isProjectName } from '../../pep/name.ts';
import { tryParseVersion, type Version } from '../../pep/version.ts';
import { type Toml, tableAt, textAt, tomlTable } from './toml.ts';

/** What the files of a tree say of the project in it. */
export interface TreeIdentity {
  /** As it is written; null where no file says it in a form that is known. */
  readonly name: string | null;
  readonly version: Version | null;
  /** Why the version is not known: `it is computed by setuptools_scm`. */
  readonly versionUnknown: string | null;
  /** The one root folder of the members. */
  readonly root: string;
}

/** Most bytes of a file that may hold a version, and most such files. */
const MOST_BYTES = 256 << 10;
const MOST_FILES = 800;
const MAIN_BYTES = 4 << 20;
const MAIN = new Set(['PKG-INFO', 'pyproject.toml', 'setup.cfg', 'setup.py']);

/**
 * Reads name and version of the project in a tree whose members have one root folder: PKG-INFO, `[project]`, the tables of Poetry and flit, setup.cfg and setup.py, in this
 * order. A dynamic version is followed into the file that it stands in, as setuptools, hatch, pdm and flit read it; nothing is run. Errors of the members pass.
 */
export async function treeIdentity(members: AsyncIterable<ArchiveMember>): Promise<TreeIdentity> {
  const { files, root } = await readFiles(members);
  const pyproject = tomlTable(files.text('pyproject.toml'));
  const cfg = parseIni(files.text('setup.cfg') ?? '');
  const script = setupCall(files);
  const info = pkgInfo(files);
  const project = tableAt(pyproject, 'project');
  const poetry = tableAt(pyproject, 'tool', 'poetry');
  const names = [
    info?.name,
    textAt(project, 'name'),
    textAt(poetry, 'name'),
    flitName(pyproject),
    iniValue(cfg, 'metadata', 'name')?.value,
    script('name'),
  ];
  const stated = [
    info?.version,
    textAt(project, 'version'),
    textAt(poetry, 'version'),
    ...dynamicVersions(pyproject, files),
    cfgVersion(cfg, files),
    script('version'),
  ];
  const version = stated.map((text) => tryParseVersion(text?.trim() ?? '')).find((found) => found !== null) ?? null;
  return {
    name: names.find((name) => name !== undefined && name !== null && isProjectName(name)) ?? null,
    version,
    versionUnknown: version === null ? whyUnknown(pyproject, files) : null,
    root,
  };
}

async function readFiles(members: AsyncIterable<ArchiveMember>): Promise<{ files: SdistFiles; root: string }> {
  const paths: string[] = [];
  const texts = new Map<string, string>();
  let root = '';
  for await (const member of members) {
    const slash = member.path.indexOf('/');
    if (slash < 0 || member.kind !== 'file') continue;
    root = root === '' ? member.path.slice(0, slash) : root;
    const path = member.path.slice(slash + 1);
    paths.push(path);
    const limit = MAIN.has(path) ? MAIN_BYTES : MOST_BYTES;
    const isWanted = MAIN.has(path) || (texts.size < MOST_FILES && mayHoldVersion(path));
    if (isWanted && member.size <= limit) texts.set(path, new TextDecoder().decode(await member.bytes(limit)));
  }
  return { files: sdistFiles(paths, texts), root };
}

function mayHoldVersion(path: string): boolean {
  const depth = path.split('/').length - 1;
  if (depth > 3 || /(?:^|\/)(?:tests?|docs?)\//u.test(path)) return false;
  return /\.(?:py|txt|in|cfg|toml)$/iu.test(path) || /(?:^|\/)[A-Z_]*VERSION[A-Z_]*$/iu.test(path);
}

function pkgInfo(files: SdistFiles): { readonly name: string; readonly version: string } | null {
  const text = files.text('PKG-INFO');
  if (text === null) return null;
  try {
    return parseCoreMetadata(text);
  } catch (error) {
    // Reading the tree as an sdist tells what is wrong with it.
    if (userErrorsOf(error) === undefined) throw error;
    return null;
  }
}

/** The value of a keyword of `setup()`, null where it is not known. */
function setupCall(files: SdistFiles): (keyword: string) => string | null {
  const text = files.text('setup.py');
  if (text === null) return () => null;
  const source = parsePython('setup.py', text);
  const { call } = evaluateSetup(source, files);
  return (keyword) => {
    const found = call === null || source.failure !== null ? null : textReading(call, keyword);
    return found?.kind === 'known' ? found.value : null;
  };
}

/** `version` of setup.cfg: the text itself, `file: PATH` or `attr: MODULE.NAME`. */
function cfgVersion(cfg: IniFile, files: SdistFiles): string | null {
  const value = iniValue(cfg, 'metadata', 'version')?.value ?? null;
  const [, directive, rest = ''] = /^(file|attr):\s*(\S+)/u.exec(value ?? '') ?? [];
  if (directive === undefined) return value;
  const packageRoot = /(?:^|\n)=\s*([^\n,]+)/u.exec(iniValue(cfg, 'options', 'package_dir')?.value ?? '')?.[1]?.trim();
  return directive === 'file' ? fileText(rest, files) : attributeText(rest, files, packageRoot);
}

/** Where the backends look for a version that `[project]` leaves to them, in no particular order: a tree is of one backend. */
function dynamicVersions(pyproject: Toml, files: SdistFiles): (string | null)[] {
  const setuptools = tableAt(pyproject, 'tool', 'setuptools');
  const dynamic = tableAt(setuptools, 'dynamic', 'version');
  const where = textAt(tableAt(setuptools, 'package-dir'), '') ?? undefined;
  const hatch = textAt(tableAt(pyproject, 'tool', 'hatch', 'version'), 'path');
  const pdm = textAt(tableAt(pyproject, 'tool', 'pdm', 'version'), 'path');
  const flit = flitModule(pyproject);
  return [
    textAt(dynamic, 'attr') === null ? null : attributeText(textAt(dynamic, 'attr') ?? '', files, where),
    textAt(dynamic, 'file') === null ? null : fileText(textAt(dynamic, 'file') ?? '', files),
    ...[hatch, pdm].map((path) => (path === null ? null : assignedVersion(files.text(plain(path)), null))),
    flit === null ? null : attributeText(`${flit}.__version__`, files, undefined),
  ];
}

function fileText(path: string, files: SdistFiles): string | null {
  return files.text(plain(path.split(',', 1)[0] ?? ''))?.trim() ?? null;
}

/** `pkg.module.NAME`, below the root of the packages or `src`. */
function attributeText(attribute: string, files: SdistFiles, packageRoot: string | undefined): string | null {
  const parts = attribute.split('.');
  const name = parts.pop() ?? '';
  const module = parts.join('/');
  const roots = [...(packageRoot === undefined ? [] : [`${plain(packageRoot)}/`]), '', 'src/'];
  for (const root of roots) {
    for (const path of [`${root}${module}.py`, `${root}${module}/__init__.py`]) {
      const found = assignedVersion(files.text(path), name);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The text that a line assigns to a name; null for a name: `__version__`, `VERSION` or `version`, as hatch has it. */
function assignedVersion(text: string | null, name: string | null): string | null {
  for (const line of (text ?? '').split(/\r?\n/u)) {
    const [, found = '', value = ''] = /^(\w+)[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*['"]([^'"]+)['"]/u.exec(line) ?? [];
    if (name === null ? /^(?:__version__|version)$/iu.test(found) : found === name) return value;
  }
  return null;
}

/** The module of a project of flit, whose version it is. */
function flitModule(pyproject: Toml): string | null {
  const backend = textAt(tableAt(pyproject, 'build-system'), 'build-backend');
  if (backend !== 'flit_core.buildapi' && backend !== 'flit.buildapi') return null;
  const module =
    textAt(tableAt(pyproject, 'tool', 'flit', 'module'), 'name') ??
    textAt(tableAt(pyproject, 'tool', 'flit', 'metadata'), 'module') ??
    textAt(tableAt(pyproject, 'project'), 'name');
  return module?.replaceAll('-', '_') ?? null;
}

function flitName(pyproject: Toml): string | null {
  const metadata = tableAt(pyproject, 'tool', 'flit', 'metadata');
  return textAt(metadata, 'dist-name') ?? textAt(metadata, 'module');
}

function whyUnknown(pyproject: Toml, files: SdistFiles): string {
  const tools = ['setuptools_scm', 'setuptools-scm', 'versioneer', 'poetry-dynamic-versioning', 'vcs-versioning'];
  const table = tableAt(pyproject, 'tool');
  const tool = tools.find((name) => Object.hasOwn(table, name));
  if (tool !== undefined) return `it is computed by ${tool}`;
  const backend = textAt(tableAt(pyproject, 'build-system'), 'build-backend');
  if (backend !== null) return `it is computed by ${backend}`;
  return files.kind('setup.py') === 'file' ? 'setup.py computes it' : 'no file states it';
}

function plain(path: string): string {
  return path.replace(/^(?:\.\/)+/u, '').replace(/\/$/u, '');
}
