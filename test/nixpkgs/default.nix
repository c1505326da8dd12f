# A stand-in for nixpkgs that builds Python packages for real with the host's shell, Python and compiler: see README.md.
# Where an argument is left out, a variable of the environment speaks, because `import <nixpkgs> { }` gives none.
{
  system ? builtins.currentSystem,
  # Paths of interpreters; the first is python3. STAND_IN_PYTHONS.
  pythons ? null,
  # Where archives come from that the store does not have: the URL of a flat folder, for example file:///tmp/archives.
  mirror ? builtins.getEnv "STAND_IN_MIRROR",
  # Python attributes that exist, but cannot be built: for evaluation against names that a
  # real nixpkgs has. STAND_IN_PLACEHOLDERS.
  placeholders ? null,
  overlays ? [ ],
  config ? { },
  # nix-shell -p says that it is one.
  inNixShell ? false,
}:

let
  lib = import ./lib.nix;
  words = text: builtins.filter (word: builtins.isString word && word != "") (builtins.split "[ :]+" text);

  fromEnvironment = argument: variable: if argument != null then argument else words (builtins.getEnv variable);
  placeholderNames = fromEnvironment placeholders "STAND_IN_PLACEHOLDERS";

  interpreters =
    let
      named = fromEnvironment pythons "STAND_IN_PYTHONS";
      usual = builtins.filter builtins.pathExists [ "/usr/bin/python3" "/usr/local/bin/python3" ];
    in
    if named != [ ] then
      named
    else if usual != [ ] then
      [ (builtins.head usual) ]
    else
      throw "the stand-in package set finds no Python: apt-get install python3, or name one in STAND_IN_PYTHONS";

  base =
    pkgs:
    let
      host = import ./host.nix { inherit lib system; interpreter = builtins.head interpreters; };
      stdenv = import ./stdenv.nix { inherit lib host; };
      fetchers = import ./fetchers.nix { inherit lib host mirror; };
      modern = map (
        interpreter:
        import ./python.nix {
          inherit lib host pkgs interpreter;
          placeholders = placeholderNames;
          legacy = false;
        }
      ) interpreters;
      python = builtins.head modern;
      legacy = import ./python.nix {
        inherit lib host pkgs;
        placeholders = placeholderNames;
        interpreter = builtins.head interpreters;
        legacy = true;
      };
      short = version: builtins.replaceStrings [ "." ] [ "" ] version;
      # The newest releases first: their names win over the old ones where the host's interpreter is as old.
      named = version: value: {
        "python${version}" = value;
        "python${version}Packages" = value.pkgs;
      };
    in
    builtins.foldl' (set: version: set // named version legacy) { } [ "27" "33" "34" "35" "36" ]
    // builtins.foldl' (set: value: named (short value.pythonVersion) value // set) { } modern
    // named "3" python
    // import ./libraries.nix { inherit host; }
    // fetchers
    // {
      inherit
        lib
        stdenv
        pkgs
        system
        config
        ;
      inherit (stdenv) mkDerivation;
      inherit (host) mkShell runCommand runCommandCC writeText;
      python = python;
      pythonPackages = python.pkgs;
      pythonPackagesExtensions = [ ];
      newScope = extra: lib.callPackageWith (pkgs // extra);
      callPackage = lib.callPackageWith pkgs;
      writableTmpDirAsHomeHook = host.makeHook "writable-home" [ ];
      autoPatchelfHook = host.makeHook "auto-patchelf" [ ];
    };
in
lib.fix (builtins.foldl' (f: overlay: lib.extends overlay f) base overlays)
