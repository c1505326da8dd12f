# The Python package set before any overlay: builders, fetchers, conditions, hooks. No Python package is in it.
{ lib, host, pkgs, python, placeholders, legacy, implicitWheel }:

final:

let
  missing =
    name:
    final.${name} or (host.missing name "the stand-in package set has no Python packages of its own: ${name} has to be generated");
  buildPythonPackage = import ./build-python-package.nix {
    inherit lib pkgs python missing legacy implicitWheel;
  };
in
lib.genAttrs placeholders (
  name: host.missing name "${name} is a placeholder of the stand-in package set, for evaluation alone"
)
// lib.listToAttrs (
  map (minor: lib.nameValuePair "isPy3${toString minor}" (python.pythonVersion == "3.${toString minor}")) (
    lib.genList lib.id 30
  )
)
// {
  inherit python lib pkgs buildPythonPackage;
  inherit (pkgs) stdenv fetchPypi fetchurl;
  buildPythonApplication = buildPythonPackage;
  callPackage = lib.callPackageWith (pkgs // final);

  pythonOlder = lib.versionOlder python.pythonVersion;
  pythonAtLeast = lib.versionAtLeast python.pythonVersion;
  isPy2 = false;
  isPy26 = false;
  isPy27 = false;
  isPy3 = true;
  isPy3k = true;
  isPyPy = false;
  pythonModule = python;
  toPythonModule = drv: drv // { pythonModule = python; };
  toPythonApplication = drv: drv;
  hasPythonModule = drv: drv ? pythonModule;
  inherit (python) sitePackages;

  pytestCheckHook = host.makeHook "pytest" [ (missing "pytest") ];
  unittestCheckHook = host.makeHook "unittest" [ ];
  # These are part of the builder here.
  pythonImportsCheckHook = null;
  pythonRelaxDepsHook = null;

  # Takes the options of pytest-cov and does nothing.
  pytest-cov-stub = pkgs.stdenv.mkDerivation {
    pname = "pytest-cov-stub";
    version = "1.1.0";
    src = ./pytest-cov-stub;
    installPhase = ''
      site=$out/${python.sitePackages}
      mkdir -p "$site"
      cp -r pytest_cov_stub.py pytest_cov_stub-1.1.0.dist-info "$site"
    '';
    passthru.pythonModule = python;
  };
}
