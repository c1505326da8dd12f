import type { ArchiveMember } from '../archive/read-archive.ts';
import { joinWords, oneLine } from '../base/text.ts';
import { userErrorsOf } from '../base/user-error.ts';
import { type CoreMetadata, descriptionOf, parseCoreMetadata } from '../pep/core-metadata.ts';
import { normalizeName } from '../pep/name.ts';
import { collectMembers, notAnSdist } from './collect-members.ts';
import { crateModule, declaredPackages } from './declared-packages.ts';
import { parseEggRequires } from './egg-info.ts';
import { licenceSentences } from './licence-sentences.ts';
import { installedModules } from './modules.ts';
import { hookRequires } from './native/hook-requires.ts';
import { readNative } from './native/read-native.ts';
import { readNox } from './nox.ts';
import { ownModules } from './own-modules.ts';
import { type PyprojectReading, readPyproject } from './pyproject.ts';
import type { Place, SdistFacts } from './release-facts.ts';
import { readRequirementFiles } from './requirement-files.ts';
import { type SdistFiles, sdistFiles } from './sdist-files.ts';
import { readSetupCfg, type SetupCfgReading } from './setup-cfg.ts';
import { readSetupScript, type SetupScriptReading } from './setup-script.ts';
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
  const setupScript = setupText === null ? null : readSetupScript('setup.py', setupText, files);
  const setupCfgText = files.text('setup.cfg');
  const setupCfg = setupCfgText === null ? null : readSetupCfg(setupCfgText, files);
  const requirements = readRequirementFiles(files.paths, files.text);
  const tox = readTox({ text: files.text, table: pyproject?.tool.tox });
  const nox = readNox(files);
  unknowns.push(
    ...(pyproject?.unknowns ?? []),
    ...(setupScript?.unknowns ?? []),
    ...requirements.unknowns,
    ...tox.unknowns,
  );

  const egg = eggInfo(files, project.name);
  const readings: Readings = { files, pyproject, setupScript, setupCfg, topLevel: egg.topLevel };
  const modules = modulesOf(readings, project);
  return {
    coreMetadata: pkgInfo === null ? null : coreMetadata(pkgInfo, unknowns),
    licenceSentences: licenceSentences(pkgInfo === null ? null : descriptionOf(pkgInfo)),
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
      evidence: {
        pytest: pytestConfiguration({ text: files.text, table: pyproject?.tool.pytest }),
        commands: `${tox.commands}\n${nox.commands}`,
      },
    }),
    modules,
    licenceFiles: collected.licences,
    cargoLocks: files.paths.filter((path) => /(?:^|\/)Cargo\.lock$/u.test(path)),
    buildFiles: files.paths.filter((path) => path === 'meson.build' || path === 'CMakeLists.txt'),
    native: readNative({
      paths: files.paths,
      collected: collected.native,
      files,
      tool: pyproject?.tool ?? {},
      external: pyproject?.external ?? null,
      hookRequires: hookRequires(pyproject?.facts ?? null, files),
    }),
    unknowns,
  };
}

interface Readings {
  readonly files: SdistFiles;
  readonly pyproject: PyprojectReading | null;
  readonly setupScript: SetupScriptReading | null;
  readonly setupCfg: SetupCfgReading | null;
  readonly topLevel: readonly string[];
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

/** The egg-info folder of this project, at the root or below one folder (src/). */
function eggInfo(files: SdistFiles, project: string) {
  const folders = new Map<string, string>();
  for (const path of files.paths) {
    const match = /^((?:[^/]+\/)?([^/]+)\.egg-info)\/[^/]+$/u.exec(path);
    if (match?.[1] !== undefined && normalizeName(match[2] ?? '') === project) folders.set(match[1], project);
  }
  const [folder] = folders.keys();
  if (folder === undefined) return { requires: null, isThere: false, topLevel: [] };
  const file = `${folder}/requires.txt`;
  const text = files.text(file);
  const topLevel = (files.text(`${folder}/top_level.txt`) ?? '').split(/\s+/u).filter((name) => name !== '');
  return { requires: text === null ? null : { file, groups: parseEggRequires(text) }, isThere: true, topLevel };
}

function modulesOf({ files, pyproject, setupScript, setupCfg, topLevel }: Readings, project: SdistProject): string[] {
  const known = [setupScript?.packages, setupScript?.pyModules].flatMap((reading) =>
    reading?.kind === 'known' ? reading.value : [],
  );
  const declared = declaredPackages(pyproject?.tool ?? {}, pyproject?.facts?.buildBackend ?? null);
  const found = installedModules({
    paths: new Set(files.paths),
    project: project.name,
    topLevel,
    declared: [...known, ...(setupCfg?.pyModules ?? []), ...declared.packages],
    packageDir: new Map([...(setupCfg?.packageDir ?? []), ...(setupScript?.packageDir ?? []), ...declared.packageDir]),
    extensions: setupScript?.extensionNames ?? [],
    text: files.text,
  });
  const crate = found.length > 0 || pyproject?.facts?.buildBackend !== 'maturin' ? null : files.text('Cargo.toml');
  const module = crate === null ? null : crateModule(crate);
  return module === null ? found : [module];
}
