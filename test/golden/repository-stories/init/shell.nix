# nix-shell opens a shell with what is asked for
{
  pkgs ? import <nixpkgs> { },
}:

let
  repository = import ./default.nix { inherit pkgs; };
in
pkgs.mkShell {
  nativeBuildInputs = [ repository.pythonEnv ];
}
