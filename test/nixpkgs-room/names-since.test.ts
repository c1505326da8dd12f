import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CommandOutcome, useCommandBench } from '../cli/support/run-command.ts';
import { makeSdist } from '../support/archives.ts';

const bench = useCommandBench();

/** A project with an extension that links a library, under a licence. */
async function publish(library: string, licence: string): Promise<void> {
  const name = 'made-up-press';
  const setup = `from setuptools import setup, Extension\nsetup(name='${name}', version='1.0', ext_modules=[Extension('press', ['press.c'], libraries=['${library}'])])\n`;
  bench().index.project(name, [
    await makeSdist(name, '1.0', {
      'PKG-INFO': `Metadata-Version: 2.4\nName: ${name}\nVersion: 1.0\nLicense-Expression: ${licence}\n\n`,
      'setup.py': setup,
      'press.c': '\n',
    }),
  ]);
}

const run = (...args: string[]): Promise<CommandOutcome> => bench().run(['made-up-press', ...args]);

describe('names that came after the first release of the form', () => {
  it('are written without --release, and the header says from which release on they are there', async () => {
    await publish('pq', 'MIT-CMU');

    const { stdout } = await run();

    expect(stdout).toContain('# Use it as an overlay of a Python package set (nixpkgs 25.05 and later):');
    expect(stdout).toContain('buildInputs = [ libpq ];');
    expect(stdout).toContain('license = lib.licenses.mit-cmu;');
  });

  it('are those of the release with --release', async () => {
    await publish('pq', 'MIT-CMU');

    const { stdout, stderr } = await run('--release', '24.05');

    expect(stdout).toContain('buildInputs = [ postgresql ];');
    expect(stderr).toContain('lib.licenses has no name for the licence MIT-CMU');
  });

  it('change nothing where there are none', async () => {
    await publish('z', 'MIT');

    expect((await run()).stdout).toContain('(nixpkgs 24.05 and later):');
    expect((await run('-o', 'out')).stderr).not.toContain('and later');
  });

  it('are told in a note for a folder, whose files have no header', async () => {
    await publish('pq', 'MIT-CMU');

    const { stderr } = await run('-o', 'out');

    expect(stderr).toContain(
      'the expressions are for nixpkgs 25.05 and later, since older ones do not have lib.licenses.mit-cmu (24.11) and libpq (25.05); --release writes them for an older one',
    );
    const file = await readFile(path.join(bench().folder, 'out/pkgs/made-up-press/default.nix'), 'utf8');
    expect(file).toContain('buildInputs = [ libpq ];');
  });
});
