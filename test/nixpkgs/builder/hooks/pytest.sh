# pytestCheckHook: runs pytest in the source tree, without the tests that the expression disables.

pytestCheckPhase() {
  runHook preCheck
  local arguments=() name path expression=
  for name in "${disabledTests[@]}"; do expression+="${expression:+ and }not ($name)"; done
  if [[ -n $expression ]]; then arguments+=(-k "$expression"); fi
  expression=
  for name in "${disabledTestMarks[@]}"; do expression+="${expression:+ and }not ($name)"; done
  if [[ -n $expression ]]; then arguments+=(-m "$expression"); fi
  for path in "${disabledTestPaths[@]}"; do
    local found=(${path%%::*})
    [[ ${#found[@]} -gt 0 && -e ${found[0]} ]] || fail "disabledTestPaths: there is no $path"
    if [[ $path == *::* ]]; then
      arguments+=("--deselect=$path")
    else
      arguments+=("${found[@]/#/--ignore=}")
    fi
  done
  arguments+=("${pytestFlags[@]}" "${enabledTestPaths[@]}")
  "$python" -m pytest "${arguments[@]}"
  runHook postCheck
}

if [[ -z ${dontUsePytestCheck:-} ]]; then checkPhases+=(pytestCheckPhase); fi
