# An interpreter of the host with its package set, in the shape of nixpkgs' python3.
{
  lib,
  host,
  pkgs,
  interpreter,
  placeholders,
  # The names and rules of 15.09 to 21.05 instead of those from 24.05.
  legacy,
}:

let
  facts = host.pythonFacts interpreter;
  inherit (facts) pythonVersion;
  environment = host.pythonEnvironment interpreter facts;
  sitePackages = "lib/python${pythonVersion}/site-packages";

  make =
    {
      packageOverrides ? (_final: _prev: { }),
      ...
    }@arguments:
    let
      overlay = lib.composeManyExtensions (pkgs.pythonPackagesExtensions ++ [ packageOverrides ]);
      setWith =
        implicitWheel:
        lib.fix (
          lib.extends overlay (
            import ./python-packages.nix {
              inherit lib host pkgs python placeholders legacy implicitWheel;
            }
          )
        );

      # nixpkgs' builder brings wheel along for every package, built without it first. So here, where the set has one.
      bootstrap = setWith null;
      wheel = bootstrap.wheel or null;
      packages = setWith (if wheel == null || wheel ? isPlaceholder then null else wheel);

      python = environment // {
        inherit pythonVersion sitePackages;
        inherit (facts) version;
        pname = "python3";
        implementation = "cpython";
        executable = "python${pythonVersion}";
        libPrefix = "python${pythonVersion}";
        interpreter = "${environment}/bin/python${pythonVersion}";
        isPy2 = false;
        isPy3 = true;
        isPyPy = false;
        pkgs = packages;
        override = changes: make (arguments // (if builtins.isFunction changes then changes arguments else changes));
        withPackages = choose: python.buildEnv.override { extraLibs = choose packages; };
        buildEnv = buildEnv { };
        pythonOnBuildForHost = python;
      };

      buildEnv =
        {
          extraLibs ? [ ],
          ...
        }@options:
        let
          drv = pkgs.stdenv.mkDerivation {
            name = "python3-${facts.version}-env";
            pythonEnvironment = environment;
            inherit sitePackages;
            kindScript = "python.sh";
            format = "other";
            libraries = extraLibs;
            buildPhase = ":";
            installPhase = ''pythonEnvironmentWithPrograms "$out" "''${libraries[@]}"'';
          };
        in
        drv
        // {
          inherit python;
          inherit (python) interpreter;
          override = new: buildEnv (options // new);
          env = host.mkShell {
            name = "python3-${facts.version}-shell";
            packages = [ drv ];
          };
        };
    in
    python;
in
make { }
