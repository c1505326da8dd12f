import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What a made-up nixpkgs is written with. */
export interface MadeUpNixpkgs {
  /** Attributes of its Python sets as Nix text. `package { pname; version; }` makes one, `python` is the interpreter, `final` the set. */
  readonly packages: string;
  /** More attributes of nixpkgs itself as Nix text. */
  readonly systems?: string;
  /** The text of `.version`; null for none. */
  readonly release?: string | null;
  /** The text of `.version-suffix`. */
  readonly suffix?: string;
}

/** Writes a folder that evaluates as a nixpkgs of two interpreters, 3.12 and 3.13 (`python3`), and PyPy. It can be read and never built. */
export async function writeMadeUpNixpkgs(folder: string, nixpkgs: MadeUpNixpkgs): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { packages, systems = '', release = '25.11', suffix } = nixpkgs;
  await writeFile(
    path.join(folder, 'default.nix'),
    `
{ config ? { }, overlays ? [ ] }:
let
  interpreter = implementation: pythonVersion: rec {
    type = "derivation";
    name = "\${implementation}-\${pythonVersion}.1";
    inherit pythonVersion;
    libPrefix = "\${implementation}\${pythonVersion}";
    pkgs = set { inherit libPrefix pythonVersion name; };
  };
  set = python:
    let
      package = { pname, version, ... }@given: {
        type = "derivation";
        name = "\${python.libPrefix}-\${pname}-\${version}";
        pythonModule = python;
        doCheck = true;
      } // given;
      only = versions: value: if builtins.elem python.pythonVersion versions then value else throw "not supported for interpreter";
      final = {
        buildPythonPackage = x: x;
        inherit python;
        setuptools = package { pname = "setuptools"; version = "80.9.0"; };
        ${packages}
      };
    in
    final;
  pkgs = rec {
    python312 = interpreter "python" "3.12";
    python313 = interpreter "python" "3.13";
    python3 = python313;
    pypy = interpreter "pypy" "2.7";
    zlib = { };
    pkgconfig = { };
    ${systems}
  };
in
pkgs
`,
  );
  if (release !== null) await writeFile(path.join(folder, '.version'), release);
  if (suffix !== undefined) await writeFile(path.join(folder, '.version-suffix'), suffix);
}
