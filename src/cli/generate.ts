import path from 'node:path';
import type { Note } from '../base/note.ts';
import { countOf, joinWords, sortedUnique } from '../base/text.ts';
import type { PackageFacts } from '../classify/package-facts.ts';
import { targetWords } from '../lock/target-words.ts';
import { borrowsForm, DEFAULT_RELEASE, type Dialect, dialectFor } from '../nix/dialect.ts';
import type { PackageToPrint } from '../nix/package-names.ts';
import { repositoryFiles } from '../nix/repository-files.ts';
import { singleFile } from '../nix/single-file.ts';
import { BOOTSTRAP_PROJECTS } from '../nixpkgs/bootstrap.ts';
import { licenceAttribute } from '../nixpkgs/licence-names.ts';
import { systemAttribute } from '../nixpkgs/system-names.ts';
import { factsJson } from '../report/facts-json.ts';
import { noteLines } from '../report/notes.ts';
import type { Style } from '../report/style.ts';
import { leftFiles } from '../repository/left-files.ts';
import { writeRepository } from '../repository/write-repository.ts';
import { commandForHeader } from './command-line.ts';
import { pathNotes, sourcePathOf } from './direct-paths.ts';
import { fetchFrom } from './fetch-from.ts';
import { withFoundRun } from './found-run.ts';
import type { CommandResult } from './options/command.ts';
import type { GenerateOptions } from './options.ts';
import { runOverrides } from './override-layers.ts';
import type { ReleaseReader } from './release-reader.ts';
import type { RunNames } from './run-names.ts';
import { saveArchives } from './save-archives.ts';
import type { RunTargets } from './targets.ts';
import { VERSION } from './version.ts';
import type { CommandContext } from './world.ts';

/** `pypi2nix [generate]`: from requirements to expressions, on stdout or in a folder. Throws UserError for all that the user can cause. */
export async function generate(given: GenerateOptions, context: CommandContext): Promise<CommandResult> {
  const dialect = dialectFor(given.release ?? DEFAULT_RELEASE);
  const rulesOf = await runOverrides(given.overrides, context);
  return withFoundRun(given, { context, rulesOf }, async (found) => {
    const { world, reader, inputs, names, closure, direct } = found;
    const { options, release, targets, requested, locked, preferences } = inputs;
    const settled = await found.settled();
    const toPrint = await Promise.all(
      settled.packages.map((facts) =>
        packageToPrint(facts, { release, options, names, generated: settled.packages, reader, context }),
      ),
    );
    const result = {
      toPrint,
      assumed: settled.assumed,
      dialect,
      targets,
      names,
      direct,
      onlyFor: inputs.isNarrowed ? `${targetWords(targets.environments)}, as ${locked?.file ?? ''} is` : null,
    };
    const notes = [
      ...requested.notes,
      ...(locked?.notes ?? []),
      ...preferences.notes,
      ...formNotes(release),
      ...bootstrapNotes(direct, { dialect, options }),
      ...world.notes,
      ...closure.notes,
      ...settled.notes,
      ...toPrint.flatMap(foreignAddress),
      ...(options.json ? [] : pathNotes(settled.packages, { directory: context.directory, output: options.output })),
    ];
    // Before the expressions: a folder of -o is not written when an archive that it names cannot be had.
    if (options.archives !== null) {
      await saveArchives(settled.packages, {
        folder: path.resolve(context.directory, options.archives),
        reader,
        http: world.http,
        jobs: options.jobs,
      });
    }
    const output = options.json
      ? await asJson(result, { notes, reader })
      : options.output === null
        ? asFile(result, options)
        : await asRepository(result, { options, directory: context.directory });
    const shown = [...notes, ...settled.packages.flatMap((facts) => facts.notes), ...output.notes];
    return { stdout: output.stdout, report: (style) => [...noteLines(shown, style), ...output.lines(style)] };
  });
}

