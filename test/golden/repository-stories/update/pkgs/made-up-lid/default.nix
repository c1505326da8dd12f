{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,
}:

buildPythonPackage rec {
  pname = "made-up-lid";
  version = "2.0";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_lid";
    inherit version;
    hash = "sha256-Rua8/5iqVzqmdU/jEPB5w5sFYGcBrqH3Ayd14TempZM=";
  };

  build-system = [ setuptools ];

  pythonImportsCheck = [ "made_up_lid" ];

  meta = {
    license = lib.licenses.mit;
  };
}
