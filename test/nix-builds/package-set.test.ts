import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithNix } from '../support/nix.ts';
import { useBuilds } from './support/builds.ts';

const ZEROS = '0'.repeat(64);

describeWithNix('the stand-in package set', () => {
  const builds = useBuilds();
  const evaluate = (expression: string, env: Readonly<Record<string, string>> = {}) =>
    builds.store.evaluate(`let pkgs = import <nixpkgs> { }; in ${expression}`, { env });

  it('knows no Python package', async () => {
    const names = await evaluate(
      'map (name: builtins.hasAttr name pkgs.python3Packages) [ "setuptools" "pytest" "numpy" "wheel" ]',
    );
    expect(names).toEqual([false, false, false, false]);
  });

  it('has the interpreter under its own version too, with conditions that fit it', async () => {
    const facts = await evaluate(`let
        python = pkgs.python3;
        short = builtins.replaceStrings [ "." ] [ "" ] python.pythonVersion;
        set = pkgs."python\${short}Packages";
      in [
        (set.python.version == python.version)
        set."isPy\${short}"
        (set.pythonOlder "3.0") (set.pythonAtLeast python.pythonVersion) set.isPyPy
        (pkgs.lib.versionAtLeast python.version python.pythonVersion)
      ]`);
    expect(facts).toEqual([true, true, false, true, false, true]);
  });

  it('takes packageOverrides, overlays and pythonPackagesExtensions, each later one on top', async () => {
    const value = await builds.store.evaluate(`let
        pkgs = import <nixpkgs> {
          overlays = [ (final: prev: { pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [ (pf: pp: { a = 1; b = 1; }) ]; }) ];
        };
        set = (pkgs.python3.override { packageOverrides = pf: pp: { b = pp.b + 1; c = pf.a + pf.b; }; }).pkgs;
      in [ set.a set.b set.c pkgs.python3Packages.b ]`);
    expect(value).toEqual([1, 2, 3, 1]);
  });

  it('gives an archive the path that nix-store --add-fixed gives it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'archive-'));
    const file = join(folder, 'thing-1.0.tar.gz');
    await writeFile(file, 'bytes');
    const hex = createHash('sha256').update('bytes').digest('hex');
    const sri = `sha256-${createHash('sha256').update('bytes').digest('base64')}`;
    const path = await builds.store.addFixed(file);
    await rm(folder, { recursive: true });
    const paths = await evaluate(`map (drv: drv.outPath) [
      (pkgs.fetchPypi { pname = "thing"; version = "1.0"; hash = "${sri}"; })
      (pkgs.fetchPypi { pname = "thing"; version = "1.0"; sha256 = "${hex}"; })
      (pkgs.fetchurl { url = "mirror://pypi/t/thing/thing-1.0.tar.gz"; sha256 = "${hex}"; })
      (pkgs.fetchurl { url = "https://files.test/thing-1.0.tar.gz"; hash = "${sri}"; })
    ]`);
    expect(paths).toEqual([path, path, path, path]);
  });

  it('names a wheel as its index does', async () => {
    const name = await evaluate(`(pkgs.fetchPypi {
      pname = "numpy"; version = "2.0"; format = "wheel"; dist = "cp311"; python = "cp311"; abi = "cp311";
      platform = "manylinux_2_27_x86_64"; sha256 = "${ZEROS}";
    }).name`);
    expect(name).toBe('numpy-2.0-cp311-cp311-manylinux_2_27_x86_64.whl');
  });

  it('says how to get an archive that the store does not have', async () => {
    const archive = `(import <nixpkgs> { }).fetchPypi { pname = "thing"; version = "2"; sha256 = "${ZEROS}"; }`;
    const result = await builds.store.build(archive);
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain(
      'thing-2.tar.gz is not in the store: put it there by nix-store --add-fixed sha256 thing-2.tar.gz',
    );
  });

  it('takes archives from a folder that STAND_IN_MIRROR names', async () => {
    const url = await evaluate(`(pkgs.fetchPypi { pname = "a"; version = "1"; sha256 = "${ZEROS}"; }).drvAttrs.url`, {
      STAND_IN_MIRROR: 'file:///archives',
    });
    expect(url).toBe('file:///archives/a-1.tar.gz');
  });

  it('evaluates placeholders and does not build them', async () => {
    const env = { STAND_IN_PLACEHOLDERS: 'numpy pytest' };
    expect(
      await evaluate('map (name: (builtins.getAttr name pkgs.python3Packages).pname) [ "numpy" "pytest" ]', env),
    ).toEqual(['numpy', 'pytest']);
    const result = await builds.store.build('(import <nixpkgs> { }).python3Packages.numpy', { env });
    expect(result.stderr).toContain('numpy is a placeholder');
  });

  it.each([
    ['an unknown licence', 'pyproject = true; meta.license = pkgs.lib.licenses.bsd99;', "attribute 'bsd99' missing"],
    ['neither pyproject nor format', '', 'configures neither pyproject nor format'],
    ['both pyproject and format', 'pyproject = true; format = "wheel";', 'exclude each other'],
    ['disabled = true', 'pyproject = true; disabled = true;', 'a-1 not supported for interpreter'],
    [
      'an unknown argument of fetchPypi',
      'pyproject = true; src = pkgs.fetchPypi { pname = "a"; version = "1"; hsah = ""; };',
      "unexpected argument 'hsah'",
    ],
  ])('%s is an error of evaluation', async (_name, attributes, message) => {
    const call = `pkgs.python3Packages.buildPythonPackage { pname = "a"; version = "1"; ${attributes} }`;
    const result = await builds.store.instantiate(`let pkgs = import <nixpkgs> { }; in ${call}`);
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain(message);
  });

  it('makes the same derivation of an expression whose tests are off and of one that has none', async () => {
    const call = (attributes: string): string =>
      `(pkgs.python3Packages.buildPythonPackage { pname = "a"; version = "1"; pyproject = true; ${attributes} }).drvPath`;
    const off = 'nativeCheckInputs = [ pkgs.git ]; disabledTests = [ "test_a" ]; preCheck = "cd tests";';
    const expression = `[ ${call('doCheck = false;')} ${call(`doCheck = false; ${off}`)} ${call(off)} ]`;
    const found = await builds.store.evaluate(`let pkgs = import <nixpkgs> { }; in ${expression}`);
    const [plain, without, tested] = Array.isArray(found) ? found : [];
    expect(without).toBe(plain);
    expect(tested).not.toBe(plain);
  });

  it('shows the inputs of a package as the real one does, for attribute sets and for functions', async () => {
    const env = { STAND_IN_PLACEHOLDERS: 'setuptools numpy pytest' };
    const shown = `package: [
      (map (input: input.pname) package.propagatedBuildInputs)
      (map (input: input.pname or input.name) package.nativeBuildInputs)
      (map (input: input.pname) package.buildInputs)
      (map (input: input.pname) package.optional-dependencies.more)
    ]`;
    const attributes = `pyproject = true; build-system = [ setuptools ]; dependencies = [ numpy ];
      buildInputs = [ pkgs.zlib ]; nativeCheckInputs = [ pytest ]; optional-dependencies.more = [ pytest ];`;
    const value = await evaluate(
      `with pkgs.python3Packages; map (${shown}) [
        (buildPythonPackage rec { pname = "a"; version = "1"; ${attributes} })
        (buildPythonPackage (finalAttrs: { pname = "a"; version = "1"; ${attributes} }))
      ]`,
      env,
    );
    const inputs = [['numpy'], ['setuptools', 'pytest'], ['zlib'], ['pytest']];
    expect(value).toEqual([inputs, inputs]);
  });

  it('has the names of 16.03, with the form of its expressions', async () => {
    const env = { STAND_IN_PLACEHOLDERS: 'setuptools pytest numpy' };
    const value = await evaluate(
      `let
        set = pkgs.python35Packages;
        thing = set.buildPythonPackage rec {
          name = "thing-\${version}";
          version = "1.0";
          src = pkgs.fetchurl { url = "mirror://pypi/t/thing/\${name}.tar.gz"; sha256 = "${ZEROS}"; };
          buildInputs = with set; [ pytest pkgs.fftwLongDouble ];
          propagatedBuildInputs = with set; [ numpy ];
          meta.license = pkgs.lib.licenses.bsd3;
        };
        shell = (pkgs.python35.buildEnv.override { extraLibs = [ thing ]; }).env;
      in [ thing.pname (map (input: input.pname) thing.propagatedBuildInputs) (builtins.isString shell.drvPath) ]`,
      env,
    );
    expect(value).toEqual(['thing', ['numpy'], true]);
  });

  it('refuses names in the old form that 18.03 would drop without a word', async () => {
    const call =
      '(import <nixpkgs> { }).python36Packages.buildPythonPackage { pname = "a"; version = "1"; dependencies = [ ]; }';
    const result = await builds.store.instantiate(call);
    expect(result.stderr).toContain('a-1: this release does not know dependencies');
  });
});
