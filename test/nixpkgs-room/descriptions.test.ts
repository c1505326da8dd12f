import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readDescriptions } from '../../src/nixpkgs/descriptions.ts';
import { describeWithNix } from '../support/nix.ts';

describeWithNix('what packages say of themselves', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nixpkgs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is read of more packages than fit into an argument of a command', async () => {
    const number = 6000;
    await writeFile(
      path.join(folder, 'default.nix'),
      `{ ... }: {
        python3Packages = builtins.listToAttrs (builtins.genList (each: {
          name = "made-up-package-with-a-name-\${toString each}";
          value.meta.description = "Number \${toString each}";
        }) ${number});
      }`,
    );
    const all = Array.from({ length: number }, (_, each) => each);
    const found = await readDescriptions(
      folder,
      all.map((each) => ['python3Packages', `made-up-package-with-a-name-${each}`]),
      process.env,
    );
    expect(found).toEqual(all.map((each) => `Number ${each}`));
  }, 60_000);
});
