# cmake's own hook configures in ./build where the expression does not say no; no Python backend finds its files after that.

if [[ -z ${dontUseCmakeConfigure:-} && ${kindScript:-} == python.sh ]]; then
  fail "cmake among the inputs takes the configure phase: set dontUseCmakeConfigure = true"
fi
