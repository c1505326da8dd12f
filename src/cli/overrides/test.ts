import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EXIT, UserError } from '../../base/user-error.ts';
import { DEFAULT_RELEASE, dialectFor } from '../../nix/dialect.ts';
import { interpreterAttribute } from '../../nix/single-file.ts';
import { lastMessages } from '../../nix-run/evaluate.ts';
import { nixVersion } from '../../nix-run/find-nix.ts';
import { HOW_TO_GET_NIX, type NixProgram, type NixResult, runNix } from '../../nix-run/nix-process.ts';
import { tryParseRequirement } from '../../pep/requirement.ts';
import { type TestStep, testJson, testText } from '../../report/overrides-test.ts';
import { generate } from '../generate.ts';
import type { CommandResult } from '../options/command.ts';
import type { OverridesOptions } from '../options/overrides-options.ts';
import { releaseTitle, withFoundRun } from '../run/found-run.ts';
import { runNames } from '../run/run-names.ts';
import type { CommandContext } from '../world.ts';
import { runOverrides } from './override-layers.ts';

/**
 * `pypi2nix overrides test NAME`: generates a project with its rules, and lets Nix read, evaluate and with `--build` build it. What could not be tried is told as such
 * and fails nothing, unless it was asked for.
 * Throws UserError E_OVERRIDE_TEST (exit 1) with the end of Nix's messages for the first step that fails; where `--build` or `--package-set` asks for them,
 * E_NIX_MISSING (exit 69) without Nix and E_NO_NIXPKGS (exit 1) without a nixpkgs; and what generating throws.
 */
