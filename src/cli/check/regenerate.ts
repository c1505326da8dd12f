import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../base/user-error.ts';
import { loadOverrides } from '../../overrides/load.ts';
import { parseOverrideFile } from '../../overrides/override-file.ts';
import { readOverrideFolder } from '../../overrides/read-folder.ts';
import type { OverrideRule } from '../../overrides/rule.ts';
import { rulesThatUndo } from '../../overrides/undo.ts';
import { tryParseVersion, type Version } from '../../pep/version.ts';
import { MANIFEST_PATH } from '../../repository/manifest.ts';
import { generate } from '../generate.ts';
import { type GenerateOptions, parseArguments } from '../options.ts';
import { type OverrideFolder, overrideFolders } from '../overrides/override-layers.ts';
import { type RecordedRequest, readRequests } from '../repository/recorded-request.ts';
import { VERSION } from '../version.ts';
import type { CommandContext } from '../world.ts';
import { manifestFolders } from './rule-place.ts';

/**
 * Writes packages of a repository again with the rules that it has now, by the command lines that wrote them: versions stay as they are where they fit, and what a rule
 * adds is generated too. Throws UserError E_NO_REQUEST (exit 1) where nothing tells how a package was generated, and what generating throws.
 */
export async function regeneratePackages(
  folder: string,
  projects: ReadonlySet<string>,
  context: CommandContext,
): Promise<void> {
  if (isManaged(folder)) return regenerateManaged(folder, context);
  const requests = readRequests(folder).filter(({ packages }) => packages.some(({ name }) => projects.has(name)));
  const told = new Set(requests.flatMap(({ packages }) => packages.map(({ name }) => name)));
  const untold = [...projects].filter((name) => !told.has(name));
  if (untold.length > 0) {
    throw new UserError('E_NO_REQUEST', `${folder} does not tell how ${untold.join(', ')} was generated`, {
      hint: 'generate it again into this folder, with -o',
    });
  }
  for (const request of requests) await rerun(folder, request, context);
}

function isManaged(folder: string): boolean {
  return existsSync(path.join(folder, MANIFEST_PATH));
}

/** Throws UserError E_NO_REQUEST (exit 1) for a repository that does not tell how anything of it was generated, before time is spent on it. */
export function refuseUnrecorded(folder: string): void {
  if (isManaged(folder) || readRequests(folder).length > 0) return;
  throw new UserError(
    'E_NO_REQUEST',
    `${folder} does not tell how it was generated, so --fix cannot generate it again`,
    {
      hint: 'generate it once more into this folder, with -o: the command line is then kept in .pypi2nix/requests.json',
    },
  );
}

/**
 * The rules of folders of `--overrides` that undo a rule of the repository: they apply later by the command line that generated its project. What this room generates has the
 * rules of the repository last. None with a manifest: there the place of the rule is chosen so that none does.
 */
export async function outrankingRules(
  folder: string,
  { project, text }: { readonly project: string; readonly text: string },
  context: CommandContext,
): Promise<readonly OverrideRule[]> {
  if (isManaged(folder)) return [];
  const { rules } = parseOverrideFile({ file: `overrides/${project}.toml`, project, text });
  const layers = (await recordedOverrideFolders(folder, project, context)).filter(({ layer }) => layer === 'option');
  const later = loadOverrides(await Promise.all(layers.map((each) => readOverrideFolder(each.folder, each))));
  return rulesThatUndo(rules, later.get(project) ?? []);
}

/** The folders of rules that count for a project of a repository, but for the shipped one. Throws what reading its manifest throws. */
export async function recordedOverrideFolders(
  folder: string,
  project: string,
  context: CommandContext,
): Promise<readonly OverrideFolder[]> {
  const own = { layer: 'repository', folder: ownFolder(folder), label: 'overrides', required: false } as const;
  const others = readRequests(folder)
    .filter(({ packages }) => packages.some(({ name }) => name === project))
    .flatMap((request) => {
      const { options, directory } = parsedRequest(folder, request, context);
      return overrideFolders(options.overrides, { ...context, directory }).filter(({ layer }) => layer !== 'shipped');
    });
  const user = overrideFolders([], { ...context, directory: folder }).filter(({ layer }) => layer === 'user');
  const ofManifest = isManaged(folder) ? await manifestFolders(folder, context) : [];
  const all = [...user, own, ...ofManifest, ...others];
  return all.filter((each, at) => all.findIndex((other) => other.folder === each.folder) === at);
}

interface Place {
  /** The repository. */
  readonly folder: string;
  /** Where its command line was given. */
  readonly directory: string;
  readonly context: CommandContext;
}

/** The rules of folders that undo rules of the repository, by whose own folder they may be followed. */
async function undoing(
  folders: readonly string[],
  { folder, directory, context }: Place,
): Promise<readonly OverrideRule[]> {
  const layers = overrideFolders(folders, { ...context, directory }).filter(
    (each) => each.layer === 'option' && each.folder !== ownFolder(folder),
  );
  if (layers.length === 0) return [];
  const repository = loadOverrides([
    await readOverrideFolder(ownFolder(folder), { label: 'overrides', required: false }),
  ]);
  const later = loadOverrides(await Promise.all(layers.map((each) => readOverrideFolder(each.folder, each))));
  return [...repository].flatMap(([project, rules]) => rulesThatUndo(rules, later.get(project) ?? []));
}

/** Whether the rules of the repository apply last by a command line. */
function isLast(folders: readonly string[], { folder, directory }: Place): boolean {
  const last = folders.at(-1);
  return last !== undefined && path.resolve(directory, last) === ownFolder(folder);
}

function ownFolder(repository: string): string {
  return path.join(repository, 'overrides');
}

async function rerun(folder: string, request: RecordedRequest, context: CommandContext): Promise<void> {
  const { options, directory } = parsedRequest(folder, request, context);
  const output = path.relative(directory, folder) || '.';
  const place: Place = { folder, directory, context };
  const isUndone = (await undoing(options.overrides, place)).length > 0;
  const last = isUndone && !isLast(options.overrides, place) ? [path.join(output, 'overrides')] : [];
  await generate(
    { ...options, overrides: [...options.overrides, ...last], output, json: false },
    { ...context, directory, arguments: [...request.arguments, ...last.flatMap((each) => ['--overrides', each])] },
    { fallback: { versions: versionsOf(request), commits: [], notes: [] } },
  );
}

function parsedRequest(
  folder: string,
  request: RecordedRequest,
  { environment }: CommandContext,
): { readonly options: GenerateOptions; readonly directory: string } {
  const invocation = parseArguments(request.arguments, { version: VERSION, environment });
  if (invocation.kind !== 'generate') throw new Error(`no command line of generate: ${request.arguments.join(' ')}`);
  return { options: invocation.options, directory: path.resolve(folder, request.directory) };
}

function versionsOf({ packages }: RecordedRequest): ReadonlyMap<string, Version> {
  return new Map(
    packages.flatMap(({ name, version }) => {
      const parsed = tryParseVersion(version);
      return parsed === null ? [] : [[name, parsed] as const];
    }),
  );
}

/** A repository with a manifest is resolved again, because a rule may ask for what its lock file does not have, and then written. */
async function regenerateManaged(folder: string, context: CommandContext): Promise<void> {
  const invocation = parseArguments(['add'], { version: VERSION, environment: context.environment });
  if (invocation.kind === 'text') throw new Error('add has a result');
  await invocation.run({ ...context, directory: folder });
}
