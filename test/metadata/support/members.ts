import type { ArchiveMember } from '../../../src/archive/read-archive.ts';

/** The members of a made-up sdist: its files by path below the root folder, in this order. */
export async function* members(
  files: Readonly<Record<string, string>>,
  root = 'sample-1.0',
): AsyncGenerator<ArchiveMember> {
  for (const [path, text] of Object.entries(files)) {
    const content = new TextEncoder().encode(text);
    yield {
      path: root === '' ? path : `${root}/${path}`,
      kind: 'file',
      size: content.length,
      bytes: async () => content,
    };
  }
}
