import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeWithNix } from '../support/nix.ts';
import { EIGHT } from './support/eight-packages.ts';
import { expectedInputs } from './support/expected-inputs.ts';
import { headerLine } from './support/header-line.ts';
import { evaluateNix } from './support/nix.ts';
import { RECORDED, recordingNixpkgs } from './support/recording-nixpkgs.ts';

const GOLDEN = fileURLToPath(new URL('../golden/releases', import.meta.url));
const PACKAGES = ['cython', 'docopt', 'hatchling', 'hypothesis', 'mock', 'pytest', 'pyyaml', 'setuptools'];

describeWithNix('the golden files of releases that are not at hand', () => {
  it.each(RECORDED)('of %s say what the classification says, in words that its builder reads', async (release) => {
    const files = new Map([
      ['nixpkgs/default.nix', recordingNixpkgs(release, [...PACKAGES, 'setuptools-rust', 'six'])],
    ]);
    const lines: string[] = [];
    for (const name of EIGHT) {
      const text = await readFile(path.join(GOLDEN, release, `${name}.nix`), 'utf8');
      files.set(`${name}.nix`, text);
      lines.push(`"${name}" = (builtins.head (${headerLine(text, `${name}.nix`)})).record;`);
    }

    const made = await evaluateNix(`{ ${lines.join('\n')} }`, { nixPath: 'nixpkgs=./nixpkgs', files });

    expect(made).toEqual(Object.fromEntries(EIGHT.map((name) => [name, expectedInputs(name, release)])));
  });

  it('fail in the words of another release', async () => {
    const text = await readFile(path.join(GOLDEN, '24.11', 'made-up-plate.nix'), 'utf8');
    const files = new Map([
      ['nixpkgs/default.nix', recordingNixpkgs('23.11', [...PACKAGES, 'setuptools-rust', 'six'])],
      ['made-up-plate.nix', text],
    ]);
    await expect(
      evaluateNix(`(builtins.head (${headerLine(text, 'made-up-plate.nix')})).record`, {
        nixPath: 'nixpkgs=./nixpkgs',
        files,
      }),
    ).rejects.toThrow('buildPythonPackage of 23.11 does not read build-system optional-dependencies');
  });
});
