import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { compareText, joinWords } from '../../base/text.ts';
import { EXIT, throwAll, UserError, userErrorsOf } from '../../base/user-error.ts';
import { normalizeName } from '../../pep/name.ts';
import type { Requirement } from '../../pep/requirement.ts';
import type { RequirementsDemand } from '../../pep/requirements-demands.ts';
import {
  type PlacedText,
  parseRequirementsFile,
  type RequirementLine,
  type RequirementsFile,
} from '../../pep/requirements-file.ts';
import { parseTarget, type RequirementTarget } from '../../pep/requirements-target.ts';
import type { GitAddress, SourceAddress } from '../../pep/source-address.ts';
import { holdsSomewhere } from '../../resolve/scope.ts';
import {
  type DirectPlace,
  type DirectRequirement,
  directRequirement,
  namedRequirement,
} from '../direct/requirement.ts';
import { sameAddress } from '../direct/same-address.ts';
import type { DirectSource } from '../direct/source.ts';
import type { ResolvingOptions } from '../options.ts';
import type { RunTargets } from '../run/targets.ts';
import { type CommandContext, openWorld } from '../world.ts';
import type { StatedPython } from './project-python.ts';
import { includedName, readRequirementsText } from './requirements-text.ts';

/** All that was asked for, from arguments and files. */
export interface RequestedProjects<Options extends ResolvingOptions = ResolvingOptions> {
  /** In order; `url` is the text of an address (`formatSourceAddress`) where one is named. */
  readonly requirements: readonly Requirement[];
  /** Limits on versions, or addresses. */
  readonly constraints: readonly Requirement[];
  /** By PEP 503 name: the sha256 digests that a requirements file admits. */
  readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
  /** A requirements file says `--require-hashes`: every run-time project needs an entry in `hashes`. */
  readonly hashesRequired: boolean;
  /** By PEP 503 name: the addresses of requirements and constraints, for `withDirectSources`. */
  readonly direct: ReadonlyMap<string, SourceAddress>;
  /** Sources that had to be read to learn their names. */
  readonly sources: readonly DirectSource[];
  /** What the projects of `-p` files say of requires-python. */
  readonly requiresPython: readonly StatedPython[];
  /** The options with what requirements files say of indexes and pre-releases added. */
  readonly options: Options;
  readonly notes: readonly Note[];
}

/**
 * Reads the requirements of a command line: arguments first, then those of `-p` files and of `-r` files in order. All faults are reported together. What is named by
 * address alone (`./dir`, `git+https://...`) is read for its name.
 * @throws UserError E_INVALID_REQUIREMENT, E_INVALID_ADDRESS, E_CREDENTIALS_IN_ADDRESS, E_BAD_REQUIREMENTS_FILE, E_HASH_NOT_CHECKED (exit 65), E_CONFLICTING_URLS (1), E_CANNOT_READ (74), what
 * `projectFileRequirements` and `readDirectSource` throw, and E_USAGE (2) when files ask for nothing.
 */
export async function requestedProjects<Options extends ResolvingOptions>(
  options: Options,
  {
    commits = [],
    tellsExcluded = true,
    ...context
  }: CommandContext & {
    readonly targets: RunTargets;
    /** Commits that branches and tags keep when they are asked for again. */
    readonly commits?: readonly GitAddress[];
    /** Whether notes tell of interpreters that a project of `-p` excludes. */
    readonly tellsExcluded?: boolean;
  },
): Promise<RequestedProjects<Options>> {
  const faults = faultCollector();
  const projects = await readProjectFiles(options, { context, faults });
  const files: RequirementsFile[] = [];
  for (const constraints of [false, true])
    for (const file of constraints ? options.constraintFiles : options.requirementFiles)
      files.push(...(await faults.attempt(() => readRequirementsFile(file, { context, constraints }))));

  const folder = context.directory;
  const asked: Asked[] = [];
  const ask = async (target: () => RequirementTarget, place: DirectPlace, line: RequirementLine | null = null) => {
    asked.push(...(await faults.attempt(async () => withCommit(await askedFor(target(), place, line), commits))));
  };
  for (const text of options.requirements) await ask(() => parseTarget(text), { folder });
  for (const project of projects)
    for (const requirement of project.requirements)
      await ask(() => ({ kind: 'requirement', requirement }), { folder: project.folder });
  for (const line of files.flatMap((file) => file.requirements))
    await ask(() => line, { folder, editable: line.editable, where: `${line.file}:${line.line}: ` }, line);
  const constraints: Asked[] = [];
  for (const line of files.flatMap((file) => file.constraints)) {
    const place = { folder, where: `${line.file}:${line.line}: ` };
    constraints.push(...(await faults.attempt(() => askedFor(line, place, line))));
  }
  faults.add(...[...asked, ...constraints].flatMap(({ line }) => (line === null ? [] : uncheckableHashes(line))));
  faults.throwAll();
  if (asked.length === 0 && options.lock === null) throw nothingAsked(options);

  const changed = await withFileOptions(options, files, folder);
  const sources = await readUnnamed(asked, { options: changed, context });
  const direct = directOf([...asked, ...constraints], sources);
  const named = (each: Asked) => requirementOf(each, { sources, direct });
  const requirements = asked.map(named);
  const limits = constraints.map(named);
  const hashes = (lines: readonly Asked[], all: readonly Requirement[]) =>
    hashesOf(
      lines.map(({ line }, index) => ({ line, requirement: all[index] })),
      context.targets,
    );
  return {
    requirements,
    constraints: limits,
    hashes: admittedByBoth(hashes(asked, requirements), hashes(constraints, limits)),
    hashesRequired: files.some((file) => file.requireHashes),
    direct,
    sources: [...sources.values()],
    options: changed,
    requiresPython: projects.flatMap(({ requiresPython }) => requiresPython ?? []),
    notes: [
      ...projects.flatMap((project) => [...project.notes, ...(tellsExcluded ? project.excludedNotes : [])]),
      ...files.flatMap((file) => file.notes),
    ],
  };
}

