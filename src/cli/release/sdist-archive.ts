import { hashingStream, verified } from '../../archive/digest.ts';
import { readArchive } from '../../archive/read-archive.ts';
import type { IndexFile } from '../../index/project-page.ts';
import { readSdist } from '../../metadata/read-sdist.ts';
import type { SdistFacts } from '../../metadata/release-facts.ts';

export interface ReadSdist {
  readonly facts: SdistFacts;
  /** Hex, of the archive. */
  readonly sha256: string;
}

/**
 * Reads an sdist through sha256 and the decompressor in one pass. Throws as `readSdist` does, and UserError `E_DIGEST_MISMATCH` (exit 65) where the index states
 * another digest. It stands in a file of its own because it brings the decompressors and the parser of Python, which a run from the cache can do without.
 */
export async function readSdistArchive(
  source: AsyncIterable<Uint8Array>,
  release: { readonly file: IndexFile; readonly project: { readonly name: string; readonly version: string } },
): Promise<ReadSdist> {
  const { file, project } = release;
  if (file.sha256 !== null) {
    const checked = verified(source, { sha256: file.sha256, what: file.filename });
    return { facts: await factsOf(checked), sha256: file.sha256 };
  }
  const hashed = hashingStream(source);
  return { facts: await factsOf(hashed.bytes), sha256: hashed.digest() };

  function factsOf(bytes: AsyncIterable<Uint8Array>): Promise<SdistFacts> {
    return readSdist(readArchive(bytes, { name: file.filename }), { ...project, filename: file.filename });
  }
}
