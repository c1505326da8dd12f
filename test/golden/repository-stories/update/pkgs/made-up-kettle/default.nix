{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  flit-core,

  # dependencies
  made-up-saucer,
  made-up-spout,

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
    hash = "sha256-2aJYBHb2o+HrDeyY4dC8+bQS6nin34fEwNS9PbCzm80=";
  };

  build-system = [ flit-core ];

  dependencies = [
    made-up-saucer
    made-up-spout
  ];

  optional-dependencies = {
    warm = [ made-up-lid ];
  };

  pythonImportsCheck = [ "made_up_kettle" ];

  meta = {
    license = lib.licenses.bsd3;
  };
}
