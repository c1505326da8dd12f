import { UserError } from '../../src/base/user-error.ts';
import { chooseFile } from '../../src/index/choose-file.ts';
import type { IndexFile } from '../../src/index/project-page.ts';
import { metadataRequirements } from '../../src/metadata/release-requirements.ts';
import { contentsByRanges, contentsOfStream, type WheelContents } from '../../src/metadata/wheel/contents.ts';
import { wheelCoreMetadata } from '../../src/metadata/wheel/dist-info.ts';
import { openRanges } from '../../src/metadata/wheel/range-source.ts';
import type { Requirement } from '../../src/pep/requirement.ts';
import type { ScriptWorld } from './script-world.ts';

/** What a wheel of a release says. */
export interface StatedByWheel {
  readonly filename: string;
  readonly requirements: readonly Requirement[];
  readonly requiresPython: string | null;
  /** Of all its files. */
  readonly paths: readonly string[];
}

/**
 * What a wheel of the release says, one for a target where there is such; null where there is none. Its directory and METADATA are read by ranges.
 * Throws UserError E_BAD_WHEEL for a wheel that cannot be read, and E_INDEX_UNAVAILABLE.
 */
export async function readWheelOf(
  project: string,
  version: string,
  { reader, targets, world }: ScriptWorld,
): Promise<StatedByWheel | null> {
  const { files } = await reader.files(project, version);
  const wheels = files.filter(({ kind }) => kind === 'wheel');
  const file = chooseFile(wheels, { project, format: 'wheel', targets: targets.tags })?.file ?? wheels[0];
  if (file === undefined) return null;
  const { metadata, paths } = await contentsOf(file, world.http);
  const core = wheelCoreMetadata(metadata, file);
  const { requirements } = metadataRequirements(core, 'METADATA');
  return { filename: file.filename, requirements, requiresPython: core.requiresPython, paths };
}

async function contentsOf(file: IndexFile, http: ScriptWorld['world']['http']): Promise<WheelContents> {
  const answer = await openRanges(file, { http, retry: {} });
  if (answer.kind === 'ranges') return contentsByRanges(answer.source, { wheel: file.filename, wanted: 'all' });
  if (answer.kind === 'whole') return contentsOfStream(answer.response.body, file.filename);
  throw new UserError('E_BAD_WHEEL', `the index answers HTTP ${answer.status} for ${file.filename}`);
}
