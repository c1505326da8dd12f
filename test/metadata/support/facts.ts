import { readSdist } from '../../../src/metadata/read-sdist.ts';
import type { SdistFacts } from '../../../src/metadata/release-facts.ts';
import { members } from './members.ts';

/** The facts of a made-up sdist of the project `sample` with these files. */
export function factsOf(files: Readonly<Record<string, string>>, name = 'sample'): Promise<SdistFacts> {
  return readSdist(members(files), { name, version: '1.0', filename: `${name}-1.0.tar.gz` });
}

/** A PKG-INFO of some metadata version with these further header lines. */
export function pkgInfo(version: string, ...lines: readonly string[]): string {
  return [`Metadata-Version: ${version}`, 'Name: sample', 'Version: 1.0', ...lines, '', ''].join('\n');
}
