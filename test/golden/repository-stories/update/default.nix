{
  pkgs ? import <nixpkgs> { },
}:

let
  # the packages of this folder, for one interpreter
  packagesOf =
    python:
    let
      set = (python.override { packageOverrides = import ./overlay.nix; }).pkgs;
    in
    {
      inherit (set)
        made-up-kettle
        made-up-lid
        made-up-saucer
        made-up-spout
        made-up-tray
        ;
    };

  # an interpreter with what is asked for
  environmentOf =
    python:
    (python.override { packageOverrides = import ./overlay.nix; }).withPackages (
      ps:
      [
        ps.made-up-kettle
        ps.made-up-tray
      ]
      ++ ps.made-up-kettle.optional-dependencies.warm
    );
in
packagesOf pkgs.python3
// {
  pythonEnv = environmentOf pkgs.python3;
}
// pkgs.lib.optionalAttrs (pkgs ? python311) {
  python311 = packagesOf pkgs.python311;
  python311Env = environmentOf pkgs.python311;
}
// pkgs.lib.optionalAttrs (pkgs ? python312) {
  python312 = packagesOf pkgs.python312;
  python312Env = environmentOf pkgs.python312;
}
// pkgs.lib.optionalAttrs (pkgs ? python313) {
  python313 = packagesOf pkgs.python313;
  python313Env = environmentOf pkgs.python313;
}
// pkgs.lib.optionalAttrs (pkgs ? python314) {
  python314 = packagesOf pkgs.python314;
  python314Env = environmentOf pkgs.python314;
}
// pkgs.lib.optionalAttrs (pkgs ? python315) {
  python315 = packagesOf pkgs.python315;
  python315Env = environmentOf pkgs.python315;
}
