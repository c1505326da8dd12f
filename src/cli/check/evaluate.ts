import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../base/user-error.ts';
import { type NixOptions, runNix } from '../../nix-run/nix-process.ts';

/** A package to evaluate. */
export interface ToEvaluate {
  readonly attribute: string;
  /** The set of default.nix in which it is, `python313`; null: the top. */
  readonly set: string | null;
}

/** What Nix says of a package. */
export type Evaluated =
  | {
      readonly kind: 'evaluated';
      /** Store path of its derivation. */
      readonly drv: string;
      /** X.Y; null: not told. */
      readonly interpreter: string | null;
      readonly version: string | null;
      /** Names of its inputs as they name themselves, without the prefix of an interpreter. */
      readonly inputs: readonly string[];
      readonly modules: readonly string[];
    }
  | { readonly kind: 'failed'; readonly messages: string };

/** With which files and which Nix. */
export interface EvaluateContext {
  /** The repository, absolute. */
  readonly folder: string;
  /** Path of nixpkgs. */
  readonly nixpkgs: string;
  /** Whether derivations are written to the store, as building needs it. */
  readonly write: boolean;
  readonly nix: NixOptions;
}

/** As many go into one evaluation: an argument of a process has its limit. */
const MOST_AT_ONCE = 400;

/**
 * Evaluates packages of a repository, all at once where that goes. What Nix cannot catch ends an evaluation, so the packages of one that failed are halved until each
 * stands alone. Gives the answers in the order of the packages. Throws UserError E_NIX_MISSING.
 */
export async function evaluatePackages(
  packages: readonly ToEvaluate[],
  context: EvaluateContext,
): Promise<readonly Evaluated[]> {
  if (packages.length === 0) return [];
  if (packages.length > MOST_AT_ONCE) return halves(packages, context);
  const isAlone = packages.length === 1;
  const { status, stdout, stderr } = await run(packages, { ...context, catching: !isAlone });
  const read = status === 0 ? v.safeParse(ANSWERS, parsed(stdout)) : null;
  if (read?.success !== true || read.output.length !== packages.length) {
    if (isAlone) return [{ kind: 'failed', messages: stderr }];
    return halves(packages, context);
  }
  const answers: Evaluated[] = [];
  for (const [at, answer] of read.output.entries()) {
    const one = packages[at];
    if (answer !== null) answers.push({ kind: 'evaluated', ...answer, inputs: answer.inputs.map(withoutInterpreter) });
    // The message of what was caught is only told where nothing catches it.
    else if (one !== undefined) answers.push(...(await evaluatePackages([one], context)));
  }
  return answers;
}

/**
 * The path of the user's nixpkgs: what is given, else `<nixpkgs>`.
 * Throws UserError E_NO_NIXPKGS (exit 1) where there is none.
 */
export async function findNixpkgs(
  given: string | null,
  { directory, nix }: { readonly directory: string; readonly nix: NixOptions },
): Promise<string> {
  if (given !== null && !/^<.+>$/u.test(given)) return path.resolve(directory, given);
  const name = given === null ? 'nixpkgs' : given.slice(1, -1);
  const { status, stdout } = await runNix('nix-instantiate', ['--find-file', name], nix);
  if (status === 0 && stdout.trim() !== '') return stdout.trim();
  throw new UserError('E_NO_NIXPKGS', `there is no <${name}> to evaluate with`, {
    hint: 'name a nixpkgs with --nixpkgs PATH, or set NIX_PATH',
  });
}

/** Which of the sets that default.nix names are there with this nixpkgs; all where Nix cannot say. Throws UserError E_NIX_MISSING. */
export async function presentSets(
  sets: readonly string[],
  { folder, nixpkgs, nix }: Omit<EvaluateContext, 'write'>,
): Promise<readonly string[]> {
  const texts = [
    '--argstr',
    'folder',
    folder,
    '--argstr',
    'nixpkgs',
    nixpkgs,
    '--argstr',
    'sets',
    JSON.stringify(sets),
  ];
  const { status, stdout } = await runNix('nix-instantiate', ['--eval', '--strict', '--json', ...texts, '-'], {
    ...nix,
    input: SETS_EXPRESSION,
  });
  const read = status === 0 ? v.safeParse(v.array(v.string()), parsed(stdout)) : null;
  return read?.success === true ? read.output : sets;
}

const SETS_EXPRESSION = `{ folder, nixpkgs, sets }:
let root = import (folder + "/default.nix") { pkgs = import nixpkgs { }; };
in builtins.filter (set: root ? \${set}) (builtins.fromJSON sets)
`;

async function halves(packages: readonly ToEvaluate[], context: EvaluateContext): Promise<readonly Evaluated[]> {
  const middle = Math.ceil(packages.length / 2);
  const first = await evaluatePackages(packages.slice(0, middle), context);
  return [...first, ...(await evaluatePackages(packages.slice(middle), context))];
}

function run(
  packages: readonly ToEvaluate[],
  { folder, nixpkgs, write, nix, catching }: EvaluateContext & { readonly catching: boolean },
) {
  const wanted = packages.map(({ attribute, set }) => ({ attribute, set: set ?? '' }));
  const texts = [
    ...['--argstr', 'folder', folder],
    ...['--argstr', 'nixpkgs', nixpkgs],
    ...['--argstr', 'packages', JSON.stringify(wanted)],
    ...['--argstr', 'catching', catching ? 'yes' : ''],
  ];
  const mode = write ? ['--read-write-mode'] : [];
  return runNix('nix-instantiate', ['--eval', '--strict', '--json', ...mode, ...texts, '-'], {
    ...nix,
    input: EXPRESSION,
  });
}

/** Names come as texts, never as Nix code. */
const EXPRESSION = `{ folder, nixpkgs, packages, catching }:
let
  pkgs = import nixpkgs { };
  root = import (folder + "/default.nix") { inherit pkgs; };
  caught = fallback: value: let tried = builtins.tryEval value; in if tried.success then tried.value else fallback;
  nameOf = input: if builtins.isAttrs input then caught "" (input.pname or input.name or "") else "";
  listed = package: name: caught [ ] (let list = package.\${name} or [ ]; in if builtins.isList list then list else [ ]);
  lists = [ "nativeBuildInputs" "buildInputs" "propagatedBuildInputs" "build-system" "dependencies" "nativeCheckInputs" "checkInputs" ];
  textsOf = list: builtins.filter builtins.isString list;
  describe = { attribute, set }:
    let package = (if set == "" then root else root.\${set}).\${attribute};
    in {
      drv = package.drvPath;
      interpreter = caught null (package.pythonModule.pythonVersion or null);
      version = caught null (package.version or null);
      inputs = map nameOf (builtins.concatLists (map (listed package) lists));
      modules = textsOf (listed package "pythonImportsCheck");
    };
  answer = wanted:
    let
      described = describe wanted;
      tried = builtins.tryEval (builtins.deepSeq described true);
    in if catching == "" || tried.success then described else null;
in map answer (builtins.fromJSON packages)
`;

const ANSWERS = v.array(
  v.nullable(
    v.object({
      drv: v.pipe(v.string(), v.regex(/^\/.+\.drv$/u)),
      interpreter: v.nullable(v.string()),
      version: v.nullable(v.string()),
      inputs: v.array(v.string()),
      modules: v.array(v.string()),
    }),
  ),
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `python3.13-attrs` gives `attrs`. */
function withoutInterpreter(name: string): string {
  return name.replace(/^(?:python|pypy)\d[\d.]*-/u, '');
}
