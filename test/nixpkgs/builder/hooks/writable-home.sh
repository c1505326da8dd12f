export HOME=$NIX_BUILD_TOP/home
mkdir -p "$HOME"
