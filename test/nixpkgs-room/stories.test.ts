import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CommandOutcome, useCommandBench } from '../cli/support/run-command.ts';
import { makeSdist } from '../support/archives.ts';
import { describeWithNix } from '../support/nix.ts';
import { type MadeUpNixpkgs, writeMadeUpNixpkgs } from './support/made-up-nixpkgs.ts';

const bench = useCommandBench();

const SIX = 'six = package { pname = "six"; version = "1.16.0"; };';

const SIX_1_16 = 'six_1_16 = package { pname = "six"; version = "1.16.0"; };';

async function publish(
  name: string,
  version: string,
  setup: string,
  files: Record<string, string> = {},
): Promise<void> {
  bench().index.project(name, [
    await makeSdist(name, version, {
      'PKG-INFO': `Metadata-Version: 1.1\nName: ${name}\nVersion: ${version}\nLicense: MIT\n\n`,
      'setup.py': `from setuptools import setup\nsetup(name='${name}', version='${version}', py_modules=[], ${setup})\n`,
      ...files,
    }),
  ]);
}

/** A nixpkgs in the folder `nixpkgs` of the working directory. */
async function nixpkgs(packages: string, more: Partial<MadeUpNixpkgs> = {}): Promise<void> {
  await writeMadeUpNixpkgs(path.join(bench().folder, 'nixpkgs'), { packages, ...more });
}

const COMMANDS = { PATH: process.env.PATH ?? '' };

const run = (...args: string[]): Promise<CommandOutcome> => bench().run(args, COMMANDS);

const forIt = (...args: string[]): Promise<CommandOutcome> => run('--nixpkgs', 'nixpkgs', ...args);

