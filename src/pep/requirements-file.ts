import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { normalizeName } from './name.ts';
import { type LogicalLine, logicalLines } from './requirements-line.ts';
import { type RequirementsOption, splitOptions } from './requirements-option.ts';
import { type HashDigest, parseHash, parseTarget, type RequirementTarget } from './requirements-target.ts';

/** A file and its content. The name stands in messages and identifies it: a file that includes itself is found by it. */
export interface RequirementsText {
  readonly name: string;
  readonly text: string;
}

export interface RequirementsFileOptions {
  /** Gives the file that `-r` or `-c` names: `reference` as it is written, relative to the file `includedBy`. */
  readonly read: (reference: string, includedBy: string) => RequirementsText | Promise<RequirementsText>;
  /** Values for `${NAME}`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** The file itself is one of constraints. */
  readonly constraints?: boolean;
}

/** A requirement and where it stands. */
export type RequirementLine = RequirementTarget & {
  readonly file: string;
  readonly line: number;
  /** Without options and comment. */
  readonly text: string;
  /** After `-e`. */
  readonly editable: boolean;
  /** Of the archive, any of them; none where none is demanded. */
  readonly hashes: readonly HashDigest[];
};

/** A value whose meaning can depend on the file that it stands in. */
export interface PlacedText {
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** What a requirements file and all that it includes say, in order. */
export interface RequirementsFile {
  readonly requirements: readonly RequirementLine[];
  readonly constraints: readonly RequirementLine[];
  /** The last one wins; null without. */
  readonly indexUrl: PlacedText | null;
  readonly extraIndexUrls: readonly PlacedText[];
  /** URLs, or paths relative to the file or the folder that pip runs in. */
  readonly findLinks: readonly PlacedText[];
  readonly noIndex: boolean;
  readonly prereleases: boolean;
  readonly requireHashes: boolean;
  readonly preferBinary: boolean;
  /** PEP 503 names, or `:all:`. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  /** What pip knows and what has no meaning here, and variables without value. */
  readonly notes: readonly Note[];
}

const MOST_FILES = 1000;

/**
 * Reads a requirements file in pip's syntax with everything that it includes.
 * All faults are reported together, as UserError E_BAD_REQUIREMENTS_FILE (exit 65) with file and line; what `read` throws passes.
 */
export async function parseRequirementsFile(
  file: RequirementsText,
  options: RequirementsFileOptions,
): Promise<RequirementsFile> {
  const state = newState(options);
  await readFile(file, options.constraints === true, state, []);
  throwAll(state.errors);
  const { result, noBinary, onlyBinary } = state;
  return { ...result, noBinary: [...noBinary], onlyBinary: [...onlyBinary] };
}

interface State {
  readonly options: RequirementsFileOptions;
  readonly result: Mutable<Omit<RequirementsFile, 'noBinary' | 'onlyBinary'>>;
  readonly noBinary: Set<string>;
  readonly onlyBinary: Set<string>;
  readonly errors: UserError[];
  files: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

/** A line, its file, and the files that lead to it. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly isConstraint: boolean;
  readonly path: readonly string[];
}

function newState(options: RequirementsFileOptions): State {
  return {
    options,
    result: {
      requirements: [],
      constraints: [],
      indexUrl: null,
      extraIndexUrls: [],
      findLinks: [],
      noIndex: false,
      prereleases: false,
      requireHashes: false,
      preferBinary: false,
      notes: [],
    },
    noBinary: new Set(),
    onlyBinary: new Set(),
    errors: [],
    files: 0,
  };
}

async function readFile(
  file: RequirementsText,
  isConstraint: boolean,
  state: State,
  path: readonly string[],
): Promise<void> {
  state.files += 1;
  for (const logical of logicalLines(file.text, state.options.variables ?? {})) {
    const place: Place = { file: file.name, line: logical.line, isConstraint, path: [...path, file.name] };
    try {
      await readLine(logical, place, state);
    } catch (error) {
      if (!isOurs(error)) throw error;
      state.errors.push(error);
    }
  }
}

// What the reader of included files throws is not about a line and ends the run.
function isOurs(error: unknown): error is UserError {
  return error instanceof UserError && error.code === 'E_BAD_REQUIREMENTS_FILE';
}

async function readLine({ text, unset }: LogicalLine, place: Place, state: State): Promise<void> {
  const { requirement, options, fault } = splitOptions(text);
  if (fault !== null) throw fileError(place, fault);
  for (const name of unset) note(state, place, 'warning', `the variable ${name} has no value`);
  const editable = options.find(({ name }) => name === 'editable');
  const others = options.filter((option) => option !== editable);
  if (requirement !== '') addRequirement({ text: requirement, isEditable: false, options }, place, state);
  else if (editable !== undefined)
    addRequirement({ text: editable.value, isEditable: true, options: others }, place, state);
  else for (const option of options) await applyOption(option, place, state);
}

interface Written {
  readonly text: string;
  readonly isEditable: boolean;
  readonly options: readonly RequirementsOption[];
}

function addRequirement({ text, isEditable, options }: Written, place: Place, state: State): void {
  const hashes: HashDigest[] = [];
  for (const { name, value } of options) {
    if (name === 'hash')
      hashes.push(parseHash(value) ?? refuse(place, `--hash=${value} is no sha256, sha384 or sha512 in hex`));
    else note(state, place, 'omitted', `--${name} beside a requirement has no effect here`);
  }
  const target = targetOf(text, isEditable, place);
  if (place.isConstraint) checkConstraint(target, isEditable, place);
  const line: RequirementLine = { ...target, file: place.file, line: place.line, text, editable: isEditable, hashes };
  (place.isConstraint ? state.result.constraints : state.result.requirements).push(line);
}

function targetOf(text: string, isEditable: boolean, place: Place): RequirementTarget {
  try {
    return parseTarget(text, isEditable);
  } catch (error) {
    if (error instanceof UserError) throw fileError(place, error.message, error.hint);
    throw error;
  }
}

// As pip: a constraint says which version of a project, nothing more.
function checkConstraint(target: RequirementTarget, isEditable: boolean, place: Place): void {
  if (isEditable) refuse(place, 'a constraint cannot be editable');
  const name = target.kind === 'requirement' ? target.requirement.name : target.name;
  if (name === null) refuse(place, 'a constraint needs the name of a project');
  const extras = target.kind === 'requirement' ? target.requirement.extras : target.extras;
  if (extras.length > 0) refuse(place, 'a constraint cannot have extras');
}

async function applyOption({ name, value }: RequirementsOption, place: Place, state: State): Promise<void> {
  const { result } = state;
  const placed: PlacedText = { value, file: place.file, line: place.line };
  switch (name) {
    case 'requirement':
    case 'constraint':
      return include(value, name === 'constraint', place, state);
    case 'index-url':
      result.indexUrl = placed;
      return;
    case 'extra-index-url':
      result.extraIndexUrls.push(placed);
      return;
    case 'find-links':
      result.findLinks.push(placed);
      return;
    case 'no-index':
      result.noIndex = true;
      return;
    case 'pre':
      result.prereleases = true;
      return;
    case 'require-hashes':
      result.requireHashes = true;
      return;
    case 'prefer-binary':
      result.preferBinary = true;
      return;
    case 'no-binary':
      return chooseFormat(value, state.noBinary, state.onlyBinary);
    case 'only-binary':
      return chooseFormat(value, state.onlyBinary, state.noBinary);
    default:
      note(state, place, 'omitted', `--${name} has no effect here`);
  }
}

async function include(reference: string, isConstraint: boolean, place: Place, state: State): Promise<void> {
  if (state.files >= MOST_FILES) refuse(place, `more than ${MOST_FILES} files are included`);
  const file = await state.options.read(reference, place.file);
  if (place.path.includes(file.name)) {
    refuse(
      place,
      `the file includes itself: ${[...place.path.slice(place.path.indexOf(file.name)), file.name].join(' -> ')}`,
    );
  }
  await readFile(file, isConstraint, state, place.path);
}

// The last word about a project wins; `:none:` takes back what this option said, `:all:` everything before it.
function chooseFormat(value: string, chosen: Set<string>, opposite: Set<string>): void {
  for (const part of value.split(',').map((text) => text.trim())) {
    if (part === ':none:') chosen.clear();
    else if (part === ':all:') {
      opposite.clear();
      chosen.clear();
      chosen.add(part);
    } else if (part !== '') {
      opposite.delete(normalizeName(part));
      chosen.add(normalizeName(part));
    }
  }
}

function note(state: State, { file, line }: Place, kind: Note['kind'], text: string): void {
  state.result.notes.push({ kind, text: oneLine(text), file, line });
}

function refuse(place: Place, message: string): never {
  throw fileError(place, message);
}

function fileError({ file, line }: Place, message: string, hint?: string): UserError {
  return new UserError('E_BAD_REQUIREMENTS_FILE', `${oneLine(file)}:${line}: ${message}`, {
    exit: EXIT.data,
    hint: hint ?? 'the file has the syntax of pip requirements files',
  });
}
