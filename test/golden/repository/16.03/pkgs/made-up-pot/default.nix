{
  lib,
  buildPythonPackage,
  fetchurl,

  # dependencies
  made-up-saucer,
  six,

  # tests
  pytest,
}:

buildPythonPackage rec {
  name = "made-up-pot-${version}";
  version = "1.0";

  src = fetchurl {
    url = "mirror://pypi/m/made_up_pot/made_up_pot-${version}.tar.gz";
    sha256 = "9e1f720a42c59197fe9be883eedca9cf657dd6d8b48546fa4e18074a83c9a329";
  };

  buildInputs = [ pytest ];
  propagatedBuildInputs = [
    made-up-saucer
    six
  ];

  meta = {
    description = "Holds coals";
    license = lib.licenses.mit;
  };
}