describeWithNix('generating for a nixpkgs that is read', () => {
  it('uses what it has in a version that fits, under its attribute, and says which revision that is', async () => {
    await nixpkgs('six_ = package { pname = "six"; version = "1.16.0"; };');
    await publish('top', '1.0', "install_requires=['six>=1.10']");

    const { code, stdout, stderr } = await forIt('top');

    expect(code).toBe(0);
    expect(stderr).not.toMatch(/warning|note/u);
    expect(stdout).toContain('dependencies = [ six_ ];');
    expect(stdout).toContain('#   pypi2nix --release 25.11 --nixpkgs nixpkgs top\n');
    expect(stdout).toMatch(/^# Package names from nixpkgs 25\.11 \(files [0-9a-f]{12}\)$/mu);
  });

  it('takes nothing for granted of what was read', async () => {
    await nixpkgs(SIX);
    await publish('top', '1.0', "install_requires=['six>=1.10']");
    expect(JSON.parse((await forIt('top', '--json')).stdout).assumed).toEqual([]);
  });

  it('generates what it has in a version that does not fit', async () => {
    await nixpkgs(SIX);
    await publish('top', '1.0', "install_requires=['six>=2']");
    await publish('six', '2.0', '');

    const { stdout, stderr } = await forIt('top');

    expect(stderr).toContain('six is generated: the package set has 1.16.0, top asks for >=2');
    expect(stdout).toContain('  six = final.callPackage');
  });

  it.each([
    ['run time', "install_requires=['six<1.17']", 'dependencies = [ six_1_16 ];'],
    ['the build', "setup_requires=['six<1.17']", 'six_1_16'],
  ])('uses the attribute of a project that fits, where its usual one does not, for %s', async (_when, setup, text) => {
    await nixpkgs(
      `${SIX.replace('1.16.0', '1.17.0')} ${SIX_1_16} six_1 = package { pname = "six"; version = "1.0"; };`,
    );
    await publish('top', '1.0', setup);

    for (const options of [[], ['--relax']]) {
      const { code, stdout, stderr } = await forIt('top', ...options);

      expect(code, stderr).toBe(0);
      expect(stderr).toContain(
        'six_1_16 stands for six: under its usual name the package set has 1.17.0, top asks for <1.17',
      );
      expect(stdout).toContain(text);
      expect(stdout).not.toMatch(/pythonRelaxDeps|pypaBuildFlags|six = final/u);
    }
  });

  it.each([
    ['another attribute that is broken', "'six<1.17'", SIX_1_16.replace('};', 'meta.broken = true; };')],
    ['another attribute that another requirement excludes', "'six<1.17,>=1.16.1'", SIX_1_16],
    [
      'another attribute, where other packages of the set have the usual one',
      "'six<1.17', 'low'",
      `${SIX_1_16} low = package { pname = "low"; version = "1"; propagatedBuildInputs = [ final.six ]; };`,
    ],
  ])('generates a project of which it has %s', async (_which, wanted, packages) => {
    await nixpkgs(`${SIX.replace('1.16.0', '1.17.0')} ${packages}`);
    await publish('top', '1.0', `install_requires=[${wanted}]`);
    await publish('six', '1.16.2', '');

    const { code, stdout, stderr } = await forIt('top');

    expect(code, stderr).toBe(0);
    expect(stderr).toContain('six is generated: the package set has 1.17.0');
    expect(stdout).toContain('  six = final.callPackage');
    expect(stdout).not.toContain('six_1_16');
  });

  it('generates a project where no attribute is what all ask for, the build of another package as well', async () => {
    await nixpkgs(`${SIX.replace('1.16.0', '1.17.0')} ${SIX_1_16}`);
    await publish('top', '1.0', "install_requires=['low', 'six<1.17']");
    await publish('low', '1.0', "setup_requires=['six>=1.16.1']");
    await publish('six', '1.16.2', '');

    const { code, stdout, stderr } = await forIt('top');

    expect(code, stderr).toBe(0);
    expect(stdout).toContain('  six = final.callPackage');
    expect(stdout).not.toContain('six_1_16');
    expect(stderr).not.toContain('stands for');
  });

  it('relaxes exactly what does not fit, with --relax, and says why', async () => {
    await nixpkgs(
      `${SIX} made-up-lib = package { pname = "made_up_lib"; version = "3.0"; }; zero = package { pname = "zero"; version = "1"; };`,
    );
    await publish('top', '1.0', "install_requires=['six>=2', 'Made_Up.lib<3', 'zero']");

    const { code, stdout, stderr } = await forIt('top', '--relax');

    expect(code).toBe(0);
    expect(stdout).toContain(`
      # wants made-up-lib<3, nixpkgs has 3.0
      # wants six>=2, nixpkgs has 1.16.0
      pythonRelaxDeps = [
        "Made_Up.lib"
        "six"
      ];
`);
    expect(stdout).toContain('--nixpkgs nixpkgs --relax top');
    expect(stderr).toContain('top: wants six>=2, nixpkgs has 1.16.0, which is used');
  });

  it('lifts the bound of a build requirement with --relax', async () => {
    await nixpkgs(`${SIX} hatch-made-up = package { pname = "hatch-made-up"; version = "1.0"; };`);
    await publish('top', '1.0', "setup_requires=['hatch-made-up>=2']");

    const { stdout } = await forIt('top', '--relax');

    expect(stdout).toContain('# the build asks for hatch-made-up>=2, and 1.0 is used\n      pypaBuildFlags');
  });

  it.each([
    ['broken', 'meta.broken = true;', 'has it marked as broken'],
    ['disabled', 'disabled = true;', 'has it disabled'],
  ])('generates what it has %s, under the attribute that it has', async (_name, attribute, why) => {
    await nixpkgs(`six_ = package { pname = "six"; version = "1.16.0"; ${attribute} };`);
    await publish('top', '1.0', "install_requires=['six']");
    await publish('six', '1.16.0', '');

    const { stdout, stderr } = await forIt('top');

    expect(stderr).toContain(`six: is generated: the package set ${why}`.replace('six: ', 'six '));
    expect(stdout).toContain('  six_ = final.callPackage');
  });

  it('generates what one of the interpreters that were asked for lacks, where that one needs it', async () => {
    await nixpkgs(
      'six = only [ "3.13" ] (package { pname = "six"; version = "1.16.0"; }); tomli = only [ "3.12" ] (package { pname = "tomli"; version = "2"; });',
    );
    await publish('top', '1.0', "install_requires=['six', 'tomli; python_version<\"3.13\"']");
    await publish('six', '1.17.0', '');

    const { code, stderr } = await forIt('top', '--python', '3.13,3.12');

    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('six is generated: the package set has it disabled for Python 3.12'),
    ]);
    expect(stderr).not.toContain('tomli');
  });

  it('uses what it has for an interpreter that does not decide, where only that one needs it', async () => {
    await nixpkgs('tomli_ = only [ "3.12" ] (package { pname = "tomli"; version = "2"; });');
    await publish('top', '1.0', 'install_requires=[\'tomli; python_version<"3.13"\']');

    const { code, stdout, stderr } = await forIt('top');

    expect([code, stderr]).toEqual([0, expect.not.stringContaining('tomli')]);
    expect(stdout).toContain('dependencies = lib.optionals (pythonOlder "3.13") [ tomli_ ];');
    expect(stdout).not.toContain('tomli_ = final.callPackage');
  });

  it('generates it where one that decides needs it too', async () => {
    await nixpkgs('tomli = only [ "3.12" ] (package { pname = "tomli"; version = "2"; });');
    await publish('top', '1.0', "install_requires=['tomli; python_version<\"3.13\"', 'other']");
    await publish('other', '1.0', "install_requires=['tomli']");
    await publish('tomli', '2.1', '');

    const { code, stdout, stderr } = await forIt('top');

    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('tomli is generated: the package set has it disabled for Python 3.13'),
    ]);
    expect(stdout).toContain('tomli = final.callPackage');
  });

  it('leaves out a check input that the interpreter that decides lacks, and keeps one that it need not have', async () => {
    await nixpkgs(
      'mock = only [ "3.12" ] (package { pname = "mock"; version = "5"; }); exceptiongroup = only [ "3.12" ] (package { pname = "exceptiongroup"; version = "1"; }); pytest = package { pname = "pytest"; version = "9"; }; pytestCheckHook = { type = "derivation"; name = "pytest-check-hook"; propagatedBuildInputs = [ final.pytest ]; };',
    );
    await publish('top', '1.0', `tests_require=['mock', 'exceptiongroup; python_version<"3.13"']`, {
      'tests/test_top.py':
        'import unittest\n\nclass TestTop(unittest.TestCase):\n    def test_top(self):\n        pass\n',
    });

    const { stdout } = await forIt('top');

    expect(stdout).toContain('lib.optionals (pythonOlder "3.13") [ exceptiongroup ]');
    expect(stdout).toContain('# mock is left out: not in the package set');
  });

  it('warns of interpreters that lack what is needed, where these do not decide', async () => {
    await nixpkgs('six = only [ "3.13" ] (package { pname = "six"; version = "1.16.0"; });');
    await publish('top', '1.0', "install_requires=['six']");
    const { code, stderr } = await forIt('top');
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(
        'for Python 3.12 this nixpkgs lacks six (disabled), so what needs it does not evaluate there',
      ),
    ]);
  });

  it('leaves out tests that lead back through what its packages really need', async () => {
    await nixpkgs(`
      pluggy = package { pname = "pluggy"; version = "1.0"; };
      pytestCheckHook = { type = "derivation"; name = "pytest-check-hook"; propagatedBuildInputs = [ final.pytest ]; };
      pytest = package { pname = "pytest"; version = "9.0"; propagatedBuildInputs = [ final.made-up-middle ]; };
      made-up-middle = package { pname = "made-up-middle"; version = "1"; nativeBuildInputs = [ final.top ]; };
      top = package { pname = "top"; version = "0.5"; };`);
    await publish('top', '1.0', '', { 'tests/test_top.py': 'import pytest\n\ndef test_top():\n    pass\n' });

    const { stderr } = await forIt('top');

    expect(stderr).toContain('its tests run in passthru.tests only: pytest needs made-up-middle, which needs top');
  });

  it('ends where its packages need what is generated from them', async () => {
    await nixpkgs(`
      middle = package { pname = "middle"; version = "1"; nativeBuildInputs = [ final.top ]; };
      top = package { pname = "top"; version = "0.5"; };`);
    await publish('top', '1.0', "install_requires=['middle']");

    const { code, stderr } = await forIt('top');

    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        'top requires middle (Requires-Dist: middle), middle of the package set needs top [E_CYCLE]',
      ),
    ]);
  });

  it('leaves out a library that it does not have, with a warning', async () => {
    await nixpkgs('');
    await publish('top', '1.0', "ext_modules=[Extension('top', ['top.c'], libraries=['z', 'xml2'])]", {
      'setup.py':
        "from setuptools import setup, Extension\nsetup(name='top', version='1.0', ext_modules=[Extension('top', ['top.c'], libraries=['z', 'xml2'])])\n",
      'top.c': '',
    });

    const { code, stdout, stderr } = await forIt('top');

    expect(code).toBe(0);
    expect(stderr).toContain('libxml2 is left out of buildInputs: this nixpkgs has no such attribute');
    expect(stdout).toContain(
      '# libxml2 is left out: this nixpkgs has no such attribute\n      buildInputs = [ zlib ];',
    );
  });

  it('tells what it could not read', async () => {
    await nixpkgs(`${SIX} bad = abort "no";`);
    await publish('top', '1.0', "install_requires=['six']");
    const { code, stderr } = await forIt('top');
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('Nix cannot evaluate bad of python313.pkgs, which counts as missing'),
    ]);
  });

  it('has the form of the release before one that was on its way', async () => {
    await nixpkgs('', { release: '23.11', suffix: 'pre523423.0123abc' });
    await publish('top', '1.0', '');
    const { stdout, stderr } = await forIt('top', '--no-checks');
    expect(stderr).toContain('this nixpkgs was made on the way to 23.11: the form of 23.05 is printed');
    expect(stdout).toContain('--release 23.05');
  });

  it('has the form that --release names, and warns that it is another', async () => {
    await nixpkgs('');
    await publish('top', '1.0', '');
    const { stderr } = await forIt('top', '--no-checks', '--release', '24.05');
    expect(stderr).toMatch(
      /the form is that of nixpkgs 24\.05, as --release says, and the package set that of nixpkgs 25\.11/u,
    );
  });

  it('is named by PYPI2NIX_NIXPKGS and by NIX_PATH as well', async () => {
    await nixpkgs(SIX);
    await publish('top', '1.0', "install_requires=['six']");
    const variable = await bench().run(['top'], { ...COMMANDS, PYPI2NIX_NIXPKGS: 'nixpkgs' });
    const searched = await bench().run(['--nixpkgs', '<set>', 'top'], {
      ...COMMANDS,
      NIX_PATH: `set=${path.join(bench().folder, 'nixpkgs')}`,
    });
    for (const { stdout } of [variable, searched])
      expect(stdout).toContain('# Package names from nixpkgs 25.11 (files ');
  });

  it('gives versions that are tried first', async () => {
    await nixpkgs(SIX);
    bench().index.project('six', [await makeSdist('six', '1.16.0', PLAIN), await makeSdist('six', '1.17.0', PLAIN)]);
    const { stdout } = await run('lock', '--nixpkgs', 'nixpkgs', '--prefer', 'nixpkgs', 'six');
    expect(stdout).toContain('version = "1.16.0"');
  });

  it('is what `why` explains for', async () => {
    await nixpkgs(SIX);
    await publish('top', '1.0', "install_requires=['six>=2']");
    const { stdout } = await run('why', 'top', 'pythonRelaxDeps', '--nixpkgs', 'nixpkgs', '--relax');
    expect(stdout).toContain('six');
  });

  it('has no interpreter but its own', async () => {
    await nixpkgs('');
    const { code, stderr } = await forIt('top', '--python', '3.9');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/has no Python 3\.9 \[E_NO_INTERPRETER\]\nhint: it has 3\.12 and 3\.13/u),
    ]);
  });

  it('cannot relax in a form without pythonRelaxDeps', async () => {
    await nixpkgs('', { release: '18.03' });
    const { code, stderr } = await forIt('top', '--relax');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--relax needs pythonRelaxDeps, which nixpkgs 18.03 does not have'),
    ]);
  });
});

