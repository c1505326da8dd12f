import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { dialectFor } from '../../nix/dialect.ts';
import { checkForm } from '../../nix/environment-request.ts';
import { tryParseRequirement } from '../../pep/requirement.ts';
import { DISK } from '../../repository/file-system.ts';
import type { RecordedPackage } from '../../repository/generated-record.ts';
import type { Manifest } from '../../repository/manifest.ts';
import { readRecord } from '../../repository/plan-repository.ts';
import type { CommandResult } from '../options/command.ts';
import type { EnvOptions } from '../options/env-options.ts';
import { parseArguments } from '../options.ts';
import { projectOf } from '../repository/add.ts';
import { readRepositoryLock } from '../repository/repository-lock-file.ts';
import { manifestOptions, readManifest } from '../repository/repository-manifest.ts';
import { VERSION } from '../version.ts';
import type { CommandContext } from '../world.ts';
import { packageSetOf } from './package-set.ts';
import { environmentResult } from './result.ts';
import { chosenRoot } from './root.ts';

/** A repository, and what of it an environment is asked for. */
export interface RepositoryChoice {
  readonly root: string;
  readonly manifest: Manifest;
  readonly packages: readonly RecordedPackage[];
  /** PEP 503 names. */
  readonly asked: readonly string[];
}

/**
 * The repository that an environment is of: the one that is named, else that of the working directory where it has all that is asked for. Null: what is asked for are
 * requirements, with a note where a repository is passed over.
 * Throws UserError E_NOT_IN_REPOSITORY (exit 1) for what a named repository does not have, E_NO_REPOSITORY (2), E_BAD_MANIFEST (78), E_BAD_RECORD (65) and E_BAD_LOCK (65).
 */
export async function repositoryForEnvironment(
  options: EnvOptions,
  context: CommandContext,
): Promise<{ readonly choice: RepositoryChoice | null; readonly notes: readonly Note[] }> {
  const none = { choice: null, notes: [] };
  const { requirements, repository } = options;
  if (repository === null) return none;
  const root = chosenRoot(repository, context.directory);
  const readsFiles = options.requirementFiles.length + options.projectFiles.length > 0 || options.lock !== null;
  if (root === null || (repository.kind === 'search' && readsFiles)) return none;
  const manifest = await readManifest(root);
  const { packages } = await readRecord(DISK, { directory: root });
  const chosen = (asked: readonly string[]) => ({ choice: { root, manifest, packages, asked }, notes: [] });
  if (requirements.length === 0) return chosen(await wantedIn(root, context));
  const found = new Map(requirements.map((word) => [word, packageOfWord(word, packages)]));
  const missing = requirements.filter((word) => found.get(word) === null);
  if (missing.length === 0) return chosen([...found.values()].flatMap((each) => each?.name ?? []));
  if (repository.kind === 'search') return { choice: null, notes: [passedOver(missing, root)] };
  throw new UserError('E_NOT_IN_REPOSITORY', `${joinWords(missing)}: no package of this repository`, {
    exit: EXIT.unmet,
    hint: 'pypi2nix add puts it there; --no-repository makes a file that stands by itself',
  });
}

/** The package that a word names, with no more extras than the repository is asked for; null: none. */
function packageOfWord(word: string, packages: readonly RecordedPackage[]): RecordedPackage | null {
  const { name, extras, specifier, marker, url } = tryParseRequirement(word) ?? {};
  if (specifier?.length !== 0 || marker !== null || url !== null) return null;
  const found = packages.find((each) => each.name === name) ?? null;
  return extras?.every((extra) => found?.extras?.includes(extra) === true) === true ? found : null;
}

/** What the repository itself is asked for. */
async function wantedIn(root: string, context: CommandContext): Promise<readonly string[]> {
  const { lock } = await readRepositoryLock(root, context);
  return (lock?.requirements ?? []).flatMap((text) => projectOf(text) ?? []);
}

/** A note where a repository is passed over. */
function passedOver(names: readonly string[], root: string): Note {
  const text = `${joinWords(names)}: not of the repository ${root}, so the file stands by itself; pypi2nix add puts packages there`;
  return { kind: 'fallback', text };
}

/** An environment that uses the files of a repository. Nothing is resolved or generated. */
export async function repositoryEnvironment(
  { root, manifest, packages, asked }: RepositoryChoice,
  options: EnvOptions,
  context: CommandContext,
): Promise<CommandResult> {
  refuseDecided(options);
  const kept = manifestOptions(manifest, options);
  const { release, asked: stated, targets, names, notes } = await packageSetOf(kept, { ...context, directory: root });
  const dialect = dialectFor(release);
  checkForm(options.form, dialect);
  const python = options.pythons?.[0] ?? kept.pythons?.[0] ?? null;
  if (python !== null && dialect.packageSet === 'set' && !targets.pythons.includes(python))
    throw new UserError('E_USAGE', `--python ${python}: the repository is for ${joinWords(targets.pythons)}`, {
      exit: EXIT.usage,
      hint: 'put it into the list python of [options] in pypi2nix.toml, then pypi2nix add',
    });
  const attributes = new Map(packages.map(({ name, attribute }) => [name, attribute]));
  return environmentResult(
    {
      dialect,
      release: stated,
      python,
      targets,
      names,
      packages: { kind: 'repository', folder: root, calls: packages },
      attributes: asked.flatMap((name) => attributes.get(name) ?? []),
      extras: packages.flatMap(({ name, attribute, extras = [] }) =>
        asked.includes(name) ? extras.map((extra) => ({ attribute, extra })) : [],
      ),
      generated: attributes,
      assumed: [],
      onlyFor: null,
      notes,
    },
    options,
  );
}

/** Options that a repository decides: what is said of them beside would be passed over in silence. */
const DECIDED = {
  release: '--release',
  platforms: '--platform',
  deps: '--deps',
  bootstrap: '--bootstrap',
  relax: '--relax',
  extras: '--extras',
  checks: '--no-checks',
  withChecks: '--with-checks',
  format: '--format',
  resolution: '--resolution',
  prefer: '--prefer',
  asOf: '--as-of',
  pre: '--pre',
  constraintFiles: '-c',
  requirementFiles: '-r',
  projectFiles: '-p',
  groups: '--group',
  lock: '--lock',
  overrides: '--overrides',
  indexUrl: '--index-url',
  extraIndexUrls: '--extra-index-url',
  findLinks: '--find-links',
  noIndex: '--no-index',
  hash: '--hash',
} as const satisfies Partial<Record<keyof EnvOptions, string>>;

function refuseDecided(options: EnvOptions): void {
  const plain = parseArguments(['env'], { version: VERSION, environment: {} });
  if (plain.kind !== 'env') throw new Error('env is a command');
  const usual = new Map<string, unknown>(Object.entries(plain.options));
  const stated = new Map<string, unknown>(Object.entries(options));
  const given = Object.entries(DECIDED).flatMap(([name, flag]) =>
    JSON.stringify(stated.get(name)) === JSON.stringify(usual.get(name)) ? [] : [flag],
  );
  if (given.length === 0) return;
  throw new UserError('E_USAGE', `the repository decides ${joinWords(given)}`, {
    exit: EXIT.usage,
    hint: 'put it into [options] of pypi2nix.toml, then pypi2nix add; --no-repository makes a file that stands by itself',
  });
}
