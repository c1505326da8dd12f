import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
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

describe('an option that a repository keeps', () => {
  const done = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await bench().run(args);
    expect(code, stderr).toBe(0);
  };
  const file = (name: string): Promise<string> => readFile(path.join(bench().folder, name), 'utf8');

  it('is changed by add, and the packages with it', async () => {
    const requires = ['six'];
    bench().index.project('made-up-saucer', [await madeRelease('made-up-saucer', '1.0', { requires })]);
    bench().index.project('six', [await madeRelease('six', '1.16.0', {})]);
    bench().index.project('setuptools', [await madeRelease('setuptools', '70.0', {})]);
    bench().index.project('wheel', [await madeRelease('wheel', '0.45.0', {})]);
    await done('init', '--deps', 'all');
    await done('add', 'made-up-saucer');
    expect(await file('default.nix')).toContain('six');
    await done('add', '--deps', 'missing');
    expect(await file('pypi2nix.toml')).toContain('deps = "missing"');
    expect(await file('default.nix')).not.toContain('six');
  });

  it.each(['', 'pre = false\n'])('that is a switch holds no more when its line says %j', async (line) => {
    const releases = ['1.0', '2.0a1'].map((version) => madeRelease('made-up-saucer', version, {}));
    bench().index.project('made-up-saucer', await Promise.all(releases));
    await done('init', '--pre');
    const manifest = await file('pypi2nix.toml');
    await writeFile(path.join(bench().folder, 'pypi2nix.toml'), manifest.replace('pre = true\n', line));
    await done('add', 'made-up-saucer');
    expect(await file('pylock.toml')).toContain('version = "1.0"');
  });

  it('and is taken out lets go of the versions that only it allowed', async () => {
    for (const name of ['made-up-saucer', 'made-up-cup']) {
      const releases = ['1.0', '2.0a1'].map((version) => madeRelease(name, version, {}));
      bench().index.project(name, await Promise.all(releases));
    }
    await done('init', '--pre');
    await done('add', 'made-up-saucer', 'made-up-cup>=2a1');
    const manifest = await file('pypi2nix.toml');
    await writeFile(path.join(bench().folder, 'pypi2nix.toml'), manifest.replace('pre = true\n', ''));
    await done('add');
    const lock = await file('pylock.toml');
    expect([...lock.matchAll(/^version = "(.*)"$/gmu)].map(([, version]) => version)).toEqual(['2.0a1', '1.0']);
  });
});
