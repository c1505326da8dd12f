{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,
}:

buildPythonPackage rec {
  pname = "made-up-spout";
  version = "0.1";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_spout";
    inherit version;
    hash = "sha256-1lFB6URBYOruIshCbA6kVn4KvzX77stFOihZolM4CuA=";
  };

  build-system = [ setuptools ];

  pythonImportsCheck = [ "made_up_spout" ];

  meta = {
    license = lib.licenses.mit;
  };
}
