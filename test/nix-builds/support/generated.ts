import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { CommandBench, CommandOutcome } from '../../cli/support/run-command.ts';
import { makeSdist } from '../../support/archives.ts';
import { type NixResult, type NixStore, openNixStore } from '../../support/nix.ts';
import { builtBySetuptools, MADE_UP_SETUPTOOLS } from './made-up-setuptools.ts';

/** A made-up project as its sdist; without pyproject.toml in `files` setuptools builds it. */
export interface PublishedProject {
  readonly name: string;
  readonly version?: string;
  /** Further lines of PKG-INFO, for example `Requires-Dist: leaf`. */
  readonly metadata?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

export interface GeneratedBuilds {
  /** Generates with `--deps all --bootstrap`, and puts the archives into the store; throws with the messages when that fails. */
  generate(bench: CommandBench, args: readonly string[]): Promise<CommandOutcome>;
  /** Builds an expression in which `ps` is the set with all that was generated, and `python` its interpreter. */
  build(bench: CommandBench, expression: string): Promise<NixResult>;
  readonly store: NixStore;
}

/** Puts projects into the made-up index, each as an sdist, and a setuptools to build them with. */
export async function publish(bench: CommandBench, projects: readonly PublishedProject[]): Promise<void> {
  const setuptools: PublishedProject = { name: 'setuptools', version: '70.0', files: MADE_UP_SETUPTOOLS };
  for (const { name, version = '1.0', metadata = [], files } of [setuptools, ...projects]) {
    const head = ['Metadata-Version: 2.2', `Name: ${name}`, `Version: ${version}`, 'License-Expression: MIT'];
    const sdist = await makeSdist(name.replaceAll('-', '_'), version, {
      'PKG-INFO': [...head, ...metadata, ''].join('\n'),
      'pyproject.toml': builtBySetuptools(),
      ...files,
    });
    bench.index.project(name, [sdist]);
  }
}

/** A store for the tests of one file, opened before the first of them and removed after the last. */
export function useGeneratedBuilds(): GeneratedBuilds {
  let store: NixStore | undefined;
  let target: readonly string[] = [];
  beforeAll(async () => {
    store = await openNixStore();
    const host = await store.evaluate('[ (import <nixpkgs> { }).python3.pythonVersion builtins.currentSystem ]');
    const [python, platform] = Array.isArray(host) ? host.map(String) : [];
    target = ['--python', python ?? '', '--platform', platform ?? ''];
  });
  afterAll(async () => {
    await store?.remove();
  });
  const opened = (): NixStore => {
    if (store === undefined) throw new Error('the store is opened before the first test');
    return store;
  };
  return {
    get store() {
      return opened();
    },
    async generate(bench, args) {
      const archives = join(bench.folder, 'archives');
      await mkdir(archives, { recursive: true });
      const always = ['--deps', 'all', '--bootstrap', '--archives', archives, ...target];
      const outcome = await bench.run([...always, ...args]);
      if (outcome.code !== 0) throw new Error(outcome.stderr);
      for (const name of await readdir(archives)) await opened().addFixed(join(archives, name));
      await writeFile(join(bench.folder, 'python-packages.nix'), outcome.stdout);
      return outcome;
    },
    build: (bench, expression) =>
      opened().build(`
        let
          pkgs = import <nixpkgs> { };
          python = pkgs.python3.override { packageOverrides = import ${bench.folder}/python-packages.nix; };
          ps = python.pkgs;
        in ${expression}`),
  };
}
