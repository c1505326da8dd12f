{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,
}:

buildPythonPackage rec {
  pname = "made-up-saucer";
  version = "2.0";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_saucer";
    inherit version;
    hash = "sha256-InQBavba35s4SaL1CBAFa8FH+qh38MreGWbYEQS4PHo=";
  };

  build-system = [ setuptools ];

  pythonImportsCheck = [ "made_up_saucer" ];

  meta = {
    license = lib.licenses.mit;
  };
}
