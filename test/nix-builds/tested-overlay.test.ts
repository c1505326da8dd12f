import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EvaluationOutcome, evaluateProject } from '../../scripts/support/build-corpus-evaluate.ts';
import type { GeneratedFile } from '../../scripts/support/build-corpus-generate.ts';
import { type BuildStore, openBuildStore } from '../../scripts/support/build-corpus-store.ts';
import { describeWithNix } from '../support/nix.ts';

/** A package set whose builder looks at all inputs, those of tests too, before it gives any attribute of a package. What would be the derivation tells the inputs. */
const STRICT_SET = `{ }: {
  python3.override = { packageOverrides }: {
    pkgs =
      let
        self = base // packageOverrides self base;
        base = {
          callPackage = f: arguments: f (builtins.intersectAttrs (builtins.functionArgs f) self // arguments);
          buildPythonApplication = base.buildPythonPackage;
          buildPythonPackage = argument:
            let
              attrs = if builtins.isFunction argument then argument attrs else argument;
              told = label: list: builtins.concatStringsSep "" (map (input: " " + label + " " + input.drvPath) list);
              text = attrs.pname + told "needs" (attrs.dependencies or [ ]) + (if attrs.doCheck or true then told "tests with" (attrs.nativeCheckInputs or [ ]) else "");
            in
            builtins.deepSeq [ text (map (input: input.drvPath) (attrs.nativeCheckInputs or [ ])) ] {
              drvPath = "(" + text + ")";
              inherit (attrs) version;
              overridePythonAttrs = change: base.buildPythonPackage (attrs // change attrs);
            };
        };
      in
      self;
  };
}
`;

function overlay(packages: Readonly<Record<string, { readonly needs?: string; readonly attrs: string }>>): string {
  const members = Object.entries(packages).map(
    ([name, { needs = '', attrs }]) => `${name} = final.callPackage (
      { buildPythonPackage${needs === '' ? '' : `, ${needs}`} }:
      buildPythonPackage ${attrs}
    ) { };`,
  );
  return `final: prev: { ${members.join('\n')} }`;
}

describeWithNix('a project with its tests, and all others without', () => {
  let folder: string;
  let store: BuildStore;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tested-'));
    await mkdir(path.join(folder, 'set'));
    await writeFile(path.join(folder, 'set', 'default.nix'), STRICT_SET);
    store = await openBuildStore({ folder: null, jobs: 1, environment: process.env });
  });

  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const written = async (name: string, text: string): Promise<GeneratedFile> => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return { file, attribute: 'kettle', notes: [] };
  };

  const derivationOf = async (plain: string, tested: string): Promise<EvaluationOutcome> =>
    evaluateProject('kettle', {
      store,
      set: path.join(folder, 'set'),
      plain: { kind: 'done', value: await written('plain.nix', plain) },
      tested: { kind: 'done', value: await written('tested.nix', tested) },
    });

  const PLAIN = overlay({ kettle: { attrs: '{ pname = "kettle"; version = "1.0"; }' } });

  it.each([
    ['a set', '{ pname = "cup"; version = "2.0"; nativeCheckInputs = [ kettle ]; }'],
    ['a function', '(finalAttrs: { pname = "cup"; version = "2.0"; nativeCheckInputs = [ kettle ]; })'],
  ])(
    'ends where test inputs are tested with the project again, by %s, and a builder looks at all inputs',
    async (_form, cup) => {
      const outcome = await derivationOf(
        PLAIN,
        overlay({
          kettle: { needs: 'cup', attrs: '{ pname = "kettle"; version = "1.0"; nativeCheckInputs = [ cup ]; }' },
          cup: { needs: 'kettle', attrs: cup },
        }),
      );
      expect(outcome).toEqual({
        kind: 'done',
        value: { derivation: '(kettle tests with (cup))', version: '1.0', wheels: [] },
      });
    },
  );

  it('is not spoilt by a package of the file that it does not need and that the builder refuses', async () => {
    const packages = overlay({
      kettle: { attrs: '{ pname = "kettle"; version = "1.0"; }' },
      spoon: { attrs: '{ pname = throw "not supported for this interpreter"; version = "1.0"; }' },
    });
    const outcome = await derivationOf(packages, packages);
    expect(outcome).toEqual({ kind: 'done', value: { derivation: '(kettle)', version: '1.0', wheels: [] } });
  });

  it('takes every package in the version that was settled with the tests', async () => {
    const kettle = (needs: string): string => `{ pname = "kettle"; version = "1.0"; dependencies = [ cup ]; ${needs} }`;
    const cup = (version: string): string => `{ pname = "cup-${version}"; version = "${version}"; }`;
    const outcome = await derivationOf(
      overlay({ kettle: { needs: 'cup', attrs: kettle('') }, cup: { attrs: cup('2.0') } }),
      overlay({
        kettle: { needs: 'cup, spoon', attrs: kettle('nativeCheckInputs = [ spoon ];') },
        cup: { attrs: cup('1.9') },
        spoon: { needs: 'cup', attrs: '{ pname = "spoon"; version = "3.0"; dependencies = [ cup ]; }' },
      }),
    );
    expect(outcome).toMatchObject({
      value: { derivation: '(kettle needs (cup-1.9) tests with (spoon needs (cup-1.9)))' },
    });
  });
});
