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
    hash = "sha256-rO7vfwGlUqnrjFXzrOTxq0yldkq6aAi1dYYu1Kul+TQ=";
  };

  build-system = [ setuptools ];

  pythonImportsCheck = [ "made_up_saucer" ];

  meta = {
    license = lib.licenses.mit;
  };
}