/** A requirement by name or by address, and the line of a file that it stands in. */
interface Asked {
  readonly plain: Requirement | null;
  readonly direct: DirectRequirement | null;
  readonly line: RequirementLine | null;
}

async function askedFor(target: RequirementTarget, place: DirectPlace, line: RequirementLine | null): Promise<Asked> {
  const direct = await directRequirement(target, place);
  if (direct !== null) return { plain: null, direct, line };
  if (target.kind !== 'requirement') throw new Error('a path or URL is an address');
  return { plain: target.requirement, direct: null, line };
}

/** A branch or tag that had a commit before has it still. */
function withCommit(asked: Asked, commits: readonly GitAddress[]): Asked {
  const { direct } = asked;
  if (direct?.address.kind !== 'git' || direct.address.commit !== null) return asked;
  const { address } = direct;
  const known = commits.find(
    ({ url, revision, subdirectory }) =>
      url === address.url && revision === address.revision && subdirectory === address.subdirectory,
  );
  return known === undefined
    ? asked
    : { ...asked, direct: { ...direct, address: { ...address, commit: known.commit } } };
}

type Sources = ReadonlyMap<DirectRequirement, DirectSource>;

/** Reads what only its content names. */
async function readUnnamed(
  asked: readonly Asked[],
  { options, context }: { options: ResolvingOptions; context: CommandContext },
): Promise<Sources> {
  const unnamed = asked.flatMap(({ direct }) => (direct === null || direct.name !== null ? [] : [direct]));
  if (unnamed.length === 0) return new Map();
  // Loaded only then, with the parser of Python that it brings.
  const { readDirectSource } = await import('../direct/source.ts');
  const world = await openWorld(options, context);
  try {
    const faults = faultCollector();
    const reading = { world, command: context, offline: options.offline, name: null };
    const read = await Promise.all(
      unnamed.map((direct) =>
        faults.attempt(async () => [direct, await readDirectSource(direct.address, reading)] as const),
      ),
    );
    faults.throwAll();
    return new Map(read.flat());
  } finally {
    await world.close();
  }
}

/** All requirements on a project have the same text of its address, however each was written (`-e`, a digest). */
function requirementOf(
  { plain, direct }: Asked,
  known: { readonly sources: Sources; readonly direct: ReadonlyMap<string, SourceAddress> },
): Requirement {
  if (plain !== null) return plain;
  if (direct === null) throw new Error('a requirement has a name or an address');
  const name = nameOf(direct, known.sources);
  return namedRequirement({ ...direct, address: known.direct.get(name) ?? direct.address }, name);
}

function nameOf(direct: DirectRequirement, sources: Sources): string {
  const name = direct.name ?? sources.get(direct)?.release.name;
  if (name === undefined) throw new Error('an address without a name was not read');
  return name;
}

function directOf(asked: readonly Asked[], sources: Sources): Map<string, SourceAddress> {
  const addresses = new Map<string, SourceAddress>();
  for (const { direct } of asked) {
    if (direct === null) continue;
    const name = nameOf(direct, sources);
    const known = addresses.get(name);
    const either = known === undefined ? direct.address : sameAddress(known, direct.address);
    if (either === null)
      throw new UserError('E_CONFLICTING_URLS', `${name} is asked for from two different addresses`, {
        hint: `give one address for ${name} in all requirements`,
      });
    addresses.set(name, either);
  }
  return addresses;
}

interface FaultCollector {
  /** The result of an action as a list of one, or none after a fault. */
  attempt<T>(action: () => T | Promise<T>): Promise<T[]>;
  add(...errors: readonly UserError[]): void;
  throwAll(): void;
}

function faultCollector(): FaultCollector {
  const errors: UserError[] = [];
  return {
    async attempt(action) {
      try {
        return [await action()];
      } catch (thrown) {
        const faults = userErrorsOf(thrown);
        if (faults === undefined) throw thrown;
        errors.push(...faults);
        return [];
      }
    },
    add: (...more) => {
      errors.push(...more);
    },
    throwAll: () => throwAll(errors),
  };
}