const PLAIN = {
  'PKG-INFO': 'Metadata-Version: 1.1\nName: six\nVersion: 1.16.0\n\n',
  'setup.py': "from setuptools import setup\nsetup(name='six')\n",
};

describe('--nixpkgs', () => {
  it('with --bootstrap is wrong use', async () => {
    const { code, stderr } = await forIt('top', '--bootstrap');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--bootstrap and a nixpkgs that is read exclude each other'),
    ]);
  });

  it('is what --relax needs', async () => {
    const { code, stderr } = await run('top', '--relax');
    expect([code, stderr]).toEqual([2, expect.stringContaining('name one with --nixpkgs')]);
  });

  it('without Nix says how to get it', async () => {
    await writeMadeUpNixpkgs(path.join(bench().folder, 'nixpkgs'), { packages: '' });
    const { code, stderr } = await bench().run(['--nixpkgs', 'nixpkgs', 'top'], { PATH: bench().folder });
    expect([code, stderr]).toEqual([69, expect.stringContaining('[E_NIX_MISSING]\nhint: install Nix')]);
  });

  it('with a flake reference says where Nix knows no flakes', async () => {
    const bin = await madeUp({
      nix: `echo "error: 'flake' is not a recognised command" >&2; exit 1`,
      'nix-instantiate': 'echo "nix-instantiate (Nix) 2.3.16"',
    });
    const { code, stderr } = await bench().run(['--nixpkgs', 'github:o/r', 'top'], { PATH: bin });
    expect([code, stderr]).toEqual([
      69,
      expect.stringContaining('github:o/r is a flake reference, and this Nix knows no flakes [E_NO_FLAKES]'),
    ]);
  });

  it('with a flake reference that Nix cannot fetch tells what Nix says', async () => {
    const bin = await madeUp({
      nix: 'echo "error: no such host" >&2; exit 1',
      'nix-instantiate': 'echo "nix-instantiate (Nix) 2.8.0"',
    });
    const { code, stderr } = await bench().run(['--nixpkgs', 'github:o/r', 'top'], { PATH: bin });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/the flake github:o\/r: \[E_BAD_FLAKE\]\nerror: no such host/u),
    ]);
  });

  it('with a flake reference asks Nix where it lies, as one word', async () => {
    const place = path.join(bench().folder, 'place');
    const bin = await madeUp({
      nix: `for word in "$@"; do last="$word"; done; test "$last" = 'git+file:///a b?ref=$x' || exit 1; echo '{"path": "${place}", "revision": "${'a'.repeat(40)}"}'`,
    });
    const { code, stderr } = await bench().run(['--nixpkgs', 'git+file:///a b?ref=$x', 'top'], { PATH: bin });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${place} is no nixpkgs`)]);
  });
});

/** A folder of made-up commands. */
async function madeUp(commands: Readonly<Record<string, string>>): Promise<string> {
  const bin = path.join(bench().folder, '.bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(commands)) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  return bin;
}
