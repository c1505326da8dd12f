# What comes of generated overlays in a package set that has exactly some names: by file, the arguments that nothing has, and, where there are none, what
# the stand-in package set makes of each package, with its extras and the inputs of its tests.
{
  standIn,
  files,
  pythonNames,
  helperNames,
  systemNames,
  # Placeholders have these extras, because the lists tell none.
  extras,
}:

let
  lib = import "${standIn}/lib.nix";
  split = path: builtins.filter builtins.isString (builtins.split "[.]" path);
  set =
    names:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = true;
      }) names
    );
  known = set (pythonNames ++ helperNames ++ map (path: builtins.head (split path)) systemNames);

  pkgs = import standIn { overlays = [ systemOverlay ]; };
  placeholder = name: {
    inherit name;
    type = "derivation";
    pname = name;
    version = "0";
    outPath = "/placeholder/${name}";
    drvPath = "/placeholder/${name}.drv";
    optional-dependencies = lib.genAttrs extras (_: [ ]);
    overridePythonAttrs = _: placeholder name;
  };
  systemOverlay =
    _final: prev:
    builtins.foldl' (
      result: path:
      let
        parts = split path;
        first = builtins.head parts;
        inner = builtins.tail parts;
        value = result.${first} or prev.${first} or (placeholder first);
        isThere = lib.attrByPath inner null value != null;
      in
      result
      // {
        ${first} = if isThere then value else lib.recursiveUpdate value (nested inner (placeholder path));
      }
    ) { rustPlatform.importCargoLock = { ... }: placeholder "cargo-deps"; } systemNames;
  nested =
    names: value:
    if names == [ ] then value else { ${builtins.head names} = nested (builtins.tail names) value; };

  # The interpreter of the host need not be one that a package is for.
  anyInterpreter = attrs: builtins.seq (attrs.disabled or false) (removeAttrs attrs [ "disabled" ]);
  pythonOverlay =
    _final: prev:
    lib.genAttrs pythonNames (name: prev.${name} or (placeholder name))
    // {
      buildPythonPackage =
        argument:
        prev.buildPythonPackage (
          if builtins.isFunction argument then
            finalAttrs: anyInterpreter (argument finalAttrs)
          else
            anyInterpreter argument
        );
    };

  pnames = map (input: input.pname or input.name);
  made =
    drv:
    builtins.deepSeq drv.drvPath {
      inherit (drv) pname version;
      source = drv.src.name or (toString drv.src);
      inputs = pnames (drv.nativeBuildInputs ++ drv.buildInputs ++ drv.propagatedBuildInputs);
      tests = pnames drv.nativeCheckInputs;
      extras = builtins.mapAttrs (_: pnames) (drv.optional-dependencies or { });
      passthruTests = pnames (builtins.attrValues (drv.tests or { }));
    };

  evaluate =
    name: file:
    let
      overlay = import file;
      formalsOf = f: arguments: {
        formals = removeAttrs (builtins.functionArgs f) (builtins.attrNames arguments);
      };
      own = overlay { callPackage = formalsOf; } { };
      missing =
        formals:
        builtins.filter (formal: !(formals.${formal} || known ? ${formal} || own ? ${formal})) (
          builtins.attrNames formals
        );
      unknown = lib.filterAttrs (_: names: names != [ ]) (
        builtins.mapAttrs (_: each: missing each.formals) own
      );
      python = pkgs.python3.override { packageOverrides = lib.composeExtensions pythonOverlay overlay; };
    in
    {
      inherit unknown;
      made =
        if unknown != { } then
          null
        else
          builtins.mapAttrs (attribute: _: made python.pkgs.${attribute}) own;
    };
in
builtins.mapAttrs evaluate files
