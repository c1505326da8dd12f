{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,
}:

buildPythonPackage rec {
  pname = "made-up-saucer";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_saucer";
    inherit version;
    hash = "sha256-fifEz1CE7/gJV+zRMF/m0o8ber2l6ooKPlCEBpmaiIA=";
  };

  build-system = [ setuptools ];

  pythonImportsCheck = [ "made_up_saucer" ];

  meta = {
    description = "Catches drops";
    license = lib.licenses.mit;
  };
}
