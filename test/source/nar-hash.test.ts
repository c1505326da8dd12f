import { describe, expect, it } from 'vitest';
import { type NarNode, narHash } from '../../src/source/nar-hash.ts';

function file(text: string, executable = false): NarNode {
  const bytes = Buffer.from(text);
  return {
    kind: 'file',
    executable,
    size: bytes.length,
    async *content() {
      yield bytes;
    },
  };
}

describe('the hash of a Nix archive', () => {
  // Each is what `nix-hash --type sha256` of Nix 2.8.0 says.
  it.each<[string, NarNode, string]>([
    [
      'an empty folder',
      { kind: 'directory', entries: new Map() },
      'a50a5ab6d992f5598edd92105059fae9acfc192981e08bd88534c2167e92526a',
    ],
    ['a file', file('hello\n'), '1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13'],
    ['an executable file', file('hello\n', true), '65436039d3f93ca19a8dbf1c60b15739ed58f53f14b8d372acc1b351533010fa'],
    [
      'a link',
      { kind: 'symlink', target: Buffer.from('a/b') },
      '62476d111b04cd0dd70c9dd4bb885c47fe32cfb65d4a617710d9fb92e5dbdb67',
    ],
    [
      'a folder, its names in the order of their bytes',
      {
        kind: 'directory',
        entries: new Map([
          ['b', file('')],
          ['a.b', file('12345678')],
          ['a', file('x')],
          ['B', file('y')],
        ]),
      },
      'de9e79eb2eb74964de73e02f96816378264dd264c017ca5cab70af5e0b7117f2',
    ],
  ])('of %s', async (_what, tree, hash) => {
    expect(await narHash(tree)).toBe(hash);
  });

  it('is not told of a file that changes its size', async () => {
    await expect(
      narHash({
        ...file('a'),
        kind: 'file',
        executable: false,
        size: 2,
        content: async function* () {
          yield Buffer.from('a');
        },
      }),
    ).rejects.toThrow('a file of 2 bytes gave 1');
  });
});
