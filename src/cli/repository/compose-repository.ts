import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { compareText } from '../../base/text.ts';
import { UserError, userErrorsOf } from '../../base/user-error.ts';
import { requirementText } from '../../lock/pylock-of-resolution.ts';
import type { RepositoryLock } from '../../lock/repository-lock.ts';
import { DEFAULT_RELEASE, dialectFor } from '../../nix/dialect.ts';
import { type DevelopedProject, environmentFiles } from '../../nix/environment-files.ts';
import { type AskedExtra, askedExtras } from '../../nix/environment-members.ts';
import type { PackageToPrint } from '../../nix/package-names.ts';
import { repositoryFiles } from '../../nix/repository-files.ts';
import type { RecordedPackage } from '../../repository/generated-record.ts';
import type { Manifest } from '../../repository/manifest.ts';
import type { RepositoryTexts } from '../../repository/plan-repository.ts';
import type { GeneratedText } from '../../repository/write-plan.ts';
import { namesSince } from '../closure/names-since.ts';
import { packagesToPrint } from '../closure/packages-to-print.ts';
import type { GenerateOptions } from '../options.ts';
import { runOverrides } from '../overrides/override-layers.ts';
import { type FoundRun, withFoundRun } from '../run/found-run.ts';
import { runTargets } from '../run/targets.ts';
import type { CommandContext } from '../world.ts';
import { manifestOptions, type WorkOptions } from './repository-manifest.ts';
import { lockedSeam } from './repository-seam.ts';
import { STANDING_FILES } from './standing-files.ts';

/** What a repository is to hold, and what is to be said of it. */
export interface ComposedRepository {
  readonly texts: RepositoryTexts;
  readonly notes: readonly Note[];
}

export interface ComposeRequest {
  /** The folder of the repository, absolute. */
  readonly root: string;
  readonly manifest: Manifest;
  /** Null only for a repository that asks for nothing. */
  readonly lock: RepositoryLock | null;
  readonly work: WorkOptions;
  readonly context: CommandContext;
}

/**
 * All generated files of a repository, from its manifest, its lock file and its overrides alone: the same on every machine. No index is asked; archives whose facts
 * the cache does not have are read from the addresses that the lock file has.
 *
 * Throws UserError E_LOCK_OUTDATED (exit 1) where the lock file was resolved for something else, and what generating throws.
 */
export async function composeRepository(request: ComposeRequest): Promise<ComposedRepository> {
  const { root, manifest, lock, work } = request;
  const options = manifestOptions(manifest, work);
  if (options.requirements.length === 0) return { texts: textsOf([], { options, develop: [] }), notes: [] };
  if (lock === null) throw outdated('there is no lock file yet');
  const context = { ...request.context, directory: root };
  const rulesOf = await runOverrides(options.overrides, context);
  const seam = await lockedSeam(lock, { root, pins: manifest.pins });
  try {
    return await withFoundRun(options, { context, rulesOf, seam }, (found) => composed(found, request));
  } catch (thrown) {
    throw withLockHint(thrown);
  }
}

async function composed(found: FoundRun, { root, manifest, lock }: ComposeRequest): Promise<ComposedRepository> {
  const { inputs, names, reader, closure, world } = found;
  const asked = sorted(inputs.requested.requirements.map(requirementText));
  if (lock !== null && asked.join('\n') !== sorted(lock.requirements).join('\n')) {
    throw outdated('it was resolved for other requirements than those of pypi2nix.toml');
  }
  const settled = await found.settled();
  const { options, release } = inputs;
  const toPrint = await packagesToPrint(settled.packages, {
    options,
    names,
    release,
    reader,
    directory: root,
    output: '.',
  });
  const develop = manifest.develop.flatMap((folder): DevelopedProject[] => {
    const whole = path.resolve(root, folder);
    const name = [...reader.addresses].find(
      ([, address]) => address.kind === 'directory' && address.path === whole,
    )?.[0];
    if (name === undefined) return [];
    return [{ name, attribute: names.attributeForGenerated(name), folder: path.relative(root, whole) || '.' }];
  });
  const generated = new Set(toPrint.map(({ facts }) => facts.name));
  const direct = found.direct.filter((name) => generated.has(name)).map(names.attributeForGenerated);
  const { extras, notes } = askedExtras(closure.roots, toPrint, dialectFor(options.release ?? DEFAULT_RELEASE));
  const written = textsOf(toPrint, { options, develop, direct, extras, pythons: inputs.targets.pythons });
  return {
    texts: written,
    notes: [
      ...inputs.requested.notes,
      ...world.notes,
      ...closure.notes,
      ...settled.notes,
      ...namesSince(settled.packages, { options, names }).notes,
      ...settled.packages.flatMap((facts) => facts.notes),
      ...notes,
      ...written.notes,
    ],
  };
}

function textsOf(
  packages: readonly PackageToPrint[],
  {
    options,
    develop,
    direct = [],
    extras = [],
    pythons,
  }: {
    readonly options: GenerateOptions;
    readonly develop: readonly DevelopedProject[];
    /** Attributes of what is asked for. */
    readonly direct?: readonly string[];
    /** Extras that are asked for of these. */
    readonly extras?: readonly AskedExtra[];
    readonly pythons?: readonly string[];
  },
): RepositoryTexts & { readonly notes: readonly Note[] } {
  const dialect = dialectFor(options.release ?? DEFAULT_RELEASE);
  const targets = runTargets(options.release, options);
  const environment = [...new Set(direct)].sort(compareText);
  const { files, calls, notes } = repositoryFiles(packages, {
    dialect,
    pythons: pythons ?? targets.pythons,
    topPython: options.pythons?.[0] ?? null,
    environment,
    extras,
  });
  // The projects that are worked on are imported from their trees, and not from what is built of them.
  const around = environmentFiles({
    dialect,
    release: options.release,
    platforms: targets.platforms,
    develop,
    environment,
    extras,
  });
  const texts = new Map<string, GeneratedText>([...files].map(([file, text]) => [file, { text }]));
  for (const [file, text] of [...around, ...STANDING_FILES]) texts.set(file, { text, isOptional: true });
  return {
    files: texts,
    isOrphan: () => true,
    packages: calls.map((call) => withExtras(call, extras)),
    generation: dialect.generation,
    notes,
  };
}

function withExtras(call: RecordedPackage, extras: readonly AskedExtra[]): RecordedPackage {
  const own = extras.filter(({ attribute }) => attribute === call.attribute).map(({ extra }) => extra);
  return own.length === 0 ? call : { ...call, extras: own };
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}

function outdated(why: string): UserError {
  return new UserError('E_LOCK_OUTDATED', `pylock.toml cannot be generated from: ${why}`, {
    hint: 'pypi2nix add, without names, resolves what pypi2nix.toml asks for, and keeps the versions that still fit',
  });
}

/** What cannot be resolved from the lock file may well be with the indexes. */
function withLockHint(thrown: unknown): unknown {
  const [error, ...others] = userErrorsOf(thrown) ?? [];
  if (error === undefined || others.length > 0) return thrown;
  if (!['E_NO_SUCH_PROJECT', 'E_UNSATISFIABLE', 'E_NO_MATCHING_VERSION'].includes(error.code)) return thrown;
  return new UserError('E_LOCK_OUTDATED', `pylock.toml does not have what is needed: ${error.message}`, {
    hint: 'pypi2nix add, without names, resolves what pypi2nix.toml asks for, and keeps the versions that still fit',
    exit: error.exit,
    cause: error,
  });
}
