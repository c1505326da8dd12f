# The builder of every derivation of this package set: reads the attributes, sets up the environment from the inputs,
# runs the phases. The phases, hooks and helper commands have the names of nixpkgs' stdenv, because expressions use them.

set -eo pipefail
source "${NIX_ATTRS_SH_FILE:-.attrs.sh}"
builderDir=${BASH_SOURCE[0]%/*}
out=${outputs[out]}
attrsJson=${NIX_ATTRS_JSON_FILE:-$PWD/.attrs.json}
export out

fail() {
  echo "error: $*" >&2
  exit 1
}

runHook() {
  local hook=$1
  if declare -F "$hook" >/dev/null; then "$hook"; fi
  if [[ -n ${!hook:-} ]]; then eval "${!hook}"; fi
}

# A phase is the attribute of its name where the expression sets one, else the function below.
runPhase() {
  local phase=$1
  echo "== $phase"
  if [[ -n ${!phase:-} ]]; then eval "${!phase}"; else "$phase"; fi
}

substituteInPlace() {
  "$hostPython" "$builderDir/substitute.py" "$@"
}

# collect PATH...: appends the paths and all that they propagate to `collected`, each once.
collect() {
  local path
  for path in "$@"; do
    [[ " ${collected[*]-} " == *" $path "* ]] && continue
    collected+=("$path")
    if [[ -f $path/nix-support/propagated-build-inputs ]]; then collect $(<"$path/nix-support/propagated-build-inputs"); fi
  done
}

# prepend VARIABLE FOLDER: puts a folder that exists at the head of a list joined by colons, once.
prepend() {
  local variable=$1 folder=$2
  [[ -d $folder && ":${!variable:-}:" != *":$folder:"* ]] || return 0
  export "$variable=$folder${!variable:+:${!variable}}"
}

# pythonPathOf PATH...: the site-packages of the paths and of all that they propagate, joined by colons.
pythonPathOf() {
  local collected=() PYTHONPATH= path
  collect "$@"
  for path in "${collected[@]}"; do prepend PYTHONPATH "$path/$sitePackages"; done
  echo "$PYTHONPATH"
}

# activate PATH...: lets a build find modules, headers, libraries, and runs the setup hooks of the paths.
activate() {
  local collected=() path
  collect "$@"
  for path in "${collected[@]}"; do
    prepend PYTHONPATH "$path/$sitePackages"
    prepend C_INCLUDE_PATH "$path/include"
    prepend CPLUS_INCLUDE_PATH "$path/include"
    prepend LIBRARY_PATH "$path/lib"
    prepend LD_RUN_PATH "$path/lib"
    prepend PKG_CONFIG_LIBDIR "$path/lib/pkgconfig"
    prepend PKG_CONFIG_LIBDIR "$path/share/pkgconfig"
    prepend CMAKE_PREFIX_PATH "$path"
    if [[ -f $path/nix-support/setup-hook ]]; then source "$path/nix-support/setup-hook"; fi
  done
}

# activateTools PATH...: lets a build run the programs of the paths.
activateTools() {
  local collected=() path
  collect "$@"
  for path in "${collected[@]}"; do prepend PATH "$path/bin"; done
}

unpackPhase() {
  runHook preUnpack
  if [[ -z ${src:-} ]]; then
    mkdir source
  elif [[ -d $src ]]; then
    cp -r --no-preserve=mode,ownership "$src" source
  else
    case $src in
      *.zip) "$hostPython" -m zipfile -e "$src" unpacked ;;
      *) mkdir unpacked && tar -xf "$src" -C unpacked --no-same-owner --no-same-permissions --mode=u+w --warning=no-timestamp ;;
    esac
    local entries=(unpacked/*)
    [[ ${#entries[@]} == 1 && -d ${entries[0]} ]] || fail "$src does not unpack into one folder"
    mv "${entries[0]}" source
  fi
  cd source
  if [[ -n ${sourceRoot:-} && -d ../source/${sourceRoot#*/} ]]; then cd "../source/${sourceRoot#*/}"; fi
  # A zip, so a wheel, knows no time before 1980.
  find . ! -newermt 1980-01-02 -exec touch -h -d 1980-01-02T00:00:00Z {} +
  runHook postUnpack
}

patchPhase() {
  runHook prePatch
  local patchFile
  for patchFile in "${patches[@]}"; do
    echo "applying $patchFile"
    patch ${patchFlags[@]:--p1} <"$patchFile"
  done
  runHook postPatch
}

configurePhase() {
  runHook preConfigure
  runHook postConfigure
}

buildPhase() {
  runHook preBuild
  if [[ -f Makefile ]]; then make; fi
  runHook postBuild
}

installPhase() {
  runHook preInstall
  if [[ -f Makefile ]]; then make install "PREFIX=$out"; fi
  runHook postInstall
}

installCheckPhase() {
  :
}

fixupPhase() {
  runHook preFixup
  if [[ ${#propagated[@]} -gt 0 ]]; then
    mkdir -p "$out/nix-support"
    printf '%s\n' "${propagated[@]}" >"$out/nix-support/propagated-build-inputs"
  fi
  runHook postFixup
}

main() {
  local name
  for name in "${exported[@]}"; do export "${name?}"; done
  for name in "${!env[@]}"; do export "$name=${env[$name]}"; done

  export PATH=$hostTools/bin
  # Whatever runs here may be root: a home that can be made would be made, and Nix refuses to build after that.
  export HOME=/proc/homeless-shelter
  export LANG=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315619200}
  export CC=${CC:-cc} CXX=${CXX:-c++} AR=${AR:-ar}
  export PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0
  # Set, so that pkg-config looks into the declared inputs alone.
  export PKG_CONFIG_LIBDIR=
  umask 022

  activate "${hostInputs[@]}" "${nativeInputs[@]}"
  activateTools "${nativeInputs[@]}"
  if [[ -n ${kindScript:-} ]]; then source "$builderDir/$kindScript"; fi

  local phase
  for phase in unpackPhase patchPhase configurePhase buildPhase installPhase installCheckPhase fixupPhase; do
    runPhase "$phase"
  done
}

main
