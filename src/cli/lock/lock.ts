import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { countOf, excerpt, joinWords } from '../../base/text.ts';
import { pylockOf } from '../../lock/pylock-of-resolution.ts';
import { formatPylock, type Pylock } from '../../pep/pylock.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { noteLines } from '../../report/notes.ts';
import { type RunTimeResolution, withRunTimeResolution } from '../closure/run-time-resolution.ts';
import type { CommandResult } from '../options/command.ts';
import type { LockOptions } from '../options.ts';
import { lowestPython } from '../run/targets.ts';
import type { CommandContext } from '../world.ts';
import type { BuildSolves } from './lock-builds.ts';
import { NO_PREFERENCES } from './lock-input.ts';
import { openLockOutput, outputPreferences, writeLockOutput } from './lock-output.ts';
import { filesOfReleases, type ReleaseFiles } from './locked-files.ts';

/**
 * `pypi2nix lock`: the run-time resolution for all targets as a lock file of PEP 751, on stdout or in a file. Versions of an existing file are kept where they
 * still fit. The text holds nothing of the day on which it is made. Throws UserError for all that the user can cause.
 */
export async function lock(options: LockOptions, context: CommandContext): Promise<CommandResult> {
  const { output: given, force } = options;
  const output = given === null ? null : await openLockOutput(given, { directory: context.directory, force });
  // Loaded only then: classification is much of the program.
  const builds = options.withBuilds ? await import('./lock-builds.ts') : null;
  // Of rules a lock needs those that say how sdists are read.
  const rulesOf = builds === null ? null : await builds.rulesOfBuilds(options, context);
  return withRunTimeResolution(options, context, {
    rulesOf,
    fallback: output === null || options.upgrade ? NO_PREFERENCES : outputPreferences(output),
    servesAdmitted: true,
    async use(resolved) {
      const { world, resolution, reader, admitted, locked } = resolved;
      const releases = [...resolution.packages.values()].filter(({ name }) => !reader.addresses.has(name));
      const found = await filesOfReleases(releases, { reader, http: world.http, jobs: options.jobs, admitted, locked });
      const solves =
        builds === null || rulesOf === null
          ? NO_BUILD_SOLVES
          : await builds.solveBuilds(resolved, { options, context, rulesOf });
      const declared = new Map(
        await Promise.all(
          [...resolution.packages.values()].map(
            async ({ name, version }) => [name, await reader.requirements(name, version)] as const,
          ),
        ),
      );
      const folder = output === null ? context.directory : path.dirname(output.file);
      const made = pylockFor(resolved, { files: found.files, solves, declared, directory: folder });
      const text = formatPylock(made);
      const isWritten = output === null ? null : await writeLockOutput(output, text);
      const notes = [
        ...resolved.notes,
        ...world.notes,
        ...found.notes,
        ...solves.notes,
        ...leftOutNotes(made),
        ...(output === null ? pathNotes(made, folder) : []),
      ];
      const size = countOf(resolution.packages.size, 'package');
      return {
        stdout: output === null ? text : '',
        report: (style) => [
          ...noteLines(notes, style),
          ...(isWritten === null ? [] : [`${isWritten ? style.bold('wrote') : 'unchanged:'} ${given} (${size})`]),
        ],
      };
    },
  });
}

const NO_BUILD_SOLVES: BuildSolves = { builds: new Map(), checks: new Map(), notes: [] };

function pylockFor(
  { resolution, roots, targets, reader }: RunTimeResolution,
  {
    files,
    solves,
    declared,
    directory,
  }: {
    readonly directory: string;
    readonly files: ReadonlyMap<string, ReleaseFiles>;
    readonly solves: BuildSolves;
    readonly declared: ReadonlyMap<string, readonly Requirement[]>;
  },
): Pylock {
  return pylockOf({
    resolution,
    requested: roots,
    targets: targets.environments,
    requiresPython: `>=${lowestPython(targets.pythons)}`,
    filesOf: files,
    addresses: reader.addresses,
    directory,
    builds: solves.builds,
    checks: solves.checks,
    tool: {},
    declared,
  });
}

/** A note for each package of a lock file on stdout that has a path, which is right in one folder only. */
function pathNotes({ packages }: Pylock, folder: string): Note[] {
  return packages.flatMap(({ name, directory, archive }): Note[] => {
    const local = directory?.path ?? archive?.path ?? null;
    if (local === null) return [];
    const text = `its source is the path ${excerpt(local)}: save the output as a file in ${excerpt(folder)}, or the path leads elsewhere`;
    return [{ kind: 'warning', project: name, text }];
  });
}

/** A note for each release of which the standard has no place for some files. */
function leftOutNotes({ packages }: Pylock): Note[] {
  return packages.flatMap(({ name, tool }) => {
    const own = tool?.pypi2nix;
    const files = typeof own === 'object' && own !== null && 'left-out' in own ? own['left-out'] : null;
    if (!Array.isArray(files) || files.length === 0) return [];
    const text = `the lock file cannot hold ${joinWords(files.map(String))}: it needs names that tell project and version, and has room for one sdist`;
    return [{ kind: 'omitted', project: name, text }];
  });
}
