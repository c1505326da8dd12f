# The phases of a Python package: the PEP 517 backend is called directly, the wheel is checked, unpacked and imported.

python=$pythonEnvironment/bin/python3
prepend PATH "$pythonEnvironment/bin"
checkPhases=()

if [[ $format == wheel ]]; then
  unpackPhase() {
    mkdir -p source/dist
    cd source
    cp "$src" "dist/$(basename "$src" | cut -c 34-)"
  }
fi

buildPhase() {
  runHook preBuild
  if [[ $format != wheel ]]; then "$python" "$builderDir/build_wheel.py" dist "${pypaBuildFlags[@]}"; fi
  runHook postBuild
}

installPhase() {
  runHook preInstall
  local wheels=(dist/*.whl)
  [[ ${#wheels[@]} == 1 && -f ${wheels[0]} ]] || fail "the build did not leave one wheel in dist/: ${wheels[*]}"
  mkdir -p "$out/$sitePackages"
  # The scripts run an interpreter that knows this package and its dependencies.
  local environment=$out/nix-support/python
  pythonEnvironmentInto "$environment" "$out" "${propagated[@]}"
  "$python" "$builderDir/install_wheel.py" "${wheels[0]}" "$out" "$sitePackages" "$environment/bin/python3" \
    "$(pythonPathOf "${hostInputs[@]}")" "$attrsJson"
  if [[ $format != wheel ]]; then "$python" "$builderDir/check_linked.py" "$out" "${LIBRARY_PATH:-}"; fi
  [[ -d $out/bin ]] || rm -r "$environment"
  prepend PYTHONPATH "$out/$sitePackages"
  runHook postInstall
}

# pythonEnvironmentInto FOLDER PATH...: a virtual environment whose site-packages point to the paths and what they propagate.
pythonEnvironmentInto() {
  local folder=$1 collected=() path
  shift
  mkdir -p "$folder/$sitePackages" "$folder/bin"
  cp -P "$pythonEnvironment"/bin/* "$folder/bin"
  cp "$pythonEnvironment/pyvenv.cfg" "$folder"
  collect "$@"
  for path in "${collected[@]}"; do
    # Not a plain path: the .pth files that lie there are to be read too.
    echo "import site; site.addsitedir('$path/$sitePackages')"
  done >"$folder/$sitePackages/environment.pth"
}

installCheckPhase() {
  importsCheck
  [[ -n ${doCheck:-} ]] || return 0
  activate "${checkInputs[@]}"
  activateTools "${checkInputs[@]}"
  # The own package comes before an older one that a check input may bring along.
  export PYTHONPATH=$out/$sitePackages:$PYTHONPATH
  if [[ -n ${checkPhase:-} ]]; then
    eval "$checkPhase"
  else
    local phase
    for phase in "${checkPhases[@]}"; do runPhase "$phase"; done
  fi
}

# pythonImportsCheck in an empty folder, with the run-time dependencies and, for plugins, the build inputs (their host).
importsCheck() {
  local module
  for module in "${pythonImportsCheck[@]}"; do
    echo "importing $module"
    (
      cd "$(mktemp -d)"
      export PATH=$pythonEnvironment/bin:$hostTools/bin PYTHONPATH
      PYTHONPATH=$(pythonPathOf "$out" "${hostInputs[@]}")
      "$python" -c 'import importlib, sys; importlib.import_module(sys.argv[1])' "$module"
    ) || fail "pythonImportsCheck: $module cannot be imported"
  done
}

# pythonEnvironmentWithPrograms FOLDER PATH...: the same, with the programs of the paths running that very interpreter.
pythonEnvironmentWithPrograms() {
  local folder=$1 collected=() path program target
  shift
  pythonEnvironmentInto "$folder" "$@"
  collect "$@"
  for path in "${collected[@]}"; do
    for program in "$path"/bin/*; do
      target=$folder/bin/${program##*/}
      [[ -f $program && ! -e $target ]] || continue
      if [[ $(head -c 300 "$program" | head -n 1 | tr -d '\0') == "#!$path/nix-support/python/bin/python3" ]]; then
        sed "1s|.*|#!$folder/bin/python3|" "$program" >"$target"
        chmod +x "$target"
      else
        ln -s "$program" "$target"
      fi
    done
  done
}
