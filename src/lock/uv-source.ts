import { oneLine } from '../base/text.ts';
import { keys, optional, text } from '../pep/pylock-schema.ts';
import type { SourceAddress } from '../pep/source-address.ts';
import { addressOf, type SourcePlace } from './lock-address.ts';

/** `source` of a package: one of these keys, and beside `url` perhaps a subdirectory. */
export const SOURCE = keys({
  registry: optional(text),
  git: optional(text),
  url: optional(text),
  path: optional(text),
  directory: optional(text),
  editable: optional(text),
  virtual: optional(text),
  subdirectory: optional(text),
});

const KINDS = ['registry', 'git', 'url', 'path', 'directory', 'editable', 'virtual'] as const;

type UvSourceTable = Readonly<Record<(typeof KINDS)[number] | 'subdirectory', string | null>>;

/**
 * A source as text, `kind value`, by which sources are compared, and its address: null for a registry and for `virtual`, which is no package.
 * Faults are reported where there is a place. `sha256` is that of the one file of an archive.
 */
export function readUvSource(
  source: UvSourceTable,
  sha256: string | null,
  place: SourcePlace | null,
): { readonly text: string; readonly address: SourceAddress | null } {
  const kind = KINDS.find((candidate) => source[candidate] !== null);
  const value = kind === undefined ? null : source[kind];
  if (kind === undefined || value === null) {
    place?.faults.report(place.path, `must have one of ${KINDS.join(', ')}`);
    return { text: '', address: null };
  }
  const text = `${kind} ${value}${source.subdirectory === null ? '' : ` ${source.subdirectory}`}`;
  return { text, address: place === null ? null : addressIn(kind, value, { source, sha256, place }) };
}

function addressIn(
  kind: (typeof KINDS)[number],
  value: string,
  {
    source,
    sha256,
    place,
  }: { readonly source: UvSourceTable; readonly sha256: string | null; readonly place: SourcePlace },
): SourceAddress | null {
  const { subdirectory } = source;
  switch (kind) {
    case 'registry':
    case 'virtual':
      return null;
    case 'url':
      return addressOf({ kind: 'archive', url: value, path: null, sha256, subdirectory }, place);
    case 'path':
      return addressOf({ kind: 'archive', url: null, path: value, sha256, subdirectory }, place);
    case 'directory':
    case 'editable':
      return addressOf({ kind: 'directory', path: value, editable: kind === 'editable', subdirectory }, place);
    case 'git':
      return gitAddress(value, place);
  }
}

/** git = url [ "?" query ] "#" commit, where the query tells rev, tag or branch, and subdirectory */
function gitAddress(value: string, place: SourcePlace): SourceAddress | null {
  const [, url = '', query = '', commit = ''] = /^([^?#]*)(?:\?([^#]*))?#([0-9a-fA-F]+)$/su.exec(value) ?? [];
  if (url === '') {
    place.faults.report(
      place.path,
      `must end in "#" and a commit: ${oneLine(value.slice(0, 200)).replace(/\/\/[^/]*@/u, '//')}`,
    );
    return null;
  }
  const subdirectory = new URLSearchParams(query).get('subdirectory');
  return addressOf({ kind: 'git', url, path: null, commit, subdirectory }, place);
}
