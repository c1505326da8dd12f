import { expect, it } from 'vitest';
import { createCacheStore } from '../../src/cache/store.ts';
import { evaluatedSet } from '../../src/nixpkgs/evaluated-set.ts';
import { builtinSet, type PackageSetNames } from '../../src/nixpkgs/package-set.ts';
import { readNixpkgs } from '../../src/nixpkgs/read-nixpkgs.ts';
import { sdist } from '../cli/support/kitchen.ts';
import { useCommandBench } from '../cli/support/run-command.ts';
import { evaluateNix } from '../nix/support/nix.ts';
import { describeWithNixpkgs } from '../nix/support/real-nixpkgs.ts';

const bench = useCommandBench();

/** Reading a whole nixpkgs takes a while. */
const SLOW = { timeout: 300_000 };

const TESTS = { 'tests/test_it.py': 'import pytest\n\ndef test_it():\n    pass\n' };

/** A made-up index with two projects of these names, whose tests need pytest, and what derivatives lack. */
async function publish(): Promise<void> {
  const needs = ['numpy>=1.7', 'multipledispatch>=0.4.7', 'python-dateutil'].map((each) => `Requires-Dist: ${each}`);
  const setupPy = (name: string) => ({ 'setup.py': `from setuptools import setup\nsetup(name='${name}')\n` });
  bench().index.project('toolz', [await sdist('toolz', '0.7.9', { files: { ...TESTS, ...setupPy('toolz') } })]);
  bench().index.project('datashape', [
    await sdist('datashape', '0.4.9', { metadata: needs, files: { ...TESTS, ...setupPy('datashape') } }),
  ]);
  for (const name of ['versioneer', 'setuptools-git-versioning'])
    bench().index.project(name, [await sdist(name, '99', { files: setupPy(name) })]);
  bench().index.project('multipledispatch', [
    await sdist('multipledispatch', '0.6.0', { files: setupPy('multipledispatch') }),
  ]);
}

/** What `generate` prints for a checkout, and its messages. */
async function generated(checkout: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  await publish();
  const { code, stdout, stderr } = await bench().run(['--nixpkgs', checkout, 'toolz', 'datashape', ...args], {
    PATH: process.env.PATH ?? '',
  });
  if (code !== 0) throw new Error(stderr);
  return { stdout, stderr };
}

/** Store paths of the derivations of an overlay, with their tests. */
function instantiated(text: string, checkout: string): Promise<unknown> {
  return evaluateNix(
    `let
      python = (import <nixpkgs> { }).python3.override { packageOverrides = import ./python-packages.nix; };
      tested = package: (package.overridePythonAttrs (_: { doCheck = true; })).drvPath;
    in map tested [ python.pkgs.toolz python.pkgs.datashape ]`,
    { nixPath: `nixpkgs=${checkout}`, files: new Map([['python-packages.nix', text]]) },
  );
}

/** The set of one interpreter. */
async function namesOf(checkout: string, attribute: string): Promise<PackageSetNames> {
  const cache = createCacheStore({ folder: null, onNote: () => undefined });
  const nixpkgs = await readNixpkgs(checkout, { environment: process.env, cache, onProgress: () => undefined });
  const interpreters = nixpkgs.interpreters.filter((each) => each.attribute === attribute);
  const [record] = await nixpkgs.pythonSets(interpreters);
  const [interpreter] = interpreters;
  if (record === undefined || interpreter === undefined) throw new Error(`there is no ${attribute}`);
  return evaluatedSet({ ...nixpkgs, sets: [{ interpreter, binds: true, record }] });
}

/** Projects that both a set and the shipped list of a release have, how many they are, and those that they call otherwise or have in another version. */
function comparison(set: PackageSetNames, release: string): { readonly both: number; readonly differing: string[] } {
  const shipped = builtinSet(release);
  const both = [...set.projects()].filter((project) => shipped.attributeOf(project) !== null);
  const differing = both.flatMap((project) => {
    const mine = set.attributeOf(project);
    const listed = shipped.attributeOf(project);
    const isSame = mine?.attribute === listed?.attribute && (mine?.version ?? listed?.version) === listed?.version;
    return isSame ? [] : [`${mine?.attribute} ${mine?.version}, not ${listed?.attribute} ${listed?.version}`];
  });
  return { both: both.length, differing };
}

describeWithNixpkgs(
  'NIXPKGS_16_03',
  (checkout) => {
    it('gets an expression under its own names, which evaluates there with tests', async () => {
      const { stdout } = await generated(checkout);
      expect(stdout).toContain('        dateutil\n        multipledispatch\n        numpy\n');
      expect(stdout).not.toContain('multipledispatch =');
      const value = await evaluateNix(
        'let set = import ./python-packages.nix { }; in [ set.toolz.drvPath set.datashape.drvPath ]',
        { nixPath: `nixpkgs=${checkout}`, files: new Map([['python-packages.nix', stdout]]) },
      );
      expect(value).toEqual([expect.stringMatching(/\.drv$/u), expect.stringMatching(/\.drv$/u)]);
    });

    it('has what the shipped list says', async () => {
      const { both, differing } = comparison(await namesOf(checkout, 'python35'), '16.03');
      expect(differing).toEqual([
        // Of these 3.5 has the newer attribute only.
        'requests2 2.9.1, not requests 1.2.3',
        'sqlalchemy9 0.9.9, not sqlalchemy 0.7.10',
        // A version that no release can have is told in two ways.
        'ws4py git-20130303, not ws4py 20130303',
        'zc_buildout2 2.2.1, not buildout 1.7.1',
      ]);
      expect(both).toBeGreaterThan(900);
    });
  },
  SLOW,
);

describeWithNixpkgs(
  'NIXPKGS_18_03',
  (checkout) => {
    it('gets an overlay that evaluates there with tests', async () => {
      const { stdout } = await generated(checkout);
      expect(stdout).not.toContain('multipledispatch =');
      expect(await instantiated(stdout, checkout)).toEqual([expect.any(String), expect.any(String)]);
    });

    it('has what the shipped list says', async () => {
      const { both, differing } = comparison(await namesOf(checkout, 'python36'), '18.03');
      expect(differing).toEqual([]);
      expect(both).toBeGreaterThan(1500);
    });

    it('knows that pytest has hypothesis in a form of its own', async () => {
      const set = await namesOf(checkout, 'python36');
      expect(set.needsOf('pytest')).toContain('hypothesis');
      expect(set.certainNeedsOf('pytest')).not.toContain('hypothesis');
      expect(set.certainNeedsOf('hypothesis')).toContain('pytest');
    });
  },
  SLOW,
);

describeWithNixpkgs(
  'NIXPKGS_MODERN',
  (checkout) => {
    it('gets an overlay that evaluates there with tests, and what it lacks beside it', async () => {
      const { stdout } = await generated(checkout);
      expect(stdout).toContain('multipledispatch = final.callPackage');
      expect(await instantiated(stdout, checkout)).toEqual([expect.any(String), expect.any(String)]);
    });

    it('knows what its packages need', async () => {
      const set = await namesOf(checkout, 'python313');
      expect(set.needsOf('pytest')).toEqual(expect.arrayContaining(['iniconfig', 'packaging', 'pluggy']));
    });
  },
  SLOW,
);
