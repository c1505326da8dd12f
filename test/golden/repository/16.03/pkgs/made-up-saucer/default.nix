{
  lib,
  buildPythonPackage,
  fetchurl,
}:

buildPythonPackage rec {
  name = "made-up-saucer-${version}";
  version = "1.0";

  src = fetchurl {
    url = "mirror://pypi/m/made_up_saucer/made_up_saucer-${version}.tar.gz";
    sha256 = "7e27c4cf5084eff80957ecd1305fe6d28f1b7abda5ea8a0a3e508406999a8880";
  };

  meta = {
    description = "Catches drops";
    license = lib.licenses.mit;
  };
}
