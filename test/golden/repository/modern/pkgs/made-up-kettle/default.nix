{
  lib,
  stdenv,
  buildPythonPackage,
  fetchPypi,
  pythonOlder,

  # build-system
  setuptools,

  # dependencies
  colorama,
  exceptiongroup,
  made-up-saucer,
  six,

  # optional-dependencies
  pyyaml,
  simplejson,

  # tests
  pytestCheckHook,
}:

buildPythonPackage rec {
  pname = "made-up-kettle";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    pname = "made_up_kettle";
    inherit version;
    hash = "sha256-xVhBqwiqdQL6h+rfxSCFyfWTHsuA+SUbULsF9D5dEOI=";
  };

  build-system = [ setuptools ];

  dependencies = [
    made-up-saucer
    six
  ]
  ++ lib.optionals (pythonOlder "3.13") [ exceptiongroup ]
  ++ lib.optionals stdenv.hostPlatform.isDarwin [ colorama ];

  optional-dependencies = {
    json = [ simplejson ];
    yaml = [ pyyaml ];
  };

  nativeCheckInputs = [ pytestCheckHook ];

  pythonImportsCheck = [ "made_up_kettle" ];

  meta = {
    description = "Boils water";
    homepage = "https://kettle.test/";
    license = lib.licenses.mit;
  };
}
