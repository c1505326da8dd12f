"""Links a library of the host into OUT: its headers, shared objects, pkg-config files and programs.

Ends with a message that names the host's package where anything is missing. Usage: host_library.py OUT JSON
"""

import glob
import json
import os
import re
import sys

LIBRARY_FOLDERS = ["/usr/local/lib", *glob.glob("/usr/lib/*-linux-gnu*"), "/usr/lib64", "/usr/lib", *glob.glob("/lib/*-linux-gnu*")]
INCLUDE_FOLDERS = ["/usr/local/include", "/usr/include", *glob.glob("/usr/include/*-linux-gnu*")]
PROGRAM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin"]
PKG_CONFIG_FOLDERS = [f"{folder}/pkgconfig" for folder in LIBRARY_FOLDERS] + ["/usr/local/share/pkgconfig", "/usr/share/pkgconfig"]


def main(out, text):
    wanted = json.loads(text)
    absent = []
    for header in wanted["headers"]:
        top = header.split("/")[0]
        folder = first(INCLUDE_FOLDERS, header)
        link(folder and f"{folder}/{top}", f"{out}/include/{top}") or absent.append(header)
    for library in wanted["libs"]:
        link_library(library, out) or absent.append(f"lib{library}")
    for program in wanted["programs"]:
        folder = first(PROGRAM_FOLDERS, program)
        link(folder and f"{folder}/{program}", f"{out}/bin/{program}") or absent.append(program)
    for module in wanted["pc"]:
        link_module(module, out) or absent.append(f"{module}.pc")
    if absent:
        sys.exit(f"error: the host has no {', '.join(absent)}: apt-get install {wanted['apt']}")


def first(folders, name):
    return next((folder for folder in folders if os.path.exists(f"{folder}/{name}")), None)


def link(source, target):
    if source is None:
        return False
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.lexists(target):
        os.symlink(source, target)
    return True


def link_library(library, out):
    """Links lib*.so, .so.N and .a, and says whether one to link against is there."""
    found = [path for folder in LIBRARY_FOLDERS for path in glob.glob(f"{folder}/lib{library}.*")]
    # libyaml.so is a link to libyaml-0.so.2.0.6, whose name is what a program needs.
    found += [path for link in found if os.path.islink(link) for path in glob.glob(os.path.realpath(link).split(".so")[0] + ".so*")]
    found = [path for path in found if re.search(r"\.(so|a)(\.[\d.]+)?$", path)]
    for path in found:
        link(path, f"{out}/lib/{os.path.basename(path)}")
    return any(path.endswith((".so", ".a")) for path in found)


def link_module(module, out):
    """A pkg-config module with its libraries, and what it requires: pkg-config reads all, even for a question about one."""
    folder = first(PKG_CONFIG_FOLDERS, f"{module}.pc")
    target = f"{out}/lib/pkgconfig/{module}.pc"
    if folder is None or os.path.lexists(target):
        return folder is not None
    link(f"{folder}/{module}.pc", target)
    with open(target, encoding="utf-8", errors="replace") as file:
        text = file.read()
    for flags in re.findall(r"^Libs(?:\.private)?:(.*)$", text, re.MULTILINE):
        for library in re.findall(r"(?:^|\s)-l(\S+)", flags):
            link_library(glob.escape(library), out)
    for requires in re.findall(r"^Requires(?:\.private)?:(.*)$", text, re.MULTILINE):
        for name in re.findall(r"(?:^|[\s,])([A-Za-z][\w.+-]*)", re.sub(r"[<>=!]+\s*\S+", "", requires)):
            link_module(name, out)
    return True


main(*sys.argv[1:])
