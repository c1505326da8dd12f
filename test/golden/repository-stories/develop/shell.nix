# nix-shell opens a shell with what is asked for
# made-up-local: taken from the source tree, so that edits count at once
{
  pkgs ? import <nixpkgs> { },
}:

let
  repository = import ./default.nix { inherit pkgs; };

  # the projects that are worked on
  developed = [
    {
      package = repository.made-up-local;
      tree = ./local;
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
    export PYTHONPATH="$sourceTrees''${PYTHONPATH:+:$PYTHONPATH}"
  '';
}
