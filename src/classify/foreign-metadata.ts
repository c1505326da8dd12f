import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import type { CoreMetadata } from '../pep/core-metadata.ts';
import { normalizeName } from '../pep/name.ts';
import { tryParseVersion } from '../pep/version.ts';
import type { Source } from './package-facts.ts';

/** A warning where the metadata in an archive speaks of another project or version than the name of the archive. */
export function foreignMetadata(
  metadata: CoreMetadata | null,
  release: { readonly name: string; readonly version: string; readonly source: Source },
): Note[] {
  if (metadata === null) return [];
  const version = tryParseVersion(metadata.version)?.text ?? metadata.version;
  if (normalizeName(metadata.name) === release.name && version === release.version) return [];
  const { source } = release;
  const file = source.kind === 'wheel' ? 'METADATA' : 'PKG-INFO';
  const filename = source.kind === 'sdist' || source.kind === 'wheel' ? source.filename : `the ${source.kind} source`;
  return [
    {
      kind: 'warning',
      text: `${file} of ${filename} is that of ${oneLine(`${metadata.name} ${metadata.version}`)}`,
      file,
    },
  ];
}
