import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeWithNix, STAND_IN } from '../support/nix.ts';
import { formsAndFiles, RELEASES, textOf } from './support/environments.ts';
import { evaluateNix } from './support/nix.ts';

const GOLDEN = fileURLToPath(new URL('../golden/environments', import.meta.url));

const CASES = RELEASES.flatMap((release) =>
  formsAndFiles(release).map(([form, file]) => ({ release, form, file, text: textOf(form, release) })),
);

describe('an environment for a release', () => {
  it.each(CASES)('$release in the form $form is the golden file', async ({ release, file, text }) => {
    const golden = path.join(GOLDEN, release, file);
    // A golden file that is not there would be written, but for a run with CI=1.
    if (process.env.CI === '1') expect(existsSync(golden)).toBe(true);
    await expect(text).toMatchFileSnapshot(golden);
  });
});

// NIXFMT names an nixfmt of RFC 166.
describe.skipIf(process.env.NIXFMT === undefined)('the golden files (needs NIXFMT)', () => {
  it.each(CASES.filter(({ form }) => form !== 'shebang'))(
    'of $release in the form $form are left as they are by nixfmt',
    ({ text }) => {
      expect(execFileSync(process.env.NIXFMT ?? 'nixfmt', ['-'], { input: text, encoding: 'utf8' })).toBe(text);
    },
  );
});

/** Where each release is looked for; the stand-in has the forms of all but what only 16.03 has. */
const SETS = [
  { release: '16.03', set: STAND_IN },
  { release: '24.05', set: STAND_IN },
  ...(process.env.NIXPKGS_16_03 === undefined ? [] : [{ release: '16.03', set: process.env.NIXPKGS_16_03 }]),
  ...(process.env.NIXPKGS_18_03 === undefined ? [] : [{ release: '18.03', set: process.env.NIXPKGS_18_03 }]),
  ...(process.env.NIXPKGS_MODERN === undefined ? [] : [{ release: '26.05', set: process.env.NIXPKGS_MODERN }]),
];

/** What of a file has to be a derivation. */
const DERIVATIONS: Readonly<Record<string, (file: string) => string>> = {
  'config-nix': (file) => `[ ((import ${file}).packageOverrides pkgs).kitchenEnv ]`,
  nixos: (file) => `(import ${file} { inherit pkgs; lib = null; config = { }; }).environment.systemPackages`,
  'extra-dependencies': (file) =>
    `(import ${file} { inherit pkgs; lib = null; config = { }; }).system.extraDependencies`,
  flake: (file) => `[ ((import ${file}).outputs { self = { }; nixpkgs = set; }).packages.x86_64-linux.default ]`,
  'with-packages': (file) => `[ (import ${file} { inherit pkgs; }) (import ${file} { inherit pkgs; }).env ]`,
  'build-env': (file) => `[ (import ${file} { inherit pkgs; }) (import ${file} { inherit pkgs; }).env ]`,
};

describeWithNix('the forms of an environment', () => {
  it.each(SETS)(
    'evaluate for $release with $set',
    async ({ release, set }) => {
      const cases = CASES.filter((each) => each.release === release && each.form !== 'shebang');
      const derivations = cases.map(({ form, file }) => {
        const value = DERIVATIONS[form]?.(`./${file}`) ?? `[ (import ./${file} { inherit pkgs; }) ]`;
        return `"${form}" = map (value: builtins.match ".*[.]drv" value.drvPath != null) (${value});`;
      });
      const expression = `
      let
        set = ${set};
        plain = import set { };
        # A derivative of nixpkgs that the tests may run with has no mkShell, and the stand-in nothing that only old releases have.
        mkShell = attributes: plain.stdenv.mkDerivation ({ name = "shell"; } // attributes);
        myEnvFun = { name, buildInputs }: plain.stdenv.mkDerivation { name = "env-\${name}"; inherit buildInputs; };
        pkgs = { inherit mkShell myEnvFun; } // plain;
      in { ${derivations.join('\n')} }`;
      const value = await evaluateNix(expression, {
        files: new Map(cases.map(({ file, text }) => [file, text])),
        nixPath: `nixpkgs=${set}`,
        env: { STAND_IN_PLACEHOLDERS: 'setuptools six' },
      });
      const counts: Readonly<Record<string, number>> = { 'with-packages': 2, 'build-env': 2, 'extra-dependencies': 2 };
      expect(value).toEqual(Object.fromEntries(cases.map(({ form }) => [form, Array(counts[form] ?? 1).fill(true)])));
    },
    120_000,
  );
});
