import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Note } from '../base/note.ts';
import { sortedUnique } from '../base/text.ts';
import type { ExitCode } from '../base/user-error.ts';
import type { PackageFacts } from '../classify/package-facts.ts';
import { targetWords } from '../lock/target-words.ts';
import { type Dialect, dialectFor } from '../nix/dialect.ts';
import { askedExtras } from '../nix/environment-members.ts';
import type { PackageToPrint } from '../nix/package-names.ts';
import { type FileHeader, singleFile } from '../nix/single-file.ts';
import { bootstrapProjects } from '../nixpkgs/bootstrap.ts';
import { standIn } from '../nixpkgs/releases.ts';
import { factsJson } from '../report/facts-json.ts';
import { noteLines } from '../report/notes.ts';
import type { Style } from '../report/style.ts';
import { hasTrial } from './check/trial-place.ts';
import { namesSince } from './closure/names-since.ts';
import { packagesToPrint } from './closure/packages-to-print.ts';
import { commandForHeader } from './command-line.ts';
import { pathNotes } from './direct/paths.ts';
import type { CommandResult } from './options/command.ts';
import type { GenerateOptions } from './options.ts';
import { runOverrides } from './overrides/override-layers.ts';
import type { ReleaseReader } from './release/release-reader.ts';
import { saveArchives } from './release/save-archives.ts';
import { asRepository } from './repository/generate-repository.ts';
import { type FoundRun, withFoundRun } from './run/found-run.ts';
import type { RunInputs, RunSeam } from './run/run-inputs.ts';
import type { RunNames } from './run/run-names.ts';
import type { RunTargets } from './run/targets.ts';
import { VERSION } from './version.ts';
import type { CommandContext } from './world.ts';

/**
 * `pypi2nix [generate]`: from requirements to expressions, on stdout or in a folder. `seam`: what another command changes of the run. Throws UserError for all that the user
 * can cause.
 */
export async function generate(
  given: GenerateOptions,
  context: CommandContext,
  seam: RunSeam = {},
): Promise<CommandResult> {
  const untried = await untriedOfOutput(given, context);
  const rulesOf = await runOverrides([...overridesOfOutput(given, context), ...given.overrides], context);
  return withFoundRun(given, { context, rulesOf, seam }, async (found) => {
    const { world, reader, inputs } = found;
    const { options } = inputs;
    const { generated, notes, packages } = await generatedBy(found, context, seam.fileFolder);
    // Before the expressions: a folder of -o is not written when an archive that it names cannot be had.
    if (options.archives !== null) {
      await saveArchives(packages, {
        folder: path.resolve(context.directory, options.archives),
        reader,
        http: world.http,
        jobs: options.jobs,
      });
    }
    const output = options.json
      ? await asJson(generated, { notes, reader, nixpkgs: inputs.nixpkgsIdentity })
      : options.output === null
        ? asFile(generated, options)
        : await asRepository(generated, { options, context });
    const shown = [...untried, ...notes, ...packages.flatMap((facts) => facts.notes), ...output.notes];
    return {
      stdout: output.stdout,
      report: (style) => [...noteLines(shown, style), ...output.lines(style)],
      ...(output.exit === undefined ? {} : { exit: output.exit }),
    };
  });
}

/** What a run found, ready to be printed: its packages, and notes but for those of the packages themselves. `fileFolder` as in {@link RunSeam}. */
export async function generatedBy(
  found: FoundRun,
  context: CommandContext,
  fileFolder?: string,
): Promise<{
  readonly generated: Generated;
  readonly notes: readonly Note[];
  readonly packages: readonly PackageFacts[];
}> {
  const { world, reader, inputs, names, closure, direct } = found;
  const { options, release, targets, requested, locked, preferences } = inputs;
  const dialect = dialectFor(release);
  const settled = await found.settled();
  const toPrint = await packagesToPrint(settled.packages, {
    options,
    names,
    release,
    reader,
    directory: fileFolder ?? context.directory,
    output: options.output,
  });
  const named = namesSince(settled.packages, { options, names });
  const notes = [
    ...inputs.nixpkgsNotes,
    ...requested.notes,
    ...(locked?.notes ?? []),
    ...preferences.notes,
    ...bootstrapNotes(direct, { dialect, options }),
    ...world.notes,
    ...closure.notes,
    ...settled.notes,
    // A single file says it in its header.
    ...(options.output === null && !options.json ? [] : named.notes),
    ...toPrint.flatMap(foreignAddress),
    // Whoever says where the file lies knows what its paths are right for.
    ...(options.json || fileFolder !== undefined
      ? []
      : pathNotes(settled.packages, { directory: context.directory, output: options.output })),
  ];
  const generated = {
    toPrint,
    assumed: settled.assumed,
    dialect,
    targets,
    names,
    direct,
    asked: askedExtras(closure.roots, toPrint, dialect),
    since: named.since ?? null,
    onlyFor: inputs.isNarrowed ? `${targetWords(targets.environments)}, as ${locked?.file ?? ''} is` : null,
  };
  return { generated, notes, packages: settled.packages };
}