/** A note on a release whose form is that of an earlier one. */
function formNotes(release: string): Note[] {
  if (!borrowsForm(release)) return [];
  const text = `nixpkgs ${release} has no form of its own yet: that of ${DEFAULT_RELEASE} is printed, which evaluates there`;
  return [{ kind: 'fallback', text }];
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
    .filter((project) => BOOTSTRAP_PROJECTS.has(project))
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

interface Generated {
  readonly toPrint: readonly PackageToPrint[];
  readonly assumed: readonly string[];
  readonly dialect: Dialect;
  readonly targets: RunTargets;
  readonly names: RunNames;
  /** PEP 503 names that the user asked for. */
  readonly direct: readonly string[];
  /** The targets that the lock file serves, in words, where it serves fewer than the release has. */
  readonly onlyFor: string | null;
}

interface Output {
  readonly stdout: string;
  readonly notes: readonly Note[];
  readonly lines: (style: Style) => string[];
}

async function asJson(
  { toPrint, assumed }: Generated,
  { notes, reader }: { readonly notes: readonly Note[]; readonly reader: ReleaseReader },
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
  return { stdout: factsJson({ packages, assumed, notes }), notes: [], lines: () => [] };
}

function asFile(generated: Generated, options: GenerateOptions): Output {
  const { toPrint, dialect, direct, onlyFor } = generated;
  const { text, notes } = singleFile(toPrint, {
    dialect,
    header: {
      program: `pypi2nix ${VERSION}`,
      command: commandForHeader(options),
      namesFrom: generated.names.source ?? 'no list',
      notChecked: generated.assumed,
      ...(options.release === null ? {} : { release: options.release }),
      ...(options.pythons?.[0] === undefined ? {} : { python: options.pythons[0] }),
      ...(onlyFor === null ? {} : { onlyFor }),
      use: toPrint.filter(({ facts }) => direct.includes(facts.name)).map(({ attribute }) => attribute),
    },
  });
  return { stdout: text, notes, lines: () => [] };
}

async function asRepository(
  generated: Generated,
  { options, directory }: { options: GenerateOptions; directory: string },
): Promise<Output> {
  const { toPrint, dialect, targets, onlyFor } = generated;
  const { files, notes } = repositoryFiles(toPrint, {
    dialect,
    pythons: targets.pythons,
    topPython: options.pythons?.[0] ?? null,
    ...(onlyFor === null ? {} : { onlyFor }),
  });
  const target = path.resolve(directory, options.output ?? '.');
  const { written, unchanged } = await writeRepository({ directory: target, files, force: options.force });
  const left = await leftFiles(target, files);
  const lines = (style: Style): string[] => [
    ...written.map((file) => `${style.bold('wrote')} ${file}`),
    `${countOf(written.length, 'file')} written, ${unchanged.length} unchanged`,
  ];
  return { stdout: '', notes: [...notes, ...leftNotes(left, options)], lines };
}

/** A warning for what an earlier run wrote into the folder and nothing refers to any more. */
function leftNotes(left: readonly string[], { output }: GenerateOptions): Note[] {
  if (left.length === 0) return [];
  const names = left.map((file) => /^pkgs\/([^/]+)\/default\.nix$/u.exec(file)?.[1] ?? file);
  const text = `${output} still has ${joinWords(names)} of an earlier run, which this one leaves out of default.nix and the overlay: name all projects in one run, or delete what is no longer wanted`;
  return [{ kind: 'warning', text }];
}

async function packageToPrint(
  facts: PackageFacts,
  context: {
    readonly release: string;
    readonly options: GenerateOptions;
    readonly names: RunNames;
    readonly generated: readonly PackageFacts[];
    readonly reader: ReleaseReader;
    readonly context: CommandContext;
  },
): Promise<PackageToPrint> {
  const { release, names, options } = context;
  const isGenerated = (project: string): boolean => context.generated.some(({ name }) => name === project);
  const { file, isPublic } = await context.reader.sourceFile(facts.name, facts.version);
  const [maintainer] = options.maintainers;
  const sourcePath = sourcePathOf(facts, { directory: context.context.directory, output: options.output });
  const generatedAttributes = new Set(context.generated.map(({ name }) => names.attributeForGenerated(name)));
  return {
    facts,
    attribute: names.attributeForGenerated(facts.name),
    names: {
      pythonAttribute: (project) =>
        isGenerated(project) ? names.attributeForGenerated(project) : (names.inSet(project)?.attribute ?? project),
      hasExtra: (project, extra) =>
        context.generated.some((other) => other.name === project && Object.hasOwn(other.optionalDependencies, extra)),
      systemAttribute: (attribute) => systemAttribute(attribute, release),
      // The overlay puts what is generated into the set, where `callPackage` finds it before a system library of the same name.
      shadowedByPython: (attribute) => names.shadowedByPython(attribute) || generatedAttributes.has(attribute),
      licenceAttribute: (spdx) => licenceAttribute(spdx, release),
    },
    fetchFrom: fetchFrom(file, isPublic),
    ...(sourcePath === undefined ? {} : { sourcePath }),
    ...(options.hash === null ? {} : { hash: options.hash }),
    ...(maintainer === undefined ? {} : { maintainer }),
  };
}
