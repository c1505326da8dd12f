import { CONFIG_PROGRAMS } from '../classify/config-programs.ts';
import { libraryAttribute } from '../classify/native-lookup.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { type Requirement, tryParseRequirement } from '../pep/requirement.ts';
import { formatSpecifierSet } from '../pep/specifier.ts';
import type { Cause, Finding, Stage } from './finding.ts';
import { projectsOfBuildModule, projectsOfModule } from './module-projects.ts';
import { projectOfHeader, projectOfProgram, toolAttribute } from './program-tables.ts';
import type { AddedList, Proposal, ProposedChange } from './proposal.ts';
import { goneModule } from './standard-modules.ts';

/** What is known of the package that failed. */
export interface ProposeContext {
  /** PEP 503 name. */
  readonly project: string;
  readonly version: string | null;
  /** Names of what its expression takes as inputs, in PEP 503 form. */
  readonly inputs: ReadonlySet<string>;
  /** The modules that it has itself, as far as its expression names them. */
  readonly ownModules: readonly string[];
  /** Whether the project (PEP 503 name) is in the repository or in its package set. */
  readonly isKnown: (project: string) => boolean;
  /** Whether the project is in the repository, so that a rule changes it. */
  readonly isOurs: (project: string) => boolean;
}

/**
 * The rules that a finding asks for, the most probable first; none where the log does not prove what would help. Each goes by itself: a second one is for where the
 * first has not helped.
 */
export function proposalsFor(finding: Finding, context: ProposeContext): readonly Proposal[] {
  const { cause, stage } = finding;
  switch (cause.kind) {
    case 'module':
      return proposalsForModule(cause, stage, context);
    case 'requirement':
      return proposalsForRequirement(cause, stage, context);
    case 'library':
      return proposalsForLibrary(cause, context);
    case 'program':
      return proposalsForProgram(cause.name, stage, context);
    case 'tests':
      return proposalsForTests(cause, context);
    case 'removed':
      return rules(context.project, [{ kind: 'add', list: cause.list, entries: [cause.name] }]);
    case 'version':
      return proposalsForVersion(cause, context);
    case 'scm-version':
      return context.version === null
        ? []
        : rules(context.project, [{ kind: 'env', name: 'SETUPTOOLS_SCM_PRETEND_VERSION', value: context.version }]);
    default:
      return [];
  }
}

/** Plugins that tell a build its version, by the backend that goes on without them; the usual one first. */
const VERSION_PLUGINS: readonly (readonly [string, readonly string[]])[] = [
  ['setuptools', ['setuptools-scm', 'pbr', 'setuptools-git-versioning']],
  ['poetry-core', ['poetry-dynamic-versioning']],
];

/** A build that was told no version makes one up: `0.0.0`, `0.0.0.dev0`, `0.0.0.post1`, `0`, `0.1.dev0+unknown`. */
function proposalsForVersion(
  { built }: Extract<Cause, { readonly kind: 'version' }>,
  { project, version, inputs }: ProposeContext,
): readonly Proposal[] {
  if (!/^0(?:\.0){0,2}(?:$|[^.\d]|\.(?:dev|post))|unknown/u.test(built)) return [];
  if (inputs.has('setuptools-scm') && version !== null)
    return rules(project, [{ kind: 'env', name: 'SETUPTOOLS_SCM_PRETEND_VERSION', value: version }]);
  return VERSION_PLUGINS.filter(([backend]) => inputs.has(backend))
    .flatMap(([, plugins]) => plugins.filter((plugin) => !inputs.has(plugin)))
    .flatMap((plugin) => rules(project, [{ kind: 'add', list: 'build-system', entries: [plugin] }]));
}

/** The list that brings a Python project to where it was missed. */
const LIST_OF_STAGE: Readonly<Record<Stage, AddedList>> = {
  evaluate: 'build-system',
  source: 'build-system',
  build: 'build-system',
  install: 'dependencies',
  imports: 'dependencies',
  tests: 'nativeCheckInputs',
};

function proposalsForModule(
  { module, inside }: Extract<Cause, { readonly kind: 'module' }>,
  stage: Stage,
  context: ProposeContext,
): readonly Proposal[] {
  const owner = inside === null ? context.project : normalizeName(inside);
  const isOther = owner !== context.project;
  if (isOther && !context.isOurs(owner)) return [];
  if (!isOther && isOwn(module, context)) return [];
  const gone = goneModule(module);
  if (gone !== null && gone.project === null) return [];
  // What installed code misses it misses when it runs, of whatever package it is; tests may need more than that.
  const isInstalled = inside !== null && stage !== 'tests';
  const list = isOther || isInstalled ? 'dependencies' : LIST_OF_STAGE[stage === 'install' ? 'build' : stage];
  const find = list === 'build-system' ? projectsOfBuildModule : projectsOfModule;
  const projects = gone === null ? find(module, context.isKnown) : [gone.project ?? ''];
  return projects
    .filter((project) => project !== owner)
    .flatMap((project) => rules(owner, [{ kind: 'add', list, entries: [project] }]));
}

/** Whether the package itself has the module, so that no input brings it. */
function isOwn(module: string, { project, ownModules }: ProposeContext): boolean {
  const [top = module] = module.split('.');
  return (
    normalizeName(top) === project || ownModules.some((own) => own.split('.')[0] === top && !isNamespace(own, module))
  );
}

/** `zope.event` is not a part of the `zope.interface` that is built. */
function isNamespace(own: string, module: string): boolean {
  return own.includes('.') && module.includes('.') && own.split('.')[1] !== module.split('.')[1];
}

