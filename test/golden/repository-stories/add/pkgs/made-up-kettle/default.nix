{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,

  # dependencies
  made-up-saucer,
  six,

  # optional-dependencies
  made-up-lid,
}:

buildPythonPackage rec {
  pname = "made-up-kettle";
  version = "1.1";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_kettle";
    inherit version;
    hash = "sha256-RYPezwMjUh3476jrFEkn8XiDHqgixBUxwutDJHppkN8=";
  };

  build-system = [ setuptools ];

  dependencies = [
    made-up-saucer
    six
  ];

  optional-dependencies = {
    warm = [ made-up-lid ];
  };

  pythonImportsCheck = [ "made_up_kettle" ];

  meta = {
    license = lib.licenses.mit;
  };
}
