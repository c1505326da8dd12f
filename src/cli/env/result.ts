import type { Note } from '../../base/note.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import { compareText, sortedUnique } from '../../base/text.ts';
import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import type { Dialect } from '../../nix/dialect.ts';
import type { AskedExtra } from '../../nix/environment-members.ts';
import type { EnvironmentPackages, EnvironmentRequest } from '../../nix/environment-request.ts';
import { environmentFile } from '../../nix/environment-text.ts';
import { usageCommands } from '../../nix/environment-usage.ts';
import { interpreterAttribute } from '../../nix/single-file.ts';
import { normalizeName } from '../../pep/name.ts';
import { noteLines } from '../../report/notes.ts';
import { commandForHeader } from '../command-line.ts';
import { provenance } from '../generate.ts';
import type { CommandResult } from '../options/command.ts';
import type { EnvOptions } from '../options/env-options.ts';
import type { RunNames } from '../run/run-names.ts';
import type { RunTargets } from '../run/targets.ts';

/** What a run of `env` has found. */
export interface FoundEnvironment {
  readonly dialect: Dialect;
  /** The release that was asked for, by the user, by the manifest or by the nixpkgs. */
  readonly release: string | null;
  /** X.Y of the interpreter that was asked for; null: the release's own. */
  readonly python: string | null;
  readonly targets: RunTargets;
  readonly names: RunNames;
  readonly packages: EnvironmentPackages;
  /** Attributes of `packages` that are asked for. */
  readonly attributes: readonly string[];
  /** Extras that are asked for of these. */
  readonly extras: readonly AskedExtra[];
  /** Attributes of `packages` by project, for names in `--with`. */
  readonly generated: ReadonlyMap<string, string>;
  readonly assumed: readonly string[];
  readonly onlyFor: string | null;
  /** As in `Generated`; missing: null. */
  readonly since?: string | null;
  readonly notes: readonly Note[];
}

/** Prints an environment. Throws UserError E_NOT_IN_NIXPKGS (exit 1) for names in `with`, and what `environmentFile` throws. */
export function environmentResult(found: FoundEnvironment, options: EnvOptions): CommandResult {
  const { dialect, release, targets } = found;
  // Releases without overlays have no `python3` that versions are chosen for.
  const python = found.python ?? (dialect.packageSet === 'set' ? (targets.pythons[0] ?? null) : null);
  const request: EnvironmentRequest = {
    form: options.form,
    dialect,
    release,
    interpreter: options.interpreter ?? (python === null ? 'python3' : interpreterAttribute(python)),
    packages: found.packages,
    attributes: sortedUnique(found.attributes),
    extras: found.extras,
    with: attributesOfSet(found, options.with),
    name: options.name,
    platforms: targets.platforms,
    pure: options.pure,
    run: options.run,
    header: {
      ...provenance(found, { release }),
      command: commandOf(options, options.form),
      // A repository and nixpkgs speak for themselves.
      ...(found.packages.kind === 'repository' ? { isStandIn: false } : {}),
    },
    beside: besideOf(found, options),
  };
  const { text, notes } = environmentFile(request);
  const tellsUse = options.run !== null || options.pure;
  return {
    stdout: text,
    report: (style) => [
      ...noteLines([...found.notes, ...notes], style),
      ...(tellsUse
        ? [
            `use it: ${usageCommands(request).at(request.form === 'build-env' || request.form === 'with-packages' ? -1 : 0) ?? ''}`,
          ]
        : []),
    ],
  };
}

/** The `shell.nix` of a repository has all that it asks for, and is there already. */
function besideOf({ packages }: FoundEnvironment, options: EnvOptions): EnvironmentRequest['beside'] {
  const command = commandOf(options, 'shell');
  if (packages.kind === 'generated') return { file: 'shell.nix', command };
  const isWhole = options.requirements.length + options.with.length === 0 && options.pythons === null;
  return isWhole ? { file: 'shell.nix', command: null } : { file: 'environment.nix', command };
}

/** The attributes of what comes from the package set, in order. */
function attributesOfSet({ names, generated }: FoundEnvironment, given: readonly string[]): readonly string[] {
  const found = given.map((name) => attributeIn(name.trim(), { names, generated }));
  throwAll(found.flatMap((each) => (typeof each === 'string' ? [] : [each])));
  return [...new Set(found.flatMap((each) => (typeof each === 'string' ? [each] : [])))].sort(compareText);
}

/** By the name of its project, else an attribute as it is written. */
function attributeIn(
  name: string,
  { names, generated }: Pick<FoundEnvironment, 'names' | 'generated'>,
): string | UserError {
  const project = normalizeName(name);
  const known = generated.get(project) ?? names.inSet(project)?.attribute;
  if (known !== undefined) return known;
  if (names.hasAttribute(name)) return name;
  const why =
    names.source === null
      ? 'of nixpkgs no package is taken, because of --bootstrap or --nixpkgs none'
      : `${names.source} has no package of that name`;
  return new UserError('E_NOT_IN_NIXPKGS', `--with ${JSON.stringify(name)}: ${why}`, {
    exit: EXIT.unmet,
    hint: `name it without --with, so that it is generated: pypi2nix env ${shellQuote(name)}`,
  });
}

function commandOf(options: EnvOptions, form: EnvOptions['form']): string {
  return commandForHeader(options, [
    'pypi2nix',
    'env',
    ...(form === 'shell' ? [] : ['--form', form]),
    ...(options.with.length === 0 ? [] : ['--with', options.with.join(',')]),
    ...(form !== options.form
      ? []
      : [...(options.pure ? ['--pure'] : []), ...(options.run === null ? [] : ['--run', options.run])]),
    ...(options.name === 'python' ? [] : ['--name', options.name]),
    ...(options.interpreter === null ? [] : ['--interpreter', options.interpreter]),
    ...(options.repository === null ? ['--no-repository'] : []),
  ]);
}
