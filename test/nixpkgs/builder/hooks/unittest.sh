# unittestCheckHook: runs the discovery of unittest in the source tree.

unittestCheckPhase() {
  runHook preCheck
  "$python" -m unittest discover "${unittestFlags[@]}" "${unittestFlagsArray[@]}"
  runHook postCheck
}

if [[ -z ${dontUseUnittestCheck:-} ]]; then checkPhases+=(unittestCheckPhase); fi
