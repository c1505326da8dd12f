import { sortedUnique } from '../base/text.ts';
import { normalizeName } from '../pep/name.ts';
import { normalPath } from './python/file-paths.ts';

/** What is known about the modules that an sdist installs. Every field may be empty. */
export interface ModuleEvidence {
  /** All files. */
  readonly paths: ReadonlySet<string>;
  /** PEP 503 name of the project. */
  readonly project: string;
  /** Lines of top_level.txt of the egg-info. */
  readonly topLevel: readonly string[];
  /** Packages and modules that the configuration names. */
  readonly declared: readonly string[];
  /** Packages are looked for in the tree beside what is declared; missing: they are not. */
  readonly searchesToo?: boolean;
  /** Folder by package name, `` for the root package. */
  readonly packageDir: ReadonlyMap<string, string>;
  /** Names that the metadata calls namespaces (PEP 794), whatever their files; missing: none. */
  readonly namespaces?: readonly string[];
  /** Full names of extension modules. */
  readonly extensions: readonly string[];
  /** Text of a small file; null where it was not kept. */
  readonly text: (path: string) => string | null;
}

/** Of top_level.txt; real ones have a few. */
const MAX_NAMES = 50;

/** Folders and files at the root that are about the project, not of it. */
const NOT_INSTALLED =
  /^(?:tests?|testing|docs?|documentation|examples?|samples?|demos?|benchmarks?|bench|tools|scripts?|bin|ci|build|dist|utils?|extras?|misc|vendor|third_party|website|tasks|noxfile|setup|setupinfo|conftest|versioneer|ez_setup|distribute_setup|runtests|fabfile|manage|tests?_.*|.*_tests?)$/iu;

/** Folders that a build makes: of namespaces setuptools takes them for packages where they lay there when the sdist was made. */
const MADE_BY_BUILDS = /^(?:build|dist)$/u;

/**
 * The importable names that the installed package has: top-level packages and modules, for a namespace package its first real one
 * (`backports.tarfile`). What the sdist declares comes first, else the tree of its files tells.
 */
export function installedModules(evidence: ModuleEvidence): string[] {
  const roots = rootsOf(evidence);
  const inTree = roots.flatMap((root) => modulesBelow(evidence.paths, root));
  // A private one is imported by the package, if it is there on the platform at all.
  const extensions = evidence.extensions.filter((name) => /^[A-Za-z]\w*$/u.test(name));
  const searched =
    evidence.searchesToo === true && evidence.declared.length > 0
      ? inTree.filter((name) => hasPackage(evidence.paths, roots, name) && !isBesides(evidence, name))
      : [];
  const stated = evidence.topLevel.length > 0 ? evidence.topLevel : topNames([...evidence.declared, ...searched]);
  if (stated.length > 0) {
    const names = stated
      .slice(0, MAX_NAMES)
      .filter((name) => isModuleName(name) && !isTestModule(name) && !isBareNamespace(evidence, roots, name))
      .filter((name) => stated.length === 1 || inTree.includes(name) || !MADE_BY_BUILDS.test(name))
      .filter((name) => !stated.some((other) => inTree.includes(other)) || !isOfNothing(evidence, name))
      .map((name) => realModule(evidence, roots, name));
    const open = names.filter((name) => !name.startsWith('_') || inTree.length === 0);
    // A private module that no file makes is compiled, and where nothing else is installed it is what users import.
    const known = open.length > 0 ? open : names.filter((name) => !inTree.includes(name));
    if (known.length > 0) return sortedUnique([...known, ...extensions]);
  }
  const found = inTree.filter((name) => !isBesides(evidence, name) && !name.startsWith('_') && isModuleName(name));
  const own = found.filter((name) => normalizeName(name) === evidence.project);
  // A file at the root beside a package of the project's name is a script of its makers.
  const packages = found.filter((name) => hasPackage(evidence.paths, roots, name));
  const chosen = packages.length > 0 ? sortedUnique([...packages, ...own]) : own.length > 0 ? own : found;
  const names = chosen.map((name) => realModule(evidence, roots, name));
  return sortedUnique([...(names.length > 0 ? names : namespaceModules(evidence, roots)), ...extensions]);
}

/** A name that is usual for what is not installed, and is no part of the project's own name. */
function isBesides({ project }: ModuleEvidence, name: string): boolean {
  return (
    NOT_INSTALLED.test(name) && normalizeName(name) !== project && !project.split('-').includes(normalizeName(name))
  );
}

/** The folders that packages lie in: the root, src/, and where package_dir says. */
function rootsOf({ paths, packageDir }: ModuleEvidence): string[] {
  const declared = packageDir.get('');
  const named = [...packageDir].flatMap(([name, folder]) => {
    const path = normalPath(folder);
    return name !== '' && path.endsWith(name.replaceAll('.', '/'))
      ? [path.slice(0, -name.length).replace(/\/$/u, '')]
      : [];
  });
  if (declared !== undefined) return sortedUnique([normalPath(declared), ...named]);
  const hasSource = [...paths].some(
    (path) => /^src\/[^/]+(?:\/__init__\.py|\.py)$/u.test(path) || /^src\/[^/]+\/[^/]+\/__init__\.py$/u.test(path),
  );
  return sortedUnique([hasSource ? 'src' : '', ...named]);
}

