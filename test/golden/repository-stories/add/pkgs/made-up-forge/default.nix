{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,

  # dependencies
  six,
}:

buildPythonPackage rec {
  pname = "made-up-forge";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_forge";
    inherit version;
    hash = "sha256-29/4ZCcNybSeh9vYU06Be1RWgyi59yGEDRtToKFnRqY=";
  };

  build-system = [ setuptools ];

  dependencies = [ six ];

  pythonImportsCheck = [ "made_up_forge" ];

  meta = {
    license = lib.licenses.mit;
  };
}
