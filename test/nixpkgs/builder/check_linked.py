"""Fails where a shared object below FOLDER needs a library that no declared input has.

The host's compiler finds every library of the host, so a missing declaration would not be noticed otherwise.
Usage: check_linked.py FOLDER LIBRARY_PATH
"""

import os
import re
import shutil
import subprocess
import sys

# Part of every toolchain.
TOOLCHAIN = re.compile(r"(ld-linux.*|lib(c|m|dl|rt|util|pthread|gcc_s|stdc\+\+|gomp|atomic|gfortran|quadmath|python3.*))\.so(\.[\d.]+)?")


def main(folder, library_path):
    if shutil.which("readelf") is None:
        return
    objects = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if re.search(r"\.so(\.|$)", name)]
    own = {os.path.basename(path) for path in objects}
    places = [place for place in library_path.split(":") if place]
    undeclared = []
    for path in objects:
        listing = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, errors="replace").stdout
        for needed in re.findall(r"\(NEEDED\).*\[(.*)\]", listing):
            known = needed in own or TOOLCHAIN.fullmatch(needed) or any(os.path.exists(f"{place}/{needed}") for place in places)
            if not known:
                undeclared.append(f"{needed}, needed by {os.path.relpath(path, folder)}")
    if undeclared:
        sys.exit("\n  ".join(["undeclared system libraries:", *undeclared]))


main(*sys.argv[1:])
