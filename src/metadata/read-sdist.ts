import type { ArchiveMember } from '../archive/read-archive.ts';
import { joinWords, oneLine } from '../base/text.ts';
import { userErrorsOf } from '../base/user-error.ts';
import { type CoreMetadata, descriptionOf, parseCoreMetadata } from '../pep/core-metadata.ts';
import { normalizeName } from '../pep/name.ts';
import { type Requirement, tryParseRequirement } from '../pep/requirement.ts';
import { type BackendRequires, backendRequires } from './backend-requires.ts';
import { collectMembers, notAnSdist } from './collect-members.ts';
import { parseEggRequires } from './egg-info.ts';
import { importNeeds } from './import-needs.ts';
import { licenceNotices } from './licence-notices.ts';
import { licenceSentences } from './licence-sentences.ts';
import { lineOfField, metadataLines } from './metadata-lines.ts';
import { moduleOrigins } from './module-origins.ts';
import { hookRequires } from './native/hook-requires.ts';
import { readNative } from './native/read-native.ts';
import { readNox } from './nox.ts';
import { ownModules } from './own-modules.ts';
import { type PyprojectReading, readPyproject } from './pyproject.ts';
import type { Place, SdistFacts } from './release-facts.ts';
import { readRequirementFiles } from './requirement-files.ts';
import { type SdistFiles, sdistFiles } from './sdist-files.ts';
import { type ModuleReadings, modulesOf, statedModules } from './sdist-modules.ts';
import { readSetupCfg } from './setup-cfg.ts';
import { readSetupScript } from './setup-script.ts';
import { pytestConfiguration } from './test-configuration.ts';
import { testFacts } from './test-files.ts';
import { readTox } from './tox.ts';

/** The release that an sdist is of. */
export interface SdistProject {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: string;
  /** For messages. */
  readonly filename: string;
}

type Unknowns = (Place & { what: string; why: string })[];

/**
 * Reads an sdist in one pass over its members; nothing of it is run. Memory stays bounded: the texts of small files that say something are
 * kept, all others are passed over. Throws UserError E_NOT_AN_SDIST (exit 65) for an archive without a single root folder, or
 * with neither PKG-INFO, pyproject.toml nor setup.py; errors of the archive pass. What cannot be read is told in the facts.
 */
