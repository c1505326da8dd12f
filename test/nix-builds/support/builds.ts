import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type NixResult, type NixStore, openNixStore } from '../../support/nix.ts';
import { metadata, selfBuilt, writeSdist } from './sdist.ts';

/** A made-up project: its sdist and the lines of its expression. */
export interface MadeUp {
  readonly name: string;
  /** Requires-Dist of its wheel. */
  readonly requires?: readonly string[];
  /** `requires` of its pyproject.toml. */
  readonly buildRequires?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Formals beyond the builder and the fetcher. */
  readonly formals?: readonly string[];
  /** Attribute definitions of the expression, in Nix. */
  readonly attributes?: string;
}

export interface Builds {
  /** Writes the sdists, puts them into the store, and builds a Nix expression in which `ps` is the set with all of them. */
  build(projects: readonly MadeUp[], expression: string): Promise<NixResult>;
  readonly store: NixStore;
}

/** A store for the tests of one file, opened before the first of them and removed after the last. */
export function useBuilds(): Builds {
  let store: NixStore | undefined;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sdists-'));
    store = await openNixStore();
  });
  afterAll(async () => {
    await store?.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const opened = (): NixStore => {
    if (store === undefined) throw new Error('the store is opened before the first test');
    return store;
  };
  return {
    get store() {
      return opened();
    },
    async build(projects, expression) {
      const definitions: string[] = [];
      for (const project of projects) definitions.push(await definition(opened(), folder, project));
      return opened().build(`
        let
          pkgs = import <nixpkgs> { };
          python = pkgs.python3.override {
            packageOverrides = final: prev: {
              ${definitions.join('\n')}
            };
          };
          ps = python.pkgs;
        in ${expression}`);
    },
  };
}

/** One definition of an overlay, as the program writes them, for version 1.0 of the project. */
async function definition(store: NixStore, folder: string, project: MadeUp): Promise<string> {
  const own = { METADATA: metadata(project.name, '1.0', project.requires), ...project.files };
  const sdist = await writeSdist(folder, `${project.name}-1.0`, selfBuilt(own, project.buildRequires));
  await store.addFixed(sdist.file);
  return `${project.name} = final.callPackage (
    { ${['lib', 'buildPythonPackage', 'fetchPypi', ...(project.formals ?? [])].join(', ')} }:
    buildPythonPackage rec {
      pname = "${project.name}";
      version = "1.0";
      pyproject = true;
      src = fetchPypi { inherit pname version; sha256 = "${sdist.sha256}"; };
      ${project.attributes ?? ''}
    }) { };`;
}
