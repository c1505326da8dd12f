import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import { throwAll, UserError, userErrorsOf } from '../base/user-error.ts';
import { applyOption } from './requirements-apply.ts';
import { checkHashes, type RequirementsDemand } from './requirements-demands.ts';
import { type LogicalLine, logicalLines } from './requirements-line.ts';
import { type RequirementsOption, splitOptions } from './requirements-option.ts';
import { fileError, newState, note, type Place, placeText, refuse, type State } from './requirements-state.ts';
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
  /** Demands that the caller follows. Each other one becomes a note, or a fault where to pass it over would be unsafe. */
  readonly follows?: ReadonlySet<RequirementsDemand>;
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
  /** Each of the requirements is pinned and has a digest then, else it would be a fault; what they lead to is left to the caller. */
  readonly requireHashes: boolean;
  readonly preferBinary: boolean;
  /** PEP 503 names, or `:all:`. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  /** What pip knows and what has no meaning here, demands that nobody follows, variables without value, requirements without digest among others that have one. */
  readonly notes: readonly Note[];
}

const MOST_FILES = 1000;

/**
 * Reads a requirements file in pip's syntax with everything that it includes.
 * All faults are reported together, as UserError E_BAD_REQUIREMENTS_FILE (exit 65) with file and line. UserErrors of `read` keep their
 * code and get the line that includes the file; anything else that it throws passes.
 */
export async function parseRequirementsFile(
  file: RequirementsText,
  options: RequirementsFileOptions,
): Promise<RequirementsFile> {
  const state = newState(options);
  await readFile(file, options.constraints === true, state, []);
  checkAllHashes(state);
  throwAll(state.errors);
  const { result, noBinary, onlyBinary } = state;
  return { ...result, noBinary: [...noBinary], onlyBinary: [...onlyBinary] };
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
      if (!(error instanceof UserError)) throw error;
      state.errors.push(withUnset(error, logical.unset));
    }
  }
}

/** The fault may be that a variable stands where a value should. */
function withUnset(error: UserError, unset: readonly string[]): UserError {
  if (unset.length === 0) return error;
  const { code, message, exit, cause, hint } = error;
  const told = `the variable ${unset.join(', ')} has no value`;
  return new UserError(code, message, { exit, cause, hint: hint === undefined ? told : `${told}; ${hint}` });
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
  else
    for (const option of options) {
      const { name, value } = option;
      if (name === 'requirement' || name === 'constraint') await include(value, name === 'constraint', place, state);
      else applyOption(option, place, state);
    }
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

function checkAllHashes(state: State): void {
  const { result, errors } = state;
  const demand = { required: result.requireHashes, place: state.hashesDemanded };
  const faults = checkHashes(result, demand, {
    fault: (line, message) => fileError(line, message, 'pip hash FILE prints the --hash of an archive'),
    warn: (line, message) =>
      result.notes.push({ kind: 'warning', text: oneLine(message), file: line.file, line: line.line }),
  });
  errors.push(...faults);
}

async function include(reference: string, isConstraint: boolean, place: Place, state: State): Promise<void> {
  if (state.files >= MOST_FILES) refuse(place, `more than ${MOST_FILES} files are included`);
  const file = await includedFile(reference, place, state);
  if (file === null) return;
  if (place.path.includes(file.name)) {
    refuse(
      place,
      `the file includes itself: ${[...place.path.slice(place.path.indexOf(file.name)), file.name].join(' -> ')}`,
    );
  }
  await readFile(file, isConstraint, state, place.path);
}

/** Null when it cannot be read; that is one of the faults then. */
async function includedFile(reference: string, place: Place, state: State): Promise<RequirementsText | null> {
  try {
    return await state.options.read(reference, place.file);
  } catch (thrown) {
    const faults = userErrorsOf(thrown);
    if (faults === undefined) throw thrown;
    state.errors.push(
      ...faults.map(
        ({ code, message, hint, exit, cause }) =>
          new UserError(
            code,
            `${placeText(place)}: ${message}`,
            hint === undefined ? { exit, cause } : { exit, cause, hint },
          ),
      ),
    );
    return null;
  }
}
