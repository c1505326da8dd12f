import * as v from 'valibot';
import { normalPath } from '../python/file-paths.ts';
import type { PythonFiles } from '../python/machine.ts';
import { parsedFile } from '../python/parsed-file.ts';
import type { PythonSource } from '../python/syntax.ts';
import type { Place, Reading } from '../release-facts.ts';
import { testCommands } from '../test-commands.ts';
import { cmakeDefines, cmakeFolder, mesonOptionsOf } from './build-arguments.ts';
import { askedFeatures, cargoManifest, readCargo } from './cargo.ts';
import { cffiLibraries } from './cffi-sources.ts';
import { readCmake } from './cmake.ts';
import { type CollectedNative, copyFinder } from './collect-native.ts';
import { readExternal } from './external.ts';
import { readMeson } from './meson.ts';
import { counts, type NativeEvidence, type NativeFacts, type NativeTool, strongest } from './native-facts.ts';
import { configPrograms, pkgConfigModules } from './pkg-config-calls.ts';
import { bundledProjects, folderOf, isAside, isBundled, liesIn } from './source-paths.ts';

/** What readNative() looks at. */
export interface NativeSources {
  readonly paths: readonly string[];
  readonly collected: CollectedNative;
  /** Files at the root of the sdist that Python runs: setup.py and what it may import. */
  readonly files: PythonFiles & { readonly paths: readonly string[] };
  /** The table `tool` of pyproject.toml. */
  readonly tool: Readonly<Record<string, unknown>>;
  /** The table `external` of pyproject.toml and where it stands. */
  readonly external: { readonly table: unknown; readonly place: Place } | null;
  readonly hookRequires: Reading<readonly string[]>;
  /** `build-system.backend-path`. */
  readonly backendPath: readonly string[];
}

/** Puts together what an sdist says about code that is compiled; which of it matters is for the classification, which knows the backend. */
export function readNative(sources: NativeSources): NativeFacts {
  const { paths, collected, files, tool } = sources;
  const text = (path: string) => collected.texts.get(path) ?? null;
  const meson = text('meson.build') === null ? null : readMeson(text, mesonOptionsOf(tool));
  const setupText = files.text('setup.py');
  const cmake = readCmake(text, cmakeDefines(tool), cmakeFolder(tool, setupText));
  const external = sources.external === null ? null : readExternal(sources.external.table, sources.external.place);
  const setup = setupText === null ? null : parsedFile(files, 'setup.py', setupText);
  const cargo = readCargo(
    cargoManifest({ tool, setup, texts: collected.texts }),
    collected.texts,
    askedFeatures(tool, setup),
  );
  const python = pythonEvidence(files, sources.backendPath);
  const evidence = [
    ...python.evidence,
    ...extensionTables(tool),
    ...(meson?.evidence ?? []),
    ...cmake.evidence,
    ...(external?.evidence ?? []),
    ...cargo.evidence,
    ...headerEvidence(paths, collected),
    ...(usesCythonize(files)
      ? [...collected.directives].map(
          ([name, place]): NativeEvidence => ({ kind: 'link', name, when: 'always', ...place }),
        )
      : []),
    ...[...collected.loads].map(([name, place]): NativeEvidence => ({ kind: 'load', name, when: 'always', ...place })),
  ];
  return {
    evidence: strongest(evidence).slice(0, MAX_EVIDENCE),
    tools: firstOfEach([...python.tools, ...(meson?.tools ?? []), ...cmake.tools, ...(external?.tools ?? [])]),
    downloads: cmake.downloads.slice(0, MAX_LISTED),
    unread: [...(meson?.unread ?? []), ...cmake.unread].slice(0, MAX_LISTED),
    cargoLock: cargo.lock,
    otherCargoLocks: [...collected.texts.keys()].filter(
      (path) => /(?:^|\/)Cargo\.lock$/u.test(path) && path !== cargo.lock?.path,
    ),
    cargoManifest: cargo.manifest,
    sources: sourceCounts(paths),
    ...hookFacts(sources.hookRequires),
  };
}

function hookFacts(
  reading: Reading<readonly string[]>,
): Pick<NativeFacts, 'hookRequires' | 'hookUnread' | 'hookPlace'> {
  if (reading.kind === 'known') return { hookRequires: reading.value, hookPlace: reading.place };
  return reading.kind === 'absent'
    ? { hookRequires: null }
    : { hookRequires: null, hookUnread: { ...reading.place, why: reading.why } };
}

/** Whether setup.py, or a program beside it, has Cython make its extensions. */
function usesCythonize(files: NativeSources['files']): boolean {
  return files.paths.some((path) => /^[^/]+\.py$/u.test(path) && /\bcythonize\b/u.test(files.text(path) ?? ''));
}

const MAX_EVIDENCE = 1000;
const MAX_LISTED = 50;

