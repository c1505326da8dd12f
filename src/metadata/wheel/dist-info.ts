import { countOf } from '../../base/text.ts';
import { UserError } from '../../base/user-error.ts';
import type { IndexFile } from '../../index/project-page.ts';
import { type CoreMetadata, parseCoreMetadata } from '../../pep/core-metadata.ts';
import { normalizeName } from '../../pep/name.ts';
import { compareVersions, tryParseVersion } from '../../pep/version.ts';
import { parseWheelName } from '../../pep/wheel-name.ts';
import { metadataLines } from '../metadata-lines.ts';
import { badWheel } from './bad-wheel.ts';

/** Real ones have at most some 400 kB, a long description included. */
export const MAX_METADATA_BYTES = 4 * 1024 ** 2;
export const MAX_ENTRY_POINTS_BYTES = 1024 ** 2;

/**
 * The one `NAME-VERSION.dist-info` folder of a wheel that has a METADATA. Throws UserError `E_BAD_WHEEL` for none and for several:
 * then each reader could take another one.
 */
export function distInfoFolder(paths: readonly string[], wheel: string): string {
  const found = paths.flatMap((path) => /^([^/]+\.dist-info)\/METADATA$/.exec(path)?.[1] ?? []);
  const [folder] = found;
  if (folder === undefined) throw badWheel(wheel, 'has no METADATA in a dist-info folder');
  if (found.length > 1) throw badWheel(wheel, `has ${countOf(found.length, 'METADATA file')} in dist-info folders`);
  return folder;
}

/**
 * Reads the METADATA of a wheel. Throws UserError `E_BAD_WHEEL` when it is none, or speaks of another project or version than the
 * file name, as pip does: such a file stands where another one belongs.
 */
export function wheelCoreMetadata(bytes: Uint8Array, file: IndexFile): CoreMetadata {
  const metadata = parsed(bytes, file);
  const expected = parseWheelName(file.filename);
  if (expected === null) return metadata;
  const version = tryParseVersion(metadata.version);
  const isOther =
    normalizeName(metadata.name) !== expected.name ||
    version === null ||
    compareVersions(version, expected.version) !== 0;
  if (!isOther) return metadata;
  throw badWheel(file.filename, `has the metadata of ${metadata.name} ${metadata.version}`);
}

function parsed(bytes: Uint8Array, file: IndexFile): CoreMetadata {
  try {
    const text = new TextDecoder().decode(bytes);
    return { ...parseCoreMetadata(text), lines: metadataLines(text) };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'E_BAD_METADATA') throw error;
    throw badWheel(file.filename, `has damaged metadata: ${error.message}`, error);
  }
}