async function readProjectFiles(
  options: ResolvingOptions,
  { context, faults }: { context: CommandContext & { readonly targets: RunTargets }; faults: FaultCollector },
) {
  if (options.projectFiles.length === 0) return [];
  const { projectFileRequirements } = await import('./pyproject-requirements.ts');
  const { directory, targets } = context;
  const reading = { groups: options.groups, directory, targets };
  const read = await Promise.all(
    options.projectFiles.map((argument) => faults.attempt(() => projectFileRequirements(argument, reading))),
  );
  const projects = read.flat();
  const missing = options.groups.filter((group) => !projects.some(({ groups }) => groups.has(normalizeName(group))));
  // A file that could not be read may have had it.
  if (missing.length > 0 && projects.length === options.projectFiles.length)
    faults.add(
      new UserError(
        'E_BAD_DEPENDENCY_GROUP',
        `${joinWords(options.projectFiles)} ${projects.length === 1 ? 'has' : 'have'} no dependency group ${joinWords(missing, 'or')}`,
        { exit: EXIT.data, hint: 'look at [dependency-groups] in pyproject.toml' },
      ),
    );
  return projects;
}

function nothingAsked({ requirementFiles, projectFiles }: ResolvingOptions): UserError {
  const files = joinWords([...projectFiles, ...requirementFiles]);
  return new UserError('E_USAGE', `no requirement is given: ${files} asks for nothing`, {
    exit: EXIT.usage,
    hint: 'name at least one project, for example: pypi2nix toolz',
  });
}

/** A demand that would not be looked at must not seem to be met. */
function uncheckableHashes(line: RequirementLine): UserError[] {
  if (line.hashes.length === 0 || line.hashes.some(({ algorithm }) => algorithm === 'sha256')) return [];
  const algorithms = [...new Set(line.hashes.map(({ algorithm }) => algorithm))].sort(compareText);
  const message = `${line.file}:${line.line}: only sha256 is checked, and this requirement has --hash of ${joinWords(algorithms)} alone`;
  return [
    new UserError('E_HASH_NOT_CHECKED', message, {
      exit: EXIT.data,
      hint: 'add the sha256 of the archive with --hash=sha256:..., as `pip hash FILE` prints it',
    }),
  ];
}

/** Of each project the digests that some line which holds on the targets admits. */
function hashesOf(
  lines: readonly { readonly line: RequirementLine | null; readonly requirement: Requirement | undefined }[],
  { environments }: RunTargets,
): Map<string, Set<string>> {
  const hashes = new Map<string, Set<string>>();
  for (const { line, requirement } of lines) {
    if (requirement === undefined || !holdsSomewhere(requirement.marker, environments, '')) continue;
    const { name } = requirement;
    for (const { algorithm, digest } of line?.hashes ?? []) {
      if (algorithm !== 'sha256') continue;
      hashes.set(name, (hashes.get(name) ?? new Set()).add(digest.toLowerCase()));
    }
  }
  return hashes;
}

/** As in pip, where lines of constraints have digests too, both have to admit a file. */
function admittedByBoth(
  asked: ReadonlyMap<string, ReadonlySet<string>>,
  limits: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const both = new Map([...limits, ...asked]);
  for (const [name, digests] of limits) {
    const others = asked.get(name);
    if (others !== undefined) both.set(name, new Set([...others].filter((digest) => digests.has(digest))));
  }
  return both;
}

/** Indexes that a file names hold unless the command line says otherwise, as in pip. */
async function withFileOptions<Options extends ResolvingOptions>(
  options: Options,
  files: readonly RequirementsFile[],
  folder: string,
): Promise<Options> {
  const links = files.flatMap((file) => file.findLinks);
  const indexUrl = files.map((file) => file.indexUrl?.value ?? null).findLast((value) => value !== null) ?? null;
  return {
    ...options,
    indexUrl: options.indexUrl ?? indexUrl,
    extraIndexUrls: [
      ...options.extraIndexUrls,
      ...files.flatMap((file) => file.extraIndexUrls.map(({ value }) => value)),
    ],
    findLinks: [...options.findLinks, ...(await Promise.all(links.map((link) => besideItsFile(link, folder))))],
    noIndex: options.noIndex || files.some((file) => file.noIndex),
    pre: options.pre || files.some((file) => file.prereleases),
  };
}

/** As pip has it: what lies beside the file, else what the working directory or the web has. */
async function besideItsFile({ value, file }: PlacedText, folder: string): Promise<string> {
  const beside = path.resolve(folder, path.dirname(file), value);
  return (await exists(beside)) ? beside : value;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** `--only-binary` and `--no-binary` are told as notes: `--format` says what the expressions are made from. */
const FOLLOWED: ReadonlySet<RequirementsDemand> = new Set(['no-index', 'require-hashes']);

async function readRequirementsFile(
  file: string,
  { context, constraints }: { context: CommandContext; constraints: boolean },
): Promise<RequirementsFile> {
  const { directory, environment: variables } = context;
  return parseRequirementsFile(await readRequirementsText(file, directory), {
    constraints,
    follows: FOLLOWED,
    variables,
    read: (reference, includedBy) => readRequirementsText(includedName(reference, includedBy), directory),
  });
}
