{
  description = "Python packages that pypi2nix keeps";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forEach =
        make:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = make (import nixpkgs { inherit system; });
          }) systems
        );
      packagesOf = pkgs: import ./default.nix { inherit pkgs; };
    in
    {
      packages = forEach (
        pkgs:
        pkgs.lib.filterAttrs (_: value: (builtins.tryEval (value.type or null == "derivation")).value) (
          packagesOf pkgs
        )
      );

      legacyPackages = forEach packagesOf;

      devShells = forEach (pkgs: {
        default = import ./shell.nix { inherit pkgs; };
      });

      overlays.default = _final: prev: {
        pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [ (import ./overlay.nix) ];
      };
    };
}
