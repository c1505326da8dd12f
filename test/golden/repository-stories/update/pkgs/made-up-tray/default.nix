{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,

  # dependencies
  made-up-saucer,
}:

buildPythonPackage rec {
  pname = "made-up-tray";
  version = "1.2";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_tray";
    inherit version;
    hash = "sha256-weBWzhPomJC3j/tCpwgvn3ezAztGwGoyz5VyXPlLXLQ=";
  };

  build-system = [ setuptools ];

  dependencies = [ made-up-saucer ];

  pythonImportsCheck = [ "made_up_tray" ];

  meta = {
    license = lib.licenses.mit;
  };
}
