import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { useCommandBench } from '../cli/support/run-command.ts';
import { EIGHT, serveEight } from './support/eight-packages.ts';
import { evaluateNix } from './support/nix.ts';
import { aroundModern, describeWithNixpkgs } from './support/real-nixpkgs.ts';

const bench = useCommandBench();
beforeEach(() => serveEight(bench()));

/** The Nix files of a folder of -o and the file of the same command without it, by path. */
async function bothForms(release: string, names: readonly string[]): Promise<Map<string, string>> {
  const args = ['-q', '--release', release, '--overrides', 'rules', ...names];
  const one = await bench().run(args);
  const many = await bench().run([...args, '-o', 'packages']);
  expect([one.code, one.stderr, many.code, many.stderr]).toEqual([0, '', 0, '']);
  const folder = path.join(bench().folder, 'packages');
  const paths = (await readdir(folder, { recursive: true })).filter((file) => /\.nix$|Cargo\.lock$/u.test(file));
  const files = await Promise.all(
    paths.map(async (file) => [file, await readFile(path.join(folder, file), 'utf8')] as const),
  );
  return new Map([...files, ['python-packages.nix', one.stdout]]);
}

/**
 * Whether the two forms give the same derivation of each of the eight, by name; of `others` only whether both give one. In a folder the Cargo.lock is a file of its
 * own, so that made-up-mill is another derivation.
 */
function comparison(one: string, folder: string, names: readonly string[], others: readonly string[] = []): string {
  const same = names.map((name) =>
    name === 'made-up-mill' || others.includes(name)
      ? `builtins.isString ${folder}.${name}.drvPath`
      : `${one}.${name}.drvPath == ${folder}.${name}.drvPath`,
  );
  return `[ ${same.map((each) => `(${each})`).join(' ')} ]`;
}

/** In one file Python packages stand behind libraries, in a folder all inputs in one order. */
const ORDERED = ['made-up-kettle'];

for (const release of ['16.03', '16.09', '17.03']) {
  describeWithNixpkgs(`NIXPKGS_${release.replace('.', '_')}`, (checkout) => {
    it('makes the same of a folder as of one file', async () => {
      const names = EIGHT.filter((name) => release === '17.03' || name !== 'made-up-lid');
      const files = await bothForms(release, names);
      const value = await evaluateNix(
        `let
          one = import ./python-packages.nix { };
          folder = import ./default.nix { };
        in ${comparison('one', 'folder.python35', names, ORDERED)}`,
        { nixPath: `nixpkgs=${checkout}`, files },
      );
      expect(value).toEqual(new Array(names.length).fill(true));
    });
  });
}

const OVERLAYS = `
  pkgs = import <nixpkgs> { };
  one = (pkgs.python3.override { packageOverrides = import ./python-packages.nix; }).pkgs;
  overlaid = (pkgs.python3.override { packageOverrides = import ./overlay.nix; }).pkgs;
  folder = import ./default.nix { };
`;

for (const release of ['17.09', '18.03']) {
  describeWithNixpkgs(`NIXPKGS_${release.replace('.', '_')}`, (checkout) => {
    it('makes the same of a folder and its overlay as of one file', async () => {
      const files = await bothForms(release, EIGHT);
      const value = await evaluateNix(
        `let ${OVERLAYS} in ${comparison('one', 'folder', EIGHT)} ++ ${comparison('one', 'overlaid', EIGHT)} ++ ${comparison('one', 'folder.python36', EIGHT)}`,
        { nixPath: `nixpkgs=${checkout}`, files },
      );
      expect(value).toEqual(new Array(3 * EIGHT.length).fill(true));
    });
  });
}

describeWithNixpkgs('NIXPKGS_MODERN', (checkout) => {
  it.each(['26.05', '24.11', '24.05'])(
    'makes the same of a folder of %s and its overlay as of one file',
    async (release) => {
      const files = await bothForms(release, EIGHT);
      files.set('nixpkgs/default.nix', aroundModern(checkout, ['docopt', 'mock']));
      const value = await evaluateNix(
        `let ${OVERLAYS} in ${comparison('one', 'folder', EIGHT)} ++ ${comparison('one', 'overlaid', EIGHT)}`,
        { nixPath: 'nixpkgs=./nixpkgs', files },
      );
      expect(value).toEqual(new Array(2 * EIGHT.length).fill(true));
    },
  );
});
