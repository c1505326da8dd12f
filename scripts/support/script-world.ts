import os from 'node:os';
import { UserError } from '../../src/base/user-error.ts';
import type { ReadRelease } from '../../src/classify/classify.ts';
import { parseArguments } from '../../src/cli/options.ts';
import { createReleaseReader, type ReleaseReader } from '../../src/cli/release/release-reader.ts';
import { type RunTargets, runTargets } from '../../src/cli/run/targets.ts';
import { VERSION } from '../../src/cli/version.ts';
import { openWorld, type World } from '../../src/cli/world.ts';
import { compareVersions, isPrerelease, tryParseVersion, type Version } from '../../src/pep/version.ts';
import type { Release } from '../../src/resolve/provider.ts';

/** What a script takes from its process, or from a test. */
export interface ScriptHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The caller's folder: arguments are relative to it. */
  readonly directory: string;
  /** Where details go, absolute. */
  readonly output: string;
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
}

/** Indexes, network and cache as a command without options has them, and the targets of the default form. */
export interface ScriptWorld {
  readonly world: World;
  readonly targets: RunTargets;
  readonly reader: ReleaseReader;
  /** Null stands for the newest version that the default interpreter admits. */
  read(project: string, version: string | null): Promise<ReadRelease>;
}

/** How many projects are read at a time: reading is mostly waiting, and an sdist in work may take some tens of megabytes. */
export const PROJECTS_AT_A_TIME = Math.max(2, Math.min(6, os.availableParallelism() * 2));

/** Opens the world for `use` and closes it afterwards. */
export async function withScriptWorld<Result>(
  host: Pick<ScriptHost, 'environment' | 'directory'>,
  use: (world: ScriptWorld) => Promise<Result>,
): Promise<Result> {
  const invocation = parseArguments(['generate', 'any'], { version: VERSION, environment: host.environment });
  if (invocation.kind !== 'generate') throw new Error('no command that generates');
  const onProgress = (): void => {};
  const targets = runTargets(null, { pythons: null, platforms: null });
  const world = await openWorld(invocation.options, {
    environment: host.environment,
    directory: host.directory,
    onProgress,
  });
  try {
    const reader = createReleaseReader({
      world,
      targets,
      asOf: null,
      formatOf: async () => 'sdist',
      metadataFrom: 'sdist',
      onProgress,
    });
    return await use({
      world,
      targets,
      reader,
      read: async (project, version) => reader.read(project, await releaseOf(reader, project, version)),
    });
  } finally {
    await world.close();
  }
}

/** The version that is asked for, or the newest one; a UserError where the index has none. */
async function releaseOf(reader: ReleaseReader, project: string, asked: string | null): Promise<Version> {
  const releases = await reader.releases(project);
  if (releases === null) throw new UserError('E_NO_SUCH_PROJECT', `no index has the project ${project}`);
  const text = asked === null ? null : (tryParseVersion(asked)?.text ?? asked);
  const version =
    text === null ? newestOf(releases) : releases.find((release) => release.version.text === text)?.version;
  if (version === undefined)
    throw new UserError(
      'E_NO_MATCHING_VERSION',
      `the index has no release ${asked ?? 'that can be used'} of ${project}`,
    );
  return version;
}

function newestOf(releases: readonly Release[]): Version | undefined {
  const usable = releases.filter(({ excluded, yanked }) => excluded === null && yanked === null);
  const stable = usable.filter(({ version }) => !isPrerelease(version));
  const [newest] = (stable.length > 0 ? stable : usable).sort((a, b) => compareVersions(b.version, a.version));
  return newest?.version;
}