/** Takes back the rules that a run of `check --fix` left untried in the folder of `-o` when it was ended. */
async function untriedOfOutput({ output }: GenerateOptions, { directory }: CommandContext): Promise<readonly Note[]> {
  const folder = output === null ? null : path.resolve(directory, output);
  if (folder === null || !hasTrial(folder)) return [];
  // Loaded only then: hardly any run has such a folder.
  return await (await import('./check/trial.ts')).takeBackUntried(folder);
}

/** The rules that lie in the folder of `-o`, where `check --fix` writes them. */
function overridesOfOutput({ output, overrides }: GenerateOptions, { directory }: CommandContext): readonly string[] {
  const folder = output === null ? null : path.join(output, 'overrides');
  if (folder === null || !existsSync(path.resolve(directory, folder))) return [];
  const isNamed = overrides.some((each) => path.resolve(directory, each) === path.resolve(directory, folder));
  return isNamed ? [] : [folder];
}

/** A warning for what the user named although the builder of the set is made with it. A set that is built on another leaves the other as it is. */
function bootstrapNotes(
  direct: readonly string[],
  { dialect, options }: { readonly dialect: Dialect; readonly options: GenerateOptions },
): Note[] {
  if (options.bootstrap || dialect.packageSet !== 'overlay') return [];
  const text =
    'the builder of the package set needs it: with this overlay every package of the set is built again, and those that the builder is made with may recurse for ever';
  return sortedUnique(direct)
    .filter((project) => bootstrapProjects(dialect.release).has(project))
    .map((project): Note => ({ kind: 'warning', text, project }));
}

/** A note on an archive that only the index of this run has. */
function foreignAddress({ facts, fetchFrom }: PackageToPrint): Note[] {
  const isArchive = facts.source.kind === 'sdist' || facts.source.kind === 'wheel';
  if (fetchFrom !== 'url' || !isArchive) return [];
  const { host } = new URL(facts.source.url);
  const text = `its archive is not PyPI's: the expression names its address on ${host}, which builds need to reach`;
  return [{ kind: 'fallback', text, project: facts.name }];
}

/** A run of `generate` up to its expressions. */
export interface Generated {
  readonly toPrint: readonly PackageToPrint[];
  readonly assumed: readonly string[];
  readonly dialect: Dialect;
  readonly targets: RunTargets;
  readonly names: RunNames;
  /** PEP 503 names that the user asked for. */
  readonly direct: readonly string[];
  /** What is asked for of extras, as environments have them, with notes on those that they cannot have. */
  readonly asked: ReturnType<typeof askedExtras>;
  /** The first release that has all names of the expressions, where it is not what their form says. */
  readonly since: string | null;
  /** The targets that the lock file serves, in words, where it serves fewer than the release has. */
  readonly onlyFor: string | null;
}

/** What one of the forms of the output is. */
export interface Output {
  readonly stdout: string;
  readonly notes: readonly Note[];
  readonly lines: (style: Style) => string[];
  readonly exit?: ExitCode;
}

async function asJson(
  { toPrint, assumed }: Generated,
  {
    notes,
    reader,
    nixpkgs,
  }: {
    readonly notes: readonly Note[];
    readonly reader: ReleaseReader;
    readonly nixpkgs: RunInputs<GenerateOptions>['nixpkgsIdentity'];
  },
): Promise<Output> {
  // Loaded only then: expressions do not tell it.
  const { originsOfAttributes } = await import('./why.ts');
  const packages = await Promise.all(
    toPrint.map(async ({ attribute, facts }) => ({
      attribute,
      facts,
      origins: await originsOfAttributes(facts, reader),
    })),
  );
  return { stdout: factsJson({ packages, assumed, nixpkgs, notes }), notes: [], lines: () => [] };
}

function asFile(generated: Generated, options: GenerateOptions): Output {
  const { toPrint, dialect, direct } = generated;
  const { text, notes } = singleFile(toPrint, {
    dialect,
    header: {
      ...provenance(generated, options),
      command: commandForHeader(options),
      ...(options.release === null ? {} : { release: options.release }),
      ...(options.pythons?.[0] === undefined ? {} : { python: options.pythons[0] }),
      useExtras: generated.asked.extras,
      use: toPrint.filter(({ facts }) => direct.includes(facts.name)).map(({ attribute }) => attribute),
    },
  });
  return { stdout: text, notes, lines: () => [] };
}

/** What the header of a file says of where its packages come from. */
export function provenance(
  {
    names,
    assumed,
    onlyFor,
    since = null,
  }: Pick<Generated, 'names' | 'assumed' | 'onlyFor'> & Partial<Pick<Generated, 'since'>>,
  options: Pick<GenerateOptions, 'release'>,
): Omit<FileHeader, 'command' | 'release' | 'python' | 'use'> {
  return {
    program: `pypi2nix ${VERSION}`,
    namesFrom: names.source ?? 'no list',
    notChecked: assumed,
    isStandIn:
      names.isEvaluated || (names.source !== null && options.release !== null && standIn(options.release) !== null),
    ...(onlyFor === null ? {} : { onlyFor }),
    ...(since === null ? {} : { since }),
  };
}
