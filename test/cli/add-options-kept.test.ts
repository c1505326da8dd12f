import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { madeRelease } from './support/made-projects.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

it.each([
  ['--with-checks', '--no-checks'],
  ['--no-checks', '--with-checks'],
])('add %s and later add %s holds what was said last', async (first, second) => {
  bench().index.project('made-up-saucer', [await madeRelease('made-up-saucer', '1.0', {})]);
  for (const args of [['init'], ['add', 'made-up-saucer', first], ['add', second]]) {
    const { code, stderr } = await bench().run(args);
    expect(code, stderr).toBe(0);
  }
  const lines = (await readFile(path.join(bench().folder, 'pypi2nix.toml'), 'utf8')).split('\n');
  const said = [second, first].map((flag, each) => `${flag.slice(2)} = ${each === 0}`);
  for (const line of said) expect(lines).toContain(line);
});

it.each([
  ['./made-up-nixpkgs', '"../../made-up-nixpkgs"'],
  ['made-up-nixpkgs', '"../../made-up-nixpkgs"'],
  ['/made/up/nixpkgs', '"/made/up/nixpkgs"'],
  ['<nixpkgs>', '"<nixpkgs>"'],
  ['flake:nixpkgs', '"flake:nixpkgs"'],
  ['builtin', '"builtin"'],
])('init keeps --nixpkgs %s so that it means the same from the folder of the repository', async (given, kept) => {
  const { code, stderr } = await bench().run(['init', 'shelf/kitchen', '--nixpkgs', given]);
  expect(code, stderr).toBe(0);
  const lines = (await readFile(path.join(bench().folder, 'shelf/kitchen/pypi2nix.toml'), 'utf8')).split('\n');
  expect(lines).toContain(`nixpkgs = ${kept}`);
});
