import type { ArchiveMember } from '../archive/read-archive.ts';
import { badSource } from './bad-source.ts';
import { TREE_ROOT } from './directory-members.ts';

/**
 * The members below a folder of the tree (`a/b`), with that folder as their root: what `#subdirectory=` of an address means. Members have one root
 * folder before and after; those that lie outside of the folder are passed over.
 * Throws UserError E_BAD_SOURCE (exit 65) where nothing is below it; `label` is what the error calls the tree.
 */
export async function* rerooted(
  members: AsyncIterable<ArchiveMember>,
  { subdirectory, label }: { readonly subdirectory: string; readonly label: string },
): AsyncGenerator<ArchiveMember> {
  let isThere = false;
  for await (const member of members) {
    const slash = member.path.indexOf('/');
    const below = slash < 0 ? '' : member.path.slice(slash + 1);
    if (!below.startsWith(`${subdirectory}/`)) continue;
    isThere = true;
    const path = `${TREE_ROOT}/${below.slice(subdirectory.length + 1)}`;
    yield { path, kind: member.kind, size: member.size, bytes: (limit) => member.bytes(limit) };
  }
  if (!isThere) throw badSource(label, `has no folder ${JSON.stringify(subdirectory)}`);
}