export async function readSdist(members: AsyncIterable<ArchiveMember>, project: SdistProject): Promise<SdistFacts> {
  const collected = await collectMembers(members, project.filename);
  const files = sdistFiles(collected.paths, collected.texts);
  const unknowns: Unknowns = [...collected.unknowns];
  if (!['PKG-INFO', 'pyproject.toml', 'setup.py'].some((path) => files.kind(path) === 'file')) {
    const there = files.list('').slice(0, 8).map(oneLine);
    throw notAnSdist(
      project.filename,
      `it has no PKG-INFO, pyproject.toml or setup.py; there is ${joinWords(there) || 'nothing'}`,
    );
  }
  const pkgInfo = files.text('PKG-INFO');
  const pyprojectText = files.text('pyproject.toml');
  const pyproject = pyprojectText === null ? null : readPyproject(pyprojectText, files);
  const setupText = files.text('setup.py');
  const importable = { ...files, text: (path: string) => files.text(path) ?? collected.modules.get(path) ?? null };
  const surroundings = { installed: requiredProjects(pyproject), paths: files.paths };
  const setupScript = setupText === null ? null : readSetupScript('setup.py', setupText, importable, surroundings);
  const setupCfgText = files.text('setup.cfg');
  const setupCfg = setupCfgText === null ? null : readSetupCfg(setupCfgText, files);
  const requirements = readRequirementFiles(files.paths, files.text);
  const tox = readTox({ text: files.text, table: pyproject?.tool.tox });
  const nox = readNox(files, pyproject?.facts?.dependencyGroups);
  const ofHooks = hookRequires(pyproject?.facts ?? null, importable);
  const ofTables = tableRequires(pyproject, pyprojectText ?? '');
  unknowns.push(
    ...(pyproject?.unknowns ?? []),
    ...(setupScript?.unknowns ?? []),
    ...requirements.unknowns,
    ...tox.unknowns,
    ...nox.unknowns,
    ...ofTables.unknowns,
  );

  const egg = eggInfo(files, project.name);
  const metadata = pkgInfo === null ? null : coreMetadata(pkgInfo, unknowns);
  const namespaces = metadata?.importNamespaces ?? [];
  const readings: ModuleReadings = { files, pyproject, setupScript, setupCfg, topLevel: egg.topLevel, namespaces };
  const modules = statedModules(metadata) ?? modulesOf(readings, project.name);
  return {
    coreMetadata: metadata,
    ...requiresDistLine(pkgInfo),
    ...(pkgInfo === null ? {} : { fieldLines: metadataLines(pkgInfo) }),
    licenceSentences: [
      ...licenceSentences(pkgInfo === null ? null : descriptionOf(pkgInfo)),
      ...licenceNotices(modules, { paths: files.paths, text: importable.text }),
    ],
    pyproject: pyproject?.facts ?? null,
    setupScript: setupScript?.facts ?? null,
    setupCfg: setupCfg?.facts ?? null,
    eggRequires: egg.requires,
    hasEggInfo: egg.isThere,
    requirementFiles: requirements.files,
    toxDeps: tox.deps,
    noxDeps: nox.deps,
    tests: testFacts(collected.tests, collected.testCount, {
      isOwn: ownModules({
        paths: files.paths,
        installed: [...modules, ...egg.topLevel, ...(setupScript?.extensionNames ?? [])],
        backendPath: pyproject?.facts?.backendPath ?? [],
      }),
      isFile: (path) => files.kind(path) === 'file',
      scripts: scriptsOf({ pyproject, setupScript, setupCfg }),
      evidence: {
        pytest: pytestConfiguration({ text: files.text, table: pyproject?.tool.pytest }),
        commands: `${tox.commands}\n${nox.commands}\n${wheelTestCommand(pyproject?.tool.cibuildwheel)}`,
      },
    }),
    modules,
    ...uncompiledPackages(modules, { paths: files.paths, extensions: setupScript?.extensionNames ?? [] }),
    moduleOrigins: moduleOrigins(modules, {
      paths: files.paths,
      importName: statedModules(metadata) === null ? null : importNameLine(pkgInfo),
      topLevel: egg.topLevel.length === 0 ? null : { file: egg.topLevelFile, names: egg.topLevel },
      declared: [
        { what: 'packages of setup()', reading: setupScript?.packages },
        { what: 'py_modules of setup()', reading: setupScript?.pyModules },
      ],
    }),
    importNeeds: importNeeds(modules, { paths: files.paths, text: importable.text }),
    licenceFiles: collected.licences,
    compiledBytes: collected.compiledBytes,
    cargoLocks: files.paths.filter((path) => /(?:^|\/)Cargo\.lock$/u.test(path)),
    buildFiles: files.paths.filter((path) => path === 'meson.build' || path === 'CMakeLists.txt'),
    native: readNative({
      paths: files.paths,
      collected: collected.native,
      files,
      tool: pyproject?.tool ?? {},
      external: pyproject?.external ?? null,
      backendPath: pyproject?.facts?.backendPath ?? [],
      hookRequires: ofHooks.kind === 'absent' ? ofTables.requires : ofHooks,
    }),
    unknowns,
  };
}

/** What the tables of a known backend ask for; nothing for a backend in the sdist, which is read itself. */
function tableRequires(pyproject: PyprojectReading | null, text: string): BackendRequires {
  const extras = pyproject?.facts?.project?.optionalDependencies;
  const { buildBackend = null, backendPath = [], project } = pyproject?.facts ?? {};
  return backendRequires({
    buildBackend: backendPath.length > 0 ? null : buildBackend,
    tool: pyproject?.tool ?? {},
    dependencies: project?.dependencies ?? { kind: 'absent' },
    extras: extras?.kind === 'known' ? extras.value : {},
    text,
  });
}