/** What setup.py, and the other programs at the root and those that build modules of cffi, ask for. */
function pythonEvidence(
  files: NativeSources['files'],
  backendPath: readonly string[],
): { evidence: NativeEvidence[]; tools: NativeTool[] } {
  const isOfBackend = (path: string): boolean => backendPath.some((folder) => folderOf(path) === normalPath(folder));
  const evidence: NativeEvidence[] = [];
  const tools: NativeTool[] = [];
  for (const path of inOrderOfUse(files)) {
    if (!path.endsWith('.py') || isAside(path)) continue;
    const text = files.text(path);
    if (text === null) continue;
    if (path === 'setup.py' || isOfBackend(path)) tools.push(...programsRun(parsedFile(files, path, text)));
    if (!/_config|-config|pkgconfig|set_source|\.verify\(|swig/iu.test(text)) continue;
    const source = parsedFile(files, path, text);
    evidence.push(...cffiLibraries(source));
    // Of the programs in folders only backends and those that build modules of cffi take part in the build.
    if (path.includes('/') && !isOfBackend(path) && !/\bset_source\b/u.test(text)) continue;
    evidence.push(...pkgConfigModules(source));
    tools.push(...configPrograms(source));
    const swig = text.split('\n').findIndex((line) => /["']swig[\w-]*["']|\bswig_opts\b|\.i["']/u.test(line));
    if (swig >= 0) tools.push({ name: 'swig', when: 'always', file: path, line: swig + 1 });
  }
  return { evidence, tools };
}

/** What a build program runs by name to make a part of the package, or asks about a library. */
const PROGRAMS: ReadonlySet<string> = new Set([
  ...['bison', 'cmake', 'dot', 'flex', 'msgfmt', 'nasm', 'proj', 'protoc', 'yasm'],
]);

function programsRun({ path, text, root }: PythonSource): NativeTool[] {
  // What texts and comments tell is not run.
  const isCode = (at: number): boolean => !/^(?:Format)?String$|^Comment$/u.test(root.resolveInner(at, 1).name);
  return testCommands(path, text, { programs: PROGRAMS, isCode }).map(({ command, ...place }) => ({
    name: command,
    when: 'always',
    ...place,
  }));
}

/** setup.py, the modules beside it that it imports, and all others: what several of them name is told of the one that is nearest to the build. */
function inOrderOfUse(files: NativeSources['files']): readonly string[] {
  const setup = files.text('setup.py') ?? '';
  const imported = (path: string): boolean =>
    !path.includes('/') && new RegExp(`\\b(?:import|from) +${path.slice(0, -3)}\\b`, 'u').test(setup);
  const isWord = (path: string): boolean => /^\w+\.py$/u.test(path);
  const rank = (path: string): number => (path === 'setup.py' ? 0 : isWord(path) && imported(path) ? 1 : 2);
  return files.paths.filter((path) => path.endsWith('.py')).sort((a, b) => rank(a) - rank(b));
}

const ExtModules = v.looseObject({
  'ext-modules': v.optional(v.array(v.looseObject({ libraries: v.optional(v.array(v.string()), []) })), []),
});

/** `libraries` of `[[tool.setuptools.ext-modules]]`. */
function extensionTables(tool: Readonly<Record<string, unknown>>): NativeEvidence[] {
  const decoded = v.safeParse(ExtModules, tool.setuptools);
  if (!decoded.success) return [];
  return decoded.output['ext-modules'].flatMap(({ libraries }) =>
    libraries.map((name): NativeEvidence => ({ kind: 'link', name, when: 'always', file: 'pyproject.toml' })),
  );
}

/** Headers from outside, and those of which the sdist has a copy in another folder. */
function headerEvidence(paths: readonly string[], { headers }: CollectedNative): NativeEvidence[] {
  const copyOf = copyFinder(paths);
  const projects = bundledProjects(paths);
  const evidence: NativeEvidence[] = [];
  for (const { header, file, line, when, condition } of headers.values()) {
    const bundled = copyOf(header);
    const isOwn = bundled !== null && (folderOf(bundled) === folderOf(file) || !counts(when));
    if (isOwn || liesIn(file, projects)) continue;
    evidence.push({
      kind: 'header',
      name: header,
      when,
      file,
      line,
      ...(condition === undefined ? {} : { condition }),
      ...(bundled === null ? {} : { bundled }),
    });
  }
  return evidence;
}

function firstOfEach(tools: readonly NativeTool[]): NativeTool[] {
  const byName = new Map<string, NativeTool>();
  for (const tool of tools)
    if (!byName.has(tool.name) || tool.when === 'always')
      byName.set(tool.name, byName.get(tool.name)?.when === 'always' ? (byName.get(tool.name) ?? tool) : tool);
  return [...byName.values()].slice(0, MAX_LISTED);
}

/** Kinds of sources that say which tools a build needs. */
const KINDS = /\.(pyx|i|f|f77|f90|f95|rs|c|cc|cpp|cxx|pyf)$/iu;

function sourceCounts(paths: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const kind = KINDS.exec(path)?.[1]?.toLowerCase();
    if (kind !== undefined && !isAside(path) && !isBundled(path)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
