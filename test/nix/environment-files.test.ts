import { describe, expect, it } from 'vitest';
import { dialectFor } from '../../src/nix/dialect.ts';
import { environmentFiles } from '../../src/nix/environment-files.ts';
import type { AskedExtra } from '../../src/nix/environment-members.ts';
import { repositoryFiles } from '../../src/nix/repository-files.ts';
import { describeWithNix, STAND_IN } from '../support/nix.ts';
import { packageFacts, python, toPrint } from './support/facts.ts';
import { evaluateNix } from './support/nix.ts';

const PLATFORMS = ['x86_64-linux', 'aarch64-linux'];
const DEVELOP = [{ name: 'made-up-lid', attribute: 'made-up-lid', folder: 'made up/lid' }];

function shellOf(release: string, develop = DEVELOP, extras: readonly AskedExtra[] = []): string {
  const files = environmentFiles({
    dialect: dialectFor(release),
    release,
    platforms: PLATFORMS,
    develop,
    environment: ['made-up-kettle'],
    extras,
  });
  return files.get('shell.nix') ?? '';
}

describe('shell.nix', () => {
  it('has the extras that are asked for, those of a project that is worked on too', () => {
    const extras = ['made-up-kettle', 'made-up-lid'].map((attribute) => ({ attribute, extra: 'gilded' }));
    expect(shellOf('24.05', DEVELOP, extras)).toContain(`
    extraLibs = [
      repository.made-up-kettle
    ]
    ++ repository.made-up-kettle.optional-dependencies.gilded
    ++ repository.made-up-lid.optional-dependencies.gilded
    ++ `);
  });

  it('opens a shell with the environment', () => {
    expect(shellOf('24.05', [])).toBe(`# nix-shell opens a shell with what is asked for
{
  pkgs ? import <nixpkgs> { },
}:

let
  repository = import ./default.nix { inherit pkgs; };
in
pkgs.mkShell {
  nativeBuildInputs = [ repository.pythonEnv ];
}
`);
  });

  it('is the shell of the environment itself where there is no mkShell', () => {
    expect(shellOf('16.03', [])).toContain('\nrepository.pythonEnv.env\n');
  });

  it('takes projects that are worked on from their source trees, with all their inputs', () => {
    expect(shellOf('24.05')).toMatchInlineSnapshot(`
      "# nix-shell opens a shell with what is asked for
      # made-up-lid: taken from the source tree, so that edits count at once
      {
        pkgs ? import <nixpkgs> { },
      }:

      let
        repository = import ./default.nix { inherit pkgs; };

        # the projects that are worked on
        developed = [
          {
            package = repository.made-up-lid;
            tree = ./. + "/made up/lid";
          }
        ];

        # where the modules of a source tree lie
        importable = tree: toString (if builtins.pathExists (tree + "/src") then tree + "/src" else tree);

        # their metadata, where this nixpkgs can make editable packages
        editable =
          each:
          if repository.pythonEnv.python ? pkgs.mkPythonEditablePackage then
            [
              (repository.pythonEnv.python.pkgs.mkPythonEditablePackage {
                inherit (each.package) pname version;
                root = importable each.tree;
              })
            ]
          else
            [ ];

        # what else is asked for, and what the projects need
        environment = repository.pythonEnv.override {
          ignoreCollisions = true;
          extraLibs = [
            repository.made-up-kettle
          ]
          ++ pkgs.lib.concatMap (each: each.package.propagatedBuildInputs or [ ]) developed
          ++ pkgs.lib.concatMap editable developed;
        };
      in
      pkgs.mkShell {
        inputsFrom = map (each: each.package) developed;
        nativeBuildInputs = [ environment ];
        sourceTrees = pkgs.lib.concatStringsSep ":" (map (each: importable each.tree) developed);
        shellHook = ''
          export PYTHONPATH="$sourceTrees''\${PYTHONPATH:+:$PYTHONPATH}"
        '';
      }
      "
    `);
  });
});

/** Where each release is looked for; the stand-in has the forms of all. */
const SETS = [
  { release: '24.05', set: STAND_IN },
  { release: '16.03', set: STAND_IN },
  ...(process.env.NIXPKGS_16_03 === undefined ? [] : [{ release: '16.03', set: process.env.NIXPKGS_16_03 }]),
  ...(process.env.NIXPKGS_18_03 === undefined ? [] : [{ release: '18.03', set: process.env.NIXPKGS_18_03 }]),
  ...(process.env.NIXPKGS_MODERN === undefined ? [] : [{ release: '25.05', set: process.env.NIXPKGS_MODERN }]),
];

const PACKAGES = [
  packageFacts({ name: 'made-up-lid', inputs: { 'build-system': [], dependencies: [] } }),
  packageFacts({ name: 'made-up-kettle', inputs: { 'build-system': [], dependencies: [python('made-up-lid')] } }),
];

describeWithNix('the files of a repository', () => {
  it.each(SETS)(
    'evaluate for $release with $set',
    async ({ release, set }) => {
      const dialect = dialectFor(release);
      const pythons = release === '16.03' ? ['3.5'] : release === '18.03' ? ['3.6'] : ['3.13', '3.12', '3.11'];
      const { files } = repositoryFiles(
        PACKAGES.map((facts) => toPrint(facts)),
        { dialect, pythons, topPython: null, environment: ['made-up-kettle'] },
      );
      const around = environmentFiles({
        dialect,
        release,
        platforms: PLATFORMS,
        develop: [{ name: 'made-up-lid', attribute: 'made-up-lid', folder: 'lid' }],
        environment: ['made-up-kettle'],
        extras: [],
      });
      const expression = `
      let
        plain = import ${set} { };
        # A derivative of nixpkgs that the tests may run with has none.
        mkShell = attributes: plain.stdenv.mkDerivation ({ name = "shell"; } // removeAttrs attributes [ "inputsFrom" ]);
        pkgs = { inherit mkShell; } // plain;
        repository = import ./default.nix { inherit pkgs; };
        isDrv = value: builtins.match ".*[.]drv" value != null;
        jobs = import ./release.nix { nixpkgs = ${set}; supportedSystems = [ "x86_64-linux" ]; };
        flake = (import ./flake.nix).outputs { self = { }; nixpkgs = ${set}; };
      in {
        packages = map (name: isDrv repository.\${name}.drvPath) [ "made-up-kettle" "made-up-lid" "pythonEnv" ];
        shell = isDrv (import ./shell.nix { inherit pkgs; }).drvPath;
        hook = builtins.match "/.*/lid" (import ./shell.nix { inherit pkgs; }).sourceTrees != null;
        jobs = builtins.filter (name: builtins.match "made-up-.*|pythonEnv" name != null) (builtins.attrNames jobs.x86_64-linux);
        drvs = isDrv jobs.x86_64-linux.pythonEnv.drvPath;
        flake = builtins.attrNames flake.packages.x86_64-linux != [ ] && builtins.attrNames flake.devShells.aarch64-linux == [ "default" ];
      }`;
      const value = await evaluateNix(expression, {
        files: new Map([...files, ...around, ['lid/x.py', '']]),
        nixPath: `nixpkgs=${set}`,
      });
      expect(value).toEqual({
        packages: [true, true, true],
        shell: true,
        hook: true,
        jobs: ['made-up-kettle', 'made-up-lid', 'pythonEnv'],
        drvs: true,
        flake: true,
      });
    },
    120_000,
  );
});
