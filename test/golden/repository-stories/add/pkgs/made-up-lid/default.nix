{
  lib,
  stdenv,
  buildPythonPackage,
  fetchPypi,

  # build-system
  made-up-forge,

  # dependencies
  colorama,
}:

buildPythonPackage rec {
  pname = "made-up-lid";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_lid";
    inherit version;
    hash = "sha256-/TG2ruLni/gZDHF9VeKKM/V4wG+Vlnl0y2NBNu2KXkA=";
  };

  build-system = [ made-up-forge ];

  dependencies = lib.optionals stdenv.hostPlatform.isDarwin [ colorama ];

  pythonImportsCheck = [ "made_up_lid" ];

  meta = {
    license = lib.licenses.mit;
  };
}