/** Names of the console scripts that are stated anywhere. */
function scriptsOf({
  pyproject,
  setupScript,
  setupCfg,
}: Pick<ModuleReadings, 'pyproject' | 'setupScript' | 'setupCfg'>): string[] {
  const readings = [setupScript, setupCfg].flatMap((part) => part?.facts.consoleScripts ?? []);
  const stated = readings.flatMap((reading) => (reading.kind === 'known' ? reading.value : []));
  return [...(pyproject?.facts?.project?.scripts ?? []), ...stated];
}

/**
 * The packages at the root of the sdist with extension modules in them. The sources of these have no compiled modules, and Python finds them before the installed package
 * wherever it is run at the root.
 */
function uncompiledPackages(
  modules: readonly string[],
  { paths, extensions }: { readonly paths: readonly string[]; readonly extensions: readonly string[] },
): Pick<SdistFacts, 'uncompiled'> {
  const uncompiled = modules.filter(
    (module) => extensions.some((name) => name.startsWith(`${module}.`)) && paths.includes(`${module}/__init__.py`),
  );
  return uncompiled.length === 0 ? {} : { uncompiled };
}

/** `test-command` of cibuildwheel: a command, or several. */
function wheelTestCommand(table: unknown): string {
  const command = typeof table === 'object' && table !== null && 'test-command' in table ? table['test-command'] : '';
  return [command]
    .flat()
    .filter((one) => typeof one === 'string')
    .join('\n');
}

/** The projects (PEP 503 names) that are there whenever the build runs; one that several conditions ask for is taken to be asked for by them all. */
function requiredProjects(pyproject: PyprojectReading | null): ReadonlySet<string> {
  const requires = pyproject?.facts?.requires;
  const texts = requires?.kind === 'known' ? requires.value : [];
  const requirements = texts.flatMap((text) => tryParseRequirement(text) ?? []);
  const isAlways = ({ name, marker }: Requirement): boolean =>
    marker === null || requirements.filter((other) => other.name === name).length > 1;
  return new Set(requirements.filter(isAlways).map(({ name }) => name));
}

function coreMetadata(text: string, unknowns: Unknowns): CoreMetadata | null {
  try {
    return parseCoreMetadata(text);
  } catch (error) {
    const [problem] = userErrorsOf(error) ?? [];
    if (problem === undefined) throw error;
    unknowns.push({ file: 'PKG-INFO', what: 'metadata', why: problem.message });
    return null;
  }
}

function requiresDistLine(pkgInfo: string | null): Pick<SdistFacts, 'requiresDistLine'> {
  const at = pkgInfo === null ? -1 : pkgInfo.search(/^Requires-Dist:/imu);
  return at < 0 ? {} : { requiresDistLine: (pkgInfo ?? '').slice(0, at).split('\n').length };
}

/** The egg-info folder of this project, at the root or below one folder (src/). Of several the one at the root: one inside of a package is left from a build there. */
function eggInfo(files: SdistFiles, project: string) {
  const folders = new Map<string, string>();
  for (const path of files.paths) {
    const match = /^((?:[^/]+\/)?([^/]+)\.egg-info)\/[^/]+$/u.exec(path);
    if (match?.[1] !== undefined && normalizeName(match[2] ?? '') === project) folders.set(match[1], project);
  }
  const found = [...folders.keys()];
  const folder = found.find((path) => !path.includes('/')) ?? found[0];
  if (folder === undefined) return { requires: null, isThere: false, topLevel: [], topLevelFile: '' };
  const file = `${folder}/requires.txt`;
  const text = files.text(file);
  const topLevelFile = `${folder}/top_level.txt`;
  const topLevel = (files.text(topLevelFile) ?? '').split(/\s+/u).filter((name) => name !== '');
  return {
    requires: text === null ? null : { file, groups: parseEggRequires(text) },
    isThere: true,
    topLevel,
    topLevelFile,
  };
}

function importNameLine(pkgInfo: string | null): { line?: number } {
  const line = pkgInfo === null ? undefined : lineOfField(metadataLines(pkgInfo), 'import-name');
  return line === undefined ? {} : { line };
}
