# Fetchers as fixed-output derivations. The path depends on name and hash alone, so an archive that `nix-store --add-fixed
# sha256` put into the store is the result of the fetcher, and nothing is downloaded.
{ lib, host, mirror }:

rec {
  fetchurl =
    {
      url ? builtins.head urls,
      urls ? [ url ],
      name ? baseNameOf url,
      hash ? "",
      sha256 ? "",
      sha512 ? "",
      meta ? { },
      passthru ? { },
    }:
    let
      fromMirror = lib.hasPrefix "mirror://" url;
      wanted = if mirror != "" && (fromMirror || lib.hasPrefix "http" url) then "${mirror}/${name}" else url;
      fixed = {
        outputHash = lib.head (builtins.filter (text: text != "") [ hash sha256 sha512 ] ++ [ (throw "fetchurl: ${url} has no hash") ]);
        outputHashAlgo = if hash != "" then null else if sha256 != "" then "sha256" else "sha512";
        outputHashMode = "flat";
      };
      drv =
        if fromMirror && mirror == "" then
          absent name fixed "nix-store --add-fixed sha256 ${name}"
        else
          # What <nix/fetchurl.nix> is made of; that file knows no SRI hashes in old releases of Nix.
          derivation (
            known fixed
            // {
              inherit name;
              inherit (host) system;
              url = wanted;
              urls = [ wanted ];
              builder = "builtin:fetchurl";
              executable = false;
              unpack = false;
              preferLocalBuild = true;
            }
          );
    in
    drv // { inherit url urls meta; } // passthru;

  fetchPypi =
    {
      pname,
      version,
      hash ? "",
      sha256 ? "",
      format ? "setuptools",
      extension ? "tar.gz",
      dist ? "py2.py3",
      python ? "py2.py3",
      abi ? "none",
      platform ? "any",
    }:
    let
      file =
        if format == "wheel" then
          "${pname}-${version}-${python}-${abi}-${platform}.whl"
        else
          "${pname}-${version}.${extension}";
      # Folders by wheels' dist tag exist too; the name alone decides here.
      folder = if format == "wheel" then "${dist}/${builtins.substring 0 1 pname}" else builtins.substring 0 1 pname;
    in
    fetchurl {
      url = "mirror://pypi/${folder}/${pname}/${file}";
      inherit hash sha256;
    };

  # Source trees come from the store only: `nix-store --add-fixed --recursive sha256 source`.
  fetchgit =
    {
      name ? "source",
      hash ? "",
      sha256 ? "",
      ...
    }:
    absent name {
      outputHash = if hash != "" then hash else sha256;
      outputHashAlgo = if hash != "" then null else "sha256";
      outputHashMode = "recursive";
    } "nix-store --add-fixed --recursive sha256 ${name}";
  fetchFromGitHub = fetchgit;
  fetchFromGitLab = fetchgit;
  fetchzip = fetchgit;

  absent =
    name: fixed: remedy:
    host.runScript name (known fixed) ''
      echo "error: ${name} is not in the store: put it there by ${remedy}, or name its folder in STAND_IN_MIRROR" >&2
      exit 1
    '';

  # An SRI hash names its algorithm itself.
  known = fixed: if fixed.outputHashAlgo == null then removeAttrs fixed [ "outputHashAlgo" ] else fixed;
}
