import { sortedUnique } from '../base/text.ts';
import type { CoreMetadata } from '../pep/core-metadata.ts';
import { crateModule, declaredPackages } from './declared-packages.ts';
import { installedModules } from './modules.ts';
import type { PyprojectReading } from './pyproject.ts';
import type { SdistFiles } from './sdist-files.ts';
import type { SetupCfgReading } from './setup-cfg.ts';
import type { SetupScriptReading } from './setup-script.ts';

/** What tells which modules an sdist installs. */
export interface ModuleReadings {
  readonly files: SdistFiles;
  readonly pyproject: PyprojectReading | null;
  readonly setupScript: SetupScriptReading | null;
  readonly setupCfg: SetupCfgReading | null;
  readonly topLevel: readonly string[];
  /** `Import-Namespace` of the metadata. */
  readonly namespaces: readonly string[];
}

/** `Import-Name` of metadata 2.5 (PEP 794); null where it says nothing. */
export function statedModules(metadata: CoreMetadata | null): string[] | null {
  const names = metadata?.importNames ?? null;
  if (metadata === null || names === null || metadata.dynamic.includes('import-name')) return null;
  // A namespace is shared with other projects, so that importing it tells nothing of this one.
  const own = names.filter((name) => !metadata.importNamespaces.includes(name));
  return own.length === 0 ? null : sortedUnique(own);
}

/** The modules that follow from the files and the configuration of a project, whose PEP 503 name is `project`. */
export function modulesOf(readings: ModuleReadings, project: string): string[] {
  const { files, pyproject, setupScript, setupCfg, topLevel, namespaces } = readings;
  const known = [setupScript?.packages, setupScript?.pyModules].flatMap((reading) =>
    reading?.kind === 'known' ? reading.value : [],
  );
  const declared = declaredPackages(pyproject?.tool ?? {}, pyproject?.facts?.buildBackend ?? null);
  const all = installedModules({
    paths: new Set(files.paths),
    project,
    topLevel,
    namespaces,
    declared: [...known, ...(setupCfg?.pyModules ?? []), ...(setupCfg?.packages ?? []), ...declared.packages],
    searchesToo: setupCfg?.searches === true || declared.searches,
    packageDir: new Map([...(setupCfg?.packageDir ?? []), ...(setupScript?.packageDir ?? []), ...declared.packageDir]),
    extensions: setupScript?.extensionNames ?? [],
    text: files.text,
  });
  const isFound = (name: string): boolean => declared.isFound(name) && setupCfg?.isFound(name) !== false;
  const stated = [...declared.packages, ...(setupCfg?.packages ?? []), ...(setupCfg?.pyModules ?? [])];
  const searched = all.filter((name) => isFound(name) || stated.includes(name));
  const found = searched.length > 0 ? searched : all;
  const crate = found.length > 0 || pyproject?.facts?.buildBackend !== 'maturin' ? null : files.text('Cargo.toml');
  const module = crate === null ? null : crateModule(crate);
  return module === null ? found : [module];
}