function modulesBelow(paths: ReadonlySet<string>, root: string): string[] {
  const prefix = root === '' ? '' : `${root}/`;
  return [...paths].flatMap((path) => {
    if (!path.startsWith(prefix)) return [];
    const rest = path.slice(prefix.length);
    return /^([^/.]+)(?:\/__init__\.pyx?|\.py)$/u.exec(rest)?.[1] ?? [];
  });
}

function hasPackage(paths: ReadonlySet<string>, roots: readonly string[], name: string): boolean {
  return roots.some((root) => paths.has(joined(root, `${name}/__init__.py`)));
}

/** A namespace package (a folder without `__init__.py`, or one that only makes the namespace) has no content of its own. */
function realModule(evidence: ModuleEvidence, roots: readonly string[], name: string): string {
  for (const root of roots) {
    const folder = joined(root, name.replaceAll('.', '/'));
    const init = `${folder}/__init__.py`;
    const isShared = evidence.namespaces?.includes(name) === true;
    const isPackage = evidence.paths.has(init) && !isShared && !isNamespace(evidence.text(init));
    const isCompiled = evidence.paths.has(`${init}x`) && !isShared;
    if (isPackage || isCompiled || evidence.paths.has(`${folder}.py`)) return name;
    const inner = modulesBelow(evidence.paths, folder)
      .filter((module) => !module.startsWith('_') && !isBesides(evidence, module))
      .sort()[0];
    const below = inner === undefined ? null : `${name}.${inner}`;
    if (below !== null)
      return evidence.namespaces?.includes(below) === true ? realModule(evidence, [root], below) : below;
  }
  return name;
}

/** An `__init__.py` that only makes the namespace, as pkg_resources and pkgutil have it. */
function isNamespace(text: string | null): boolean {
  if (text === null || !/declare_namespace|extend_path/u.test(text)) return false;
  return text.split('\n').filter((line) => /^\s*[^#\s]/u.test(line)).length <= 8;
}

/** A name that the project's own begins with and that has no file: `ruamel` of ruamel-yaml-clib, whose one module is compiled. */
function isBareNamespace(
  { paths, project, extensions }: ModuleEvidence,
  roots: readonly string[],
  name: string,
): boolean {
  if (!project.startsWith(`${normalizeName(name)}-`) || extensions.includes(name)) return false;
  return !roots.some((root) =>
    [...paths].some((path) => path === joined(root, `${name}.py`) || path.startsWith(joined(root, `${name}/`))),
  );
}

/** A name of which a project without compiled sources has no file of Python anywhere: setuptools took a folder that lay there for a namespace, and installs nothing of it. */
function isOfNothing({ paths, extensions }: ModuleEvidence, name: string): boolean {
  if (extensions.length > 0) return false;
  const all = [...paths];
  const isOf = (path: string): boolean =>
    path === `${name}.py` || path.endsWith(`/${name}.py`) || path.split('/').includes(name);
  return !all.some((path) => COMPILED_SOURCE.test(path) || (/\.pyi?$/u.test(path) && isOf(path)));
}

const COMPILED_SOURCE = /\.(?:c|cc|cpp|cxx|f|f90|go|pyx|rs|so|pyd|swg)$/iu;

/** Packages two levels down, for projects such as `backports.tarfile` without any declaration. */
function namespaceModules(evidence: ModuleEvidence, roots: readonly string[]): string[] {
  const wanted = evidence.project.replaceAll('-', '.');
  const found = roots.flatMap((root) =>
    [...evidence.paths].flatMap((path) => {
      const rest = root === '' ? path : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : '';
      const match = /^([^/.]+)\/([^/.]+)(?:\/__init__)?\.py$/u.exec(rest);
      return match === null || isBesides(evidence, match[1] ?? '') ? [] : [`${match[1]}.${match[2]}`];
    }),
  );
  const own = found.filter((name) => name.replaceAll('_', '.') === wanted);
  // A folder such as lib/ that holds the package of the project's name is no namespace.
  const below = found.filter((name) => {
    const [folder = '', module = ''] = name.split('.');
    return normalizeName(module) === evidence.project && normalizeName(folder) !== evidence.project;
  });
  if (own.length === 0 && below.length > 0) return below.slice(0, 1).map((name) => name.replace(/^[^.]*\./u, ''));
  const open = found.filter((name) => !name.includes('._')).sort();
  return (own.length > 0 ? own : open).slice(0, 1);
}

function topNames(names: readonly string[]): string[] {
  return sortedUnique(names.map((name) => name.split('.', 1)[0] ?? name));
}

function isModuleName(name: string): boolean {
  return /^[^\W\d]\w*(?:\.[^\W\d]\w*)*$/u.test(name);
}

function isTestModule(name: string): boolean {
  return /^(?:tests?|docs?|examples?|benchmarks?)$/iu.test(name);
}

function joined(root: string, path: string): string {
  return root === '' ? path : `${root}/${path}`;
}
