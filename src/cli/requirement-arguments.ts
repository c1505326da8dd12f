import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../base/note.ts';
import { compareText, excerpt, joinWords } from '../base/text.ts';
import { EXIT, throwAll, UserError, userErrorsOf } from '../base/user-error.ts';
import { redactText } from '../net/redact.ts';
import { parseRequirement, type Requirement } from '../pep/requirement.ts';
import { parseRequirementsFile, type RequirementLine, type RequirementsFile } from '../pep/requirements-file.ts';
import type { GenerateOptions } from './options.ts';
import type { CommandContext } from './world.ts';

/** All that was asked for, from arguments and files. */
export interface RequestedProjects {
  readonly requirements: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  /** By PEP 503 name: the sha256 digests that a requirements file admits. */
  readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
  /** The options with what requirements files say of indexes and pre-releases added. */
  readonly options: GenerateOptions;
  readonly notes: readonly Note[];
}

/**
 * Reads the requirements of a command line: arguments first, then those of `-r` files in order. All faults are reported together.
 * @throws UserError E_INVALID_REQUIREMENT, E_UNSUPPORTED_REQUIREMENT, E_BAD_REQUIREMENTS_FILE, E_HASH_NOT_CHECKED (exit 65), E_CANNOT_READ (74), E_USAGE (2) when files ask for nothing.
 */
export async function requestedProjects(options: GenerateOptions, context: CommandContext): Promise<RequestedProjects> {
  const errors: UserError[] = [];
  async function attempt<T>(action: () => T | Promise<T>): Promise<T[]> {
    try {
      return [await action()];
    } catch (thrown) {
      const faults = userErrorsOf(thrown);
      if (faults === undefined) throw thrown;
      errors.push(...faults);
      return [];
    }
  }

  const requirements: Requirement[] = [];
  for (const text of options.requirements) requirements.push(...(await attempt(() => plainRequirement(text))));
  const files: RequirementsFile[] = [];
  for (const file of options.requirementFiles)
    files.push(...(await attempt(() => readRequirementsFile(file, { context, constraints: false }))));
  for (const file of options.constraintFiles)
    files.push(...(await attempt(() => readRequirementsFile(file, { context, constraints: true }))));
  const lines = files.flatMap((file) => file.requirements);
  for (const line of lines) requirements.push(...(await attempt(() => lineRequirement(line))));
  const constraints: Requirement[] = [];
  for (const line of files.flatMap((file) => file.constraints))
    constraints.push(...(await attempt(() => lineRequirement(line))));
  errors.push(...lines.flatMap(uncheckableHashes));
  throwAll(errors);
  if (requirements.length === 0) {
    throw new UserError('E_USAGE', `no requirement is given: ${joinWords(options.requirementFiles)} asks for nothing`, {
      exit: EXIT.usage,
      hint: 'name at least one project, for example: pypi2nix toolz',
    });
  }
  return {
    requirements,
    constraints,
    hashes: hashesOf(lines),
    options: withFileOptions(options, files),
    notes: files.flatMap((file) => file.notes),
  };
}

function plainRequirement(text: string): Requirement {
  if (/^(?:\.{0,2}\/|~\/|file:|git\+|https?:)/u.test(text)) throw unsupported(text, '');
  const requirement = parseRequirement(text);
  if (requirement.url !== null) throw unsupported(text, '');
  return requirement;
}

function lineRequirement(line: RequirementLine): Requirement {
  const where = `${line.file}:${line.line}: `;
  if (line.kind !== 'requirement' || line.requirement.url !== null || line.editable)
    throw unsupported(line.text, where);
  return line.requirement;
}

function unsupported(text: string, where: string): UserError {
  return new UserError(
    'E_UNSUPPORTED_REQUIREMENT',
    `${where}${JSON.stringify(excerpt(redactText(text)))} names an archive, a folder or a repository; only projects of an index can be generated`,
    {
      exit: EXIT.data,
      hint: 'name the project, and give archives of your own with --find-links DIR',
    },
  );
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

function hashesOf(lines: readonly RequirementLine[]): Map<string, Set<string>> {
  const hashes = new Map<string, Set<string>>();
  for (const line of lines) {
    if (line.kind !== 'requirement') continue;
    for (const { algorithm, digest } of line.hashes) {
      if (algorithm !== 'sha256') continue;
      hashes.set(line.requirement.name, (hashes.get(line.requirement.name) ?? new Set()).add(digest.toLowerCase()));
    }
  }
  return hashes;
}

/** Indexes that a file names hold unless the command line says otherwise, as in pip. */
function withFileOptions(options: GenerateOptions, files: readonly RequirementsFile[]): GenerateOptions {
  const indexUrl = files.map((file) => file.indexUrl?.value ?? null).findLast((value) => value !== null) ?? null;
  return {
    ...options,
    indexUrl: options.indexUrl ?? indexUrl,
    extraIndexUrls: [
      ...options.extraIndexUrls,
      ...files.flatMap((file) => file.extraIndexUrls.map(({ value }) => value)),
    ],
    findLinks: [...options.findLinks, ...files.flatMap((file) => file.findLinks.map(({ value }) => value))],
    pre: options.pre || files.some((file) => file.prereleases),
  };
}

async function readRequirementsFile(
  file: string,
  { context, constraints }: { context: CommandContext; constraints: boolean },
): Promise<RequirementsFile> {
  return parseRequirementsFile(await readText(file, context.directory), {
    constraints,
    variables: context.environment,
    read: (reference, includedBy) =>
      readText(reference, path.dirname(path.resolve(context.directory, includedBy)), includedBy),
  });
}

async function readText(
  file: string,
  folder: string,
  includedBy: string | null = null,
): Promise<{ name: string; text: string }> {
  const whole = path.resolve(folder, file);
  try {
    return { name: whole, text: await readFile(whole, 'utf8') };
  } catch (cause) {
    throw new UserError(
      'E_CANNOT_READ',
      `${includedBy === null ? '' : `${includedBy} includes `}${redactText(file)} ${includedBy === null ? '' : 'which '}cannot be read: ${cause instanceof Error ? redactText(cause.message) : String(cause)}`,
      {
        exit: EXIT.io,
        hint: 'give the path of a requirements file',
        cause,
      },
    );
  }
}