function proposalsForRequirement(
  { requirement: written, found, isMissing }: Extract<Cause, { readonly kind: 'requirement' }>,
  stage: Stage,
  context: ProposeContext,
): readonly Proposal[] {
  const requirement = tryParseRequirement(written);
  if (requirement === null || requirement.url !== null || requirement.name === context.project) return [];
  const isThere = found !== null || (!isMissing && context.inputs.has(requirement.name));
  const list = LIST_OF_STAGE[stage];
  if (!isThere) return rules(context.project, [{ kind: 'add', list, entries: [entryOf(requirement)] }]);
  if (list === 'dependencies')
    return rules(context.project, [{ kind: 'add', list: 'pythonRelaxDeps', entries: [requirement.name] }]);
  if (list === 'build-system') return relaxedBuild(written, requirement, context);
  return [];
}

/** As a rule states it, without marker. */
function entryOf({ name, extras, specifier }: Requirement): string {
  return `${name}${extras.length === 0 ? '' : `[${extras.join(',')}]`}${formatSpecifierSet(specifier)}`;
}

/** A bound of a build requirement is in pyproject.toml as the check of the build tells it. */
function relaxedBuild(
  written: string,
  { spelled, extras, specifier }: Requirement,
  { project }: ProposeContext,
): readonly Proposal[] {
  if (specifier.length === 0 || !/^[\w.<>=!~, [\]*-]{1,200}$/u.test(written)) return [];
  const bare = `${spelled}${extras.length === 0 ? '' : `[${extras.join(',')}]`}`;
  const pattern = written.replace(/[.*[\]]/gu, '\\$&').replace(/\s+/gu, ' *');
  return rules(project, [{ kind: 'postPatch', script: `sed -i 's/${pattern}/${bare}/' pyproject.toml` }]);
}

function proposalsForLibrary(
  { language, name }: Extract<Cause, { readonly kind: 'library' }>,
  context: ProposeContext,
): readonly Proposal[] {
  const { project, inputs } = context;
  if (language === 'load') return [];
  const python = language === 'header' ? projectOfHeader(name) : null;
  if (python !== null) return rules(project, [{ kind: 'add', list: 'build-system', entries: [python] }]);
  const attribute = language === 'link' ? attributeOfLink(name) : libraryAttribute(language, name);
  if (typeof attribute !== 'string' || inputs.has(normalizeName(attribute))) return [];
  return rules(project, [{ kind: 'add', list: 'buildInputs', entries: [attribute] }]);
}

/**
 * The attribute of a library by the name that a linker or a loader tells, which may have a version or a part behind it: `yaml-0` is of libyaml, `MagickWand-6.Q16` of
 * ImageMagick, `virt-lxc` of libvirt.
 */
function attributeOfLink(name: string): string | null {
  for (let start = name; start !== ''; start = start.replace(/[-_.]?[^-_.]*$/u, '')) {
    const attribute = libraryAttribute('link', start);
    if (attribute !== undefined) return attribute;
  }
  return null;
}

function proposalsForProgram(name: string, stage: Stage, { project, inputs }: ProposeContext): readonly Proposal[] {
  const python = projectOfProgram(name);
  if (python !== null) return rules(project, [{ kind: 'add', list: LIST_OF_STAGE[stage], entries: [python] }]);
  const config = CONFIG_PROGRAMS.get(name);
  if (config !== undefined) {
    return rules(project, [
      { kind: 'add', list: 'nativeBuildInputs', entries: [config.tool] },
      { kind: 'add', list: 'buildInputs', entries: [config.library] },
    ]);
  }
  const attribute = toolAttribute(name);
  if (attribute === null || inputs.has(normalizeName(attribute))) return [];
  return stage === 'tests'
    ? rules(project, [{ kind: 'add', list: 'nativeCheckInputs', entries: [`system:${attribute}`] }])
    : rules(project, [{ kind: 'add', list: 'nativeBuildInputs', entries: [attribute] }]);
}

/** More failing tests than these say that something is wrong with all of them. */
const MOST_DISABLED = 20;

/** Only tests that are told by name, only where most others passed, and only for pytest: unittest has no such list. */
function proposalsForTests(
  { tests, passed, runner }: Extract<Cause, { readonly kind: 'tests' }>,
  { project }: ProposeContext,
): readonly Proposal[] {
  if (runner !== 'pytest' || tests.length > MOST_DISABLED || passed === null || passed < tests.length) return [];
  const names = [...new Set(tests.flatMap(({ name }) => (name === null ? [] : [name])))].sort();
  const files = [...new Set(tests.flatMap(({ file, name }) => (name === null && file !== null ? [file] : [])))].sort();
  const changes: ProposedChange[] = [];
  if (names.length > 0) changes.push({ kind: 'add', list: 'disabledTests', entries: names });
  if (files.length > 0) changes.push({ kind: 'add', list: 'disabledTestPaths', entries: files });
  return changes.length === 0 ? [] : rules(project, changes);
}

function rules(project: string, changes: readonly ProposedChange[]): readonly Proposal[] {
  const isWritable = changes.every(
    (change) => change.kind !== 'add' || !PROJECT_LISTS.has(change.list) || change.entries.every(namesProject),
  );
  return isProjectName(project) && isWritable ? [{ project, changes }] : [];
}

const PROJECT_LISTS: ReadonlySet<AddedList> = new Set(['build-system', 'dependencies', 'pythonRelaxDeps']);

function namesProject(entry: string): boolean {
  return tryParseRequirement(entry) !== null;
}
