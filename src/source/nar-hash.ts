import { createHash, type Hash } from 'node:crypto';

/** A file, link or folder as Nix sees it: of the mode only whether the owner may execute it counts. Names are bytes, one character each (latin1). */
export type NarNode =
  | {
      readonly kind: 'file';
      readonly executable: boolean;
      /** Bytes. */
      readonly size: number;
      readonly content: () => AsyncIterable<Uint8Array>;
    }
  | { readonly kind: 'symlink'; readonly target: Uint8Array }
  | { readonly kind: 'directory'; readonly entries: ReadonlyMap<string, NarNode> };

/**
 * The sha256 (hex) of the Nix archive of a tree: what `nix-hash --type sha256` and the `hash` of `fetchgit` are of.
 * The format is that of the Nix manual, "Nix Archive (NAR)": every text has its length in 8 bytes (little endian) before it and zeros up to the next multiple of 8.
 * Throws Error for a file whose content has another size than it says.
 */
export async function narHash(root: NarNode): Promise<string> {
  const hash = createHash('sha256');
  text(hash, 'nix-archive-1');
  await node(hash, root);
  return hash.digest('hex');
}

/** node = "(" "type" ( "regular" [ "executable" "" ] "contents" bytes / "symlink" "target" bytes / "directory" *entry ) ")" */
async function node(hash: Hash, tree: NarNode): Promise<void> {
  text(hash, '(', 'type');
  switch (tree.kind) {
    case 'file':
      text(hash, 'regular', ...(tree.executable ? ['executable', ''] : []), 'contents');
      await content(hash, tree);
      break;
    case 'symlink':
      text(hash, 'symlink', 'target');
      bytes(hash, tree.target);
      break;
    case 'directory':
      text(hash, 'directory');
      for (const name of [...tree.entries.keys()].sort(byBytes)) await entry(hash, name, tree.entries.get(name));
      break;
  }
  text(hash, ')');
}

/** entry = "entry" "(" "name" name "node" node ")" */
async function entry(hash: Hash, name: string, tree: NarNode | undefined): Promise<void> {
  if (tree === undefined) return;
  text(hash, 'entry', '(', 'name');
  bytes(hash, Buffer.from(name, 'latin1'));
  text(hash, 'node');
  await node(hash, tree);
  text(hash, ')');
}

async function content(hash: Hash, file: NarNode & { readonly kind: 'file' }): Promise<void> {
  length(hash, file.size);
  let read = 0;
  for await (const chunk of file.content()) {
    hash.update(chunk);
    read += chunk.length;
  }
  if (read !== file.size) throw new Error(`a file of ${file.size} bytes gave ${read}`);
  pad(hash, file.size);
}

function text(hash: Hash, ...texts: readonly string[]): void {
  for (const each of texts) bytes(hash, Buffer.from(each));
}

function bytes(hash: Hash, value: Uint8Array): void {
  length(hash, value.length);
  hash.update(value);
  pad(hash, value.length);
}

function length(hash: Hash, value: number): void {
  const field = Buffer.alloc(8);
  field.writeBigUInt64LE(BigInt(value));
  hash.update(field);
}

function pad(hash: Hash, size: number): void {
  hash.update(Buffer.alloc((8 - (size % 8)) % 8));
}

// One character is one byte here, so the order of code units is that of bytes, which Nix sorts by.
function byBytes(a: string, b: string): number {
  return a < b ? -1 : 1;
}
