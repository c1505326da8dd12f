import { oneLine, sortedUnique } from '../base/text.ts';
import { normalizeName } from '../pep/name.ts';
import { placeOfLibraryCode, placeOfLibraryWord } from './python/build-class.ts';
import { mayHoldOnPyPy, mayHoldOnUnix } from './python/condition-marker.ts';
import { evaluateSetup } from './python/evaluate-setup.ts';
import { joinPath } from './python/file-paths.ts';
import { importedModules, topLevelImports } from './python/import-scan.ts';
import type { PythonFiles, SetupCall } from './python/machine.ts';
import { parsedFile } from './python/parsed-file.ts';
import {
  because,
  groupsReading,
  reading,
  requirementsReading,
  textReading,
  textsReading,
} from './python/setup-keywords.ts';
import { leadingComment, type PythonSource } from './python/syntax.ts';
import type { Unknown } from './python/value.ts';
import type { ImportStatement, Place, Reading, SetupFacts, SetupScriptFacts } from './release-facts.ts';
import { extensionLibraries, extensionNames, hasExtensions } from './setup-extensions.ts';

/** What setup.py says, and what it says about the modules that it installs. */
export interface SetupScriptReading {
  readonly facts: SetupScriptFacts;
  readonly packages: Reading<readonly string[]>;
  readonly pyModules: Reading<readonly string[]>;
  /** Folder by package name, `` for the root package. */
  readonly packageDir: ReadonlyMap<string, string>;
  readonly extensionNames: readonly string[];
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

/** What is known around a setup.py. */
export interface SetupSurroundings {
  /** PEP 503 names of projects that are there to be imported: those that `build-system.requires` names. */
  readonly installed?: ReadonlySet<string>;
  /** All paths of the sdist. */
  readonly paths?: readonly string[];
}

/** Reads a setup.py by its syntax tree; nothing is run. `files` are those of the sdist. */
export function readSetupScript(
  path: string,
  text: string,
  files: PythonFiles,
  { installed = new Set(), paths = [] }: SetupSurroundings = {},
): SetupScriptReading {
  const source = parsedFile(files, path, text);
  const { call, others, failure, opened, searched } = evaluateSetup(source, files, installed);
  const found = { source, files, opened, searched, paths, installed };
  if (call === null || source.failure !== null)
    return readCall({
      ...found,
      others: [],
      call: missingCall(path, source.failure ?? failure ?? 'no call of setup() is reached'),
    });
  try {
    return readCall({ ...found, others, call });
  } catch (error) {
    // A list that holds itself, for example.
    if (!(error instanceof RangeError)) throw error;
    return readCall({ ...found, others: [], call: missingCall(path, 'its data is nested too deeply') });
  }
}

interface Evaluated {
  readonly source: PythonSource;
  readonly files: PythonFiles;
  readonly opened: readonly string[];
  /** Folders of the sdist that its modules were looked for in. */
  readonly searched: readonly string[];
  readonly paths: readonly string[];
  readonly installed: ReadonlySet<string>;
  readonly call: SetupCall;
  readonly others: readonly SetupCall[];
}

function readCall({ source, files, opened, searched, paths, installed, call, others }: Evaluated): SetupScriptReading {
  const declared = withOtherCalls(setupFacts(call), others);
  const setup = { ...declared, libraries: withBuildClasses(source, declared, files) };
  const header = oneLine(leadingComment(source));
  const foreign = topLevelImports(source).filter(({ module }) => !isOwn(files, module, searched));
  const doubtOf = doubts({ source, paths, installed });
  const doubtful = foreign.flatMap((one) => doubtOf(one) ?? []);
  const different = others.find((other) => requirementsOf(other) !== requirementsOf(call));
  return {
    facts: {
      ...setup,
      imports: eachOnce(foreign.filter((one) => doubtOf(one) === null)),
      filesRead: requirementSources(opened, files, setup),
      header: /licen[cs]e|copyright/iu.test(header) ? header.slice(0, 2000) : null,
      ...([call, ...others].some(({ when }) => mayHoldOnPyPy(when)) ? {} : { unreachedOnPyPy: call.place }),
    },
    packages: textsReading(call, 'packages'),
    pyModules: textsReading(call, 'py_modules'),
    packageDir: packageDir(call),
    extensionNames: extensionNames(call),
    unknowns: [
      ...doubtful,
      ...(different === undefined
        ? []
        : [{ ...different.place, what: 'setup()', why: 'a second call states other requirements; the first is read' }]),
    ],
  };
}

/** Where the call names no libraries, and another that is reached may name some in a way that is not known, that is not known either. */
function withOtherCalls(setup: SetupFacts, others: readonly SetupCall[]): SetupFacts {
  if (setup.libraries.kind !== 'absent') return setup;
  const open = others
    .filter(({ when }) => mayHoldOnUnix(when))
    .map((other) => linkedNames(other).libraries)
    .find(({ kind }) => kind === 'unknown');
  return open === undefined ? setup : { ...setup, libraries: open };
}

/** What two calls are compared by. */
function requirementsOf(call: SetupCall): string {
  const readings = [
    requirementsReading(call, 'install_requires'),
    requirementsReading(call, 'setup_requires'),
    groupsReading(call, 'extras_require'),
  ];
  return JSON.stringify(readings.map((reading) => (reading.kind === 'known' ? reading.value : reading.kind)));
}

function missingCall(file: string, why: string): SetupCall {
  const place = { file };
  return {
    place,
    when: { kind: 'always' },
    keywords: new Map(),
    rest: { kind: 'unknown', why, place },
    heap: new Map(),
  };
}

function setupFacts(call: SetupCall): SetupFacts {
  return {
    installRequires: orElse(requirementsReading(call, 'install_requires'), () =>
      requirementsReading(call, 'requires_dist'),
    ),
    setupRequires: requirementsReading(call, 'setup_requires'),
    testsRequire: requirementsReading(call, 'tests_require'),
    extrasRequire: groupsReading(call, 'extras_require'),
    pythonRequires: textReading(call, 'python_requires'),
    license: textReading(call, 'license'),
    classifiers: textsReading(call, 'classifiers'),
    url: textReading(call, 'url'),
    description: textReading(call, 'description'),
    consoleScripts: consoleScripts(call),
    ...linkedNames(call),
    hasExtensions: hasExtensions(call),
  };
}

function linkedNames(call: SetupCall): Pick<SetupFacts, 'libraries' | 'libraryMarkers' | 'libraryPlaces'> {
  const { libraries, markers, places } = extensionLibraries(call);
  return {
    libraries,
    ...(markers.size === 0 ? {} : { libraryMarkers: Object.fromEntries(markers) }),
    ...(libraries.kind === 'known' && places.size > 0 ? { libraryPlaces: Object.fromEntries(places) } : {}),
  };
}

function orElse<T>(first: Reading<T>, second: () => Reading<T>): Reading<T> {
  return first.kind === 'absent' ? second() : first;
}

/** Where no extension names a library, a class of setup.py, or a module beside it that it imports, may add some while it builds. */
function withBuildClasses(source: PythonSource, setup: SetupFacts, files: PythonFiles): SetupFacts['libraries'] {
  if (!setup.hasExtensions || setup.libraries.kind !== 'absent') return setup.libraries;
  const place = placeOfLibraryCode(source);
  if (place !== null) return { kind: 'unknown', place, why: 'a class of setup.py sets the libraries while it builds' };
  for (const { module } of importedModules(source)) {
    const path = `${module}.py`;
    const text = files.text(path);
    const beside = text?.includes('libraries') === true ? placeOfLibraryWord(parsedFile(files, path, text)) : null;
    if (beside !== null)
      return {
        kind: 'unknown',
        place: beside,
        why: `${path}, which setup.py imports, sets the libraries while it builds`,
      };
  }
  return setup.libraries;
}

/** `entry_points={'console_scripts': ['name = module:function']}`, also as the text of an INI file. */
function consoleScripts(call: SetupCall): Reading<readonly string[]> {
  return reading(call, 'entry_points', (value, place): readonly string[] | Unknown | null => {
    if (value.kind === 'none') return null;
    if (value.kind === 'string') return scriptNames(iniSection(value.value, 'console_scripts'));
    const table = value.kind === 'ref' ? call.heap.get(value.id) : undefined;
    if (table?.kind !== 'table') return because(value, place, 'is no dictionary that can be known');
    const slot = table.slots.get('console_scripts');
    if (slot === undefined) return table.rest ?? null;
    const lines = textsReading({ ...call, keywords: new Map([['console_scripts', slot]]) }, 'console_scripts');
    if (lines.kind === 'known') return scriptNames(lines.value);
    return lines.kind === 'unknown' ? { kind: 'unknown', why: lines.why, place: lines.place } : null;
  });
}

/** name "=" module ":" function */
export function scriptNames(lines: readonly string[]): string[] {
  const names = lines.filter((line) => line.includes('=')).map((line) => line.slice(0, line.indexOf('=')).trim());
  return sortedUnique(names);
}

function iniSection(text: string, wanted: string): string[] {
  let section = '';
  return text.split('\n').filter((line) => {
    if (line.trim().startsWith('[')) section = line.trim().slice(1, -1).trim();
    return section === wanted;
  });
}

function packageDir(call: SetupCall): Map<string, string> {
  const folders = new Map<string, string>();
  const value = call.keywords.get('package_dir')?.value;
  const table = value?.kind === 'ref' ? call.heap.get(value.id) : undefined;
  if (table?.kind !== 'table') return folders;
  for (const [name, slot] of table.slots) if (slot.value.kind === 'string') folders.set(name, slot.value.value);
  return folders;
}

/** Of the files that were read, those whose lines became requirements. */
function requirementSources(opened: readonly string[], files: PythonFiles, setup: SetupFacts): string[] {
  const requirements = new Set<string>();
  const groups = setup.extrasRequire.kind === 'known' ? Object.values(setup.extrasRequire.value) : [];
  for (const list of [setup.installRequires, setup.setupRequires, setup.testsRequire]) {
    if (list.kind === 'known') for (const text of list.value) requirements.add(text);
  }
  for (const text of groups.flat()) requirements.add(text);
  return opened
    .filter((path) => !path.endsWith('.py'))
    .filter((path) =>
      (files.text(path) ?? '').split('\n').some((line) => requirements.has(line.replace(/(?:^|\s)#.*/u, '').trim())),
    )
    .toSorted();
}

/** One statement for each module; one without a guard says most. */
function eachOnce(imports: readonly ImportStatement[]): ImportStatement[] {
  const byModule = new Map<string, ImportStatement>();
  for (const one of imports) {
    const before = byModule.get(one.module);
    if (before === undefined || (before.guarded && !one.guarded)) byModule.set(one.module, one);
  }
  return [...byModule.values()];
}

/** Whether a module is of the sdist itself: it lies at the root, in src/, or in a folder that setup.py puts on `sys.path`. */
function isOwn(files: PythonFiles, module: string, searched: readonly string[]): boolean {
  const root = topOf(module);
  return ['', 'src', ...searched].some((folder) =>
    [`${root}.py`, root].some((name) => files.kind(joinPath(folder, name)) !== null),
  );
}

/**
 * Tells of an import what leaves open whose module it is; null: nothing does. Where setup.py changes `sys.path` in a way that was not followed, and the sdist has a module of
 * that name somewhere, it may be that one, or a project that must be there.
 */
function doubts({
  source,
  paths,
  installed,
}: Pick<Evaluated, 'source' | 'paths' | 'installed'>): (
  one: ImportStatement,
) => SetupScriptReading['unknowns'][number] | null {
  const changesPath = /\bsys\.path\b|\baddsitedir\b/u.test(source.text);
  const own = changesPath ? modulesBelowFolders(paths) : new Map<string, string>();
  return ({ module, file, line }) => {
    const root = topOf(module);
    const path = own.get(root);
    if (path === undefined || installed.has(normalizeName(root))) return null;
    const why = `it may be ${oneLine(path)}, since setup.py changes sys.path`;
    return { file, ...(line === undefined ? {} : { line }), what: `whose module ${root} is`, why };
  };
}

/** The first path of each module that lies in a folder, by its name. */
function modulesBelowFolders(paths: readonly string[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (const path of paths) {
    const name = /\/([^/]+)(?:\/__init__)?\.py$/u.exec(path)?.[1];
    if (name !== undefined && !byName.has(name)) byName.set(name, path);
  }
  return byName;
}

function topOf(module: string): string {
  return (module.split('.', 1)[0] ?? '').replaceAll('/', '');
}
