{
  pkgs ? import <nixpkgs> { },
}:

let
  # the packages of this folder, on one package set
  packagesOf =
    pythonPackages:
    let
      callPackage = pkgs.lib.callPackageWith (pkgs // self // { pythonPackages = self; });
      self = pythonPackages // {
        made-up-pot = callPackage ./pkgs/made-up-pot { };
        made-up-saucer = callPackage ./pkgs/made-up-saucer { };
      };
    in
    {
      inherit (self) made-up-pot made-up-saucer;
    };
in
packagesOf pkgs.python35Packages
// pkgs.lib.optionalAttrs (pkgs ? python27Packages) { python27 = packagesOf pkgs.python27Packages; }
// pkgs.lib.optionalAttrs (pkgs ? python33Packages) { python33 = packagesOf pkgs.python33Packages; }
// pkgs.lib.optionalAttrs (pkgs ? python34Packages) { python34 = packagesOf pkgs.python34Packages; }
// pkgs.lib.optionalAttrs (pkgs ? python35Packages) { python35 = packagesOf pkgs.python35Packages; }