export async function testOverrides(options: OverridesOptions, context: CommandContext): Promise<CommandResult> {
  const { reading, requirements, build, packageSet } = options;
  const requirement = requirements[0] ?? '';
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-test-'));
  try {
    const generated = await generate({ ...reading, requirements: [requirement] }, context, { fileFolder: folder });
    const file = path.join(folder, 'python-packages.nix');
    await writeFile(file, generated.stdout);
    const steps = await tryOut(file, { options, context, folder });
    const failed = steps.find(({ state }) => state === 'failed');
    const title = `${requirement} for ${releaseTitle(reading.release)}`;
    if (failed !== undefined && !options.json) throw failure(title, failed);
    const missing = steps.find(({ step, state }) => state === 'not tried' && (step !== 'build' || build));
    if (missing !== undefined && failed === undefined && (packageSet !== null || build)) throw notTried(title, missing);
    return {
      stdout: options.json ? testJson({ requirement, steps }) : testText({ title, steps }),
      ...(failed === undefined ? {} : { exit: EXIT.unmet }),
      report: generated.report,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Trial {
  readonly options: OverridesOptions;
  readonly context: CommandContext;
  readonly folder: string;
}

/** The steps in order; after one that fails or cannot be tried the later ones cannot either. */
async function tryOut(file: string, { options, context, folder }: Trial): Promise<readonly TestStep[]> {
  const nix = (program: NixProgram, args: readonly string[]): Promise<NixResult> =>
    runNix(program, args, { environment: context.environment, directory: context.directory });
  const done: TestStep[] = [{ step: 'generate', state: 'passed', why: null }];
  if ((await nixVersion(context)) === null) {
    const none: TestStep = { step: 'parse', state: 'not tried', why: NO_NIX };
    return [...done, none, later('evaluate', none), ...buildStep(none)];
  }
  const parsed = stepOf('parse', await nix('nix-instantiate', ['--parse', file]));
  done.push(parsed);
  if (parsed.state !== 'passed') return [...done, later('evaluate', parsed), ...buildStep(parsed)];

  const found = options.packageSet === null ? await nix('nix-instantiate', ['--find-file', 'nixpkgs']) : null;
  if (found !== null && found.status !== 0) {
    const none: TestStep = { step: 'evaluate', state: 'not tried', why: NO_NIXPKGS };
    return [...done, none, ...buildStep(none)];
  }
  const expression = path.join(folder, 'test.nix');
  await writeFile(expression, await expressionFor(options, context));
  // As texts: a path with blanks or quotes is no Nix code.
  const set =
    options.packageSet === null ? [] : ['--argstr', 'nixpkgs', path.resolve(context.directory, options.packageSet)];
  const args = ['--argstr', 'file', file, ...set];
  const evaluated = stepOf('evaluate', await nix('nix-instantiate', ['--eval', expression, ...args, '-A', 'drvPath']));
  done.push(evaluated);
  if (evaluated.state !== 'passed' || !options.build) return [...done, ...buildStep(evaluated)];
  return [...done, stepOf('build', await nix('nix-build', ['--no-out-link', expression, ...args]))];

  function buildStep(before: TestStep): TestStep[] {
    if (!options.build) return [{ step: 'build', state: 'not tried', why: '--build builds it' }];
    return [later('build', before)];
  }
}

const NO_NIX = 'Nix is not on PATH';
const NO_NIXPKGS = 'there is no <nixpkgs>; --package-set names one';

function notTried(title: string, { step, why }: TestStep): UserError {
  const message = `${title} could not be tried: ${step}: ${why}`;
  if (why === NO_NIX) return new UserError('E_NIX_MISSING', message, { exit: EXIT.unavailable, hint: HOW_TO_GET_NIX });
  return new UserError('E_NO_NIXPKGS', message, { hint: 'name the folder of a nixpkgs with --package-set' });
}

function later(step: TestStep['step'], before: TestStep): TestStep {
  const why = before.state === 'failed' ? `${before.step} has failed` : (before.why ?? 'the step before was not tried');
  return { step, state: 'not tried', why };
}

function stepOf(step: TestStep['step'], { status, stderr }: NixResult): TestStep {
  if (status === 0) return { step, state: 'passed', why: null };
  const said = lastMessages(stderr, MOST_LINES);
  return {
    step,
    state: 'failed',
    why: said === '' ? `Nix said nothing, and ended with ${status ?? 'a signal'}` : said,
  };
}

/** Beyond this a log is of no use to a reader; Nix keeps the whole one. */
const MOST_LINES = 30;

/** The package out of the generated file. Its names come from the tables of this program, and are attribute names in quotes. */
async function expressionFor(options: OverridesOptions, context: CommandContext): Promise<string> {
  const { reading } = options;
  const release = reading.release ?? DEFAULT_RELEASE;
  const project = await projectOf(options, context);
  const attribute = JSON.stringify(runNames(release, reading).attributeForGenerated(project));
  const [python] = reading.pythons ?? [];
  const interpreter = python === undefined ? 'python3' : interpreterAttribute(python);
  const inSet =
    dialectFor(release).packageSet === 'overlay'
      ? `(pkgs.${interpreter}.override { packageOverrides = import file; }).pkgs.${attribute}`
      : `(import file { inherit pkgs; }).${attribute}`;
  return `{ file, nixpkgs ? <nixpkgs> }: let pkgs = import nixpkgs { }; in ${inSet}\n`;
}

/** The name of what is tested; that of an address stands in its sources. */
async function projectOf({ reading, requirements }: OverridesOptions, context: CommandContext): Promise<string> {
  const [requirement = ''] = requirements;
  const named = tryParseRequirement(requirement)?.name;
  if (named !== undefined) return named;
  const rulesOf = await runOverrides(reading.overrides, context);
  const options = { ...reading, requirements: [requirement], deps: 'named' as const };
  return withFoundRun(options, { context: { ...context, notes: [] }, rulesOf }, async ({ direct }) => direct[0] ?? '');
}

/** What Nix says is set off from the message, and its `error:` taken away: the message has one of its own. */
function failure(title: string, { step, why }: TestStep): UserError {
  const said = (why ?? '').replace(/^error: */mu, '').replace(/^(?=.)/gmu, '    ');
  return new UserError('E_OVERRIDE_TEST', `${title}: ${step} failed\n${said}`, {
    hint: 'pypi2nix overrides explain shows what each rule changes',
  });
}
