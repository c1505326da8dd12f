import { existsSync } from 'node:fs';
import { describe, type TestOptions } from 'vitest';

/** Declares tests against a checkout of nixpkgs that an environment variable names; without it they are skipped, visibly. */
export function describeWithNixpkgs(
  variable: string,
  body: (checkout: string) => void,
  options: TestOptions = {},
): void {
  const checkout = process.env[variable];
  if (checkout !== undefined && existsSync(checkout)) {
    describe(`nixpkgs of ${variable}`, options, () => body(checkout));
    return;
  }
  process.stderr.write(`skipped: ${variable} names no checkout of nixpkgs\n`);
  describe.skip(`nixpkgs of ${variable}`, () => body(''));
}

/** Names without version and hash, of inputs that a package has beyond those that every package has. */
export const INPUTS_OF_OLD = `
  let
    named = input: (builtins.parseDrvName (builtins.replaceStrings [ "python3.5-" "python2.7-" "python3.3-" "python3.4-" "pypy4.0-" ] [ "" "" "" "" "" ] input.name)).name;
    brought = [ "hook" "python" "python3" "python3.5m" "pypy" "python-3.5.1-bootstrapped-pip" "bootstrapped-pip" "unzip" ];
    given = inputs: builtins.filter (name: !(builtins.elem name brought) && builtins.match "(.*-)?setuptools|.*bootstrapped-pip.*" name == null) (map named inputs);
    inputsOf = package: {
      build = builtins.sort builtins.lessThan (given package.nativeBuildInputs);
      run = builtins.sort builtins.lessThan (given package.propagatedNativeBuildInputs);
    };
  in
`;

/**
 * A `<nixpkgs>` around a derivative of a current nixpkgs, which may lack some packages and refuse pythonPackagesExtensions: what it lacks stands there as empty
 * packages, each with an extra `complete`.
 */
export function aroundModern(checkout: string, lacking: readonly string[]): string {
  return `
    args:
    let
      pkgs = import ${checkout} ({ system = "x86_64-linux"; } // args);
      lacking = [ ${lacking.map((name) => JSON.stringify(name)).join(' ')} ];
      empty = final: prev:
        builtins.listToAttrs (map (name: {
          inherit name;
          value = final.toPythonModule (pkgs.runCommand name { pname = name; version = "1"; passthru.optional-dependencies.complete = [ final.six ]; } "");
        }) (builtins.filter (name: !(prev ? \${name})) lacking));
      wrap = python: python // {
        override = changes: python.override (changes // { packageOverrides = pkgs.lib.composeExtensions empty changes.packageOverrides; });
      };
    in
    pkgs // { python3 = wrap pkgs.python3; python313 = wrap pkgs.python313; }
  `;
}
