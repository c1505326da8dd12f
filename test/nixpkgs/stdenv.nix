# mkDerivation over builder/setup.sh, and what expressions ask about the platform.
{ lib, host }:

let
  inherit (host) system;

  # For all: attributes that say something to Nix expressions only.
  unbuilt = [ "meta" "passthru" "env" "nativeBuildInputs" "buildInputs" "propagatedBuildInputs" "nativeCheckInputs" "checkInputs" "outputs" ];

  is = part: lib.hasSuffix part system || lib.hasPrefix part system;

  # As the real one exports them: everything that is a text once it is in the environment.
  isExported = value: builtins.isString value || builtins.isInt value || builtins.isPath value || value ? outPath;

  # As the real one does since 20.03: `!` of an epoch cannot stand in a store path.
  storeName = name: lib.concatMapStringsSep "-" lib.id (builtins.filter builtins.isString (builtins.split "[^a-zA-Z0-9+._?=-]+" name));

  mkDerivation =
    argument:
    let
      resolve = lib.fix (
        finalAttrs: (if builtins.isFunction argument then argument (finalAttrs // { inherit finalPackage; }) else argument)
      );
      finalPackage = make resolve;
    in
    finalPackage;

  make =
    attrs:
    let
      own = removeAttrs attrs unbuilt;
      inputs = name: builtins.filter (input: input != null) (attrs.${name} or [ ]);
      propagated = inputs "propagatedBuildInputs";
      native = inputs "nativeBuildInputs";
      env = builtins.mapAttrs (_: toString) (attrs.env or { });
      drv = derivation (
        {
          sitePackages = "lib/none";
          patches = [ ];
          hostPython = host.interpreter;
          kindScript = "";
        }
        // own
        // {
          inherit system env propagated;
          name = storeName (attrs.name or "${attrs.pname}-${attrs.version}");
          builder = host.bash;
          args = [ "${host.builder}/setup.sh" ];
          __structuredAttrs = true;
          hostTools = host.tools;
          exported = builtins.filter (name: isExported own.${name}) (builtins.attrNames own);
          nativeInputs = native ++ lib.optionals (!(attrs.strictDeps or false)) (inputs "buildInputs" ++ propagated);
          hostInputs = inputs "buildInputs" ++ propagated;
          checkInputs = lib.optionals (attrs.doCheck or false) (inputs "nativeCheckInputs" ++ inputs "checkInputs");
        }
      );
      outputs = lib.genAttrs [ "out" "dev" "lib" "bin" ] (_: drv);
    in
    # A wrong licence or maintainer is an error, as it is where meta is checked.
    builtins.deepSeq (attrs.meta or { }) (
      drv
      // outputs
      // {
        inherit (drv) outPath drvPath;
        meta = attrs.meta or { };
        nativeBuildInputs = native;
        buildInputs = inputs "buildInputs";
        propagatedBuildInputs = propagated;
        passthru = attrs.passthru or { };
        overrideAttrs =
          f:
          make (
            attrs
            // (
              let
                first = f attrs;
              in
              # `final: prev:` and `old:` are both in use.
              if builtins.isFunction first then first attrs else first
            )
          );
      }
      // (attrs.passthru or { })
    );
in
rec {
  inherit mkDerivation system;
  cc = host.tools // {
    isGNU = true;
    isClang = false;
    # Libraries of the compiler, which the host's loader finds by itself.
    cc.lib = host.runCommand "gcc-lib" { } "mkdir $out";
  };
  hostPlatform = {
    inherit system;
    isLinux = is "linux";
    isDarwin = is "darwin";
    isAarch64 = is "aarch64";
    isAarch32 = false;
    isx86_64 = is "x86_64";
    isx86_32 = false;
    isi686 = false;
    isx86 = is "x86_64";
    isUnix = true;
    isMusl = false;
    isGnu = is "linux";
    isWindows = false;
    isCygwin = false;
    isFreeBSD = false;
    is64bit = true;
    is32bit = false;
    isLittleEndian = true;
    isBigEndian = false;
    extensions.sharedLibrary = if is "darwin" then ".dylib" else ".so";
  };
  buildPlatform = hostPlatform;
  targetPlatform = hostPlatform;
  # The names before 2018.
  inherit (hostPlatform) isLinux isDarwin isAarch64 isx86_64 is64bit;
}
