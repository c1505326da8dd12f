"""Unpacks a wheel into OUT as PEP 427 says, after comparing it with what the expression declares.

Reads the declarations from the JSON file that Nix writes for structured attributes; RUNTIME is a list of the folders,
joined by colons, on which the run-time dependencies are.

Usage: install_wheel.py WHEEL OUT SITE_PACKAGES PYTHON RUNTIME ATTRS_JSON
"""

import base64
import compileall
import configparser
import hashlib
import json
import os
import py_compile
import re
import sys
import zipfile

from requirements import Environment, Requirement, Version, normalize


def main(wheel_path, out, site_packages, python, runtime, attrs_path):
    with open(attrs_path) as file:
        attrs = json.load(file)
    with zipfile.ZipFile(wheel_path) as wheel:
        info = dist_info_of(wheel)
        metadata = relax(wheel.read(f"{info}/METADATA").decode(), attrs)
        check_identity(metadata, attrs)
        if not attrs.get("dontCheckRuntimeDeps"):
            check_runtime(metadata, [folder for folder in runtime.split(":") if folder])
        site = os.path.join(out, site_packages)
        record = unpack(wheel, info, metadata, {"out": out, "site": site, "python": python})
        record += entry_points(wheel, info, out, site, python)
    write_record(site, info, record)
    # The store may be writable to whoever runs the result (root), and a pyc that is checked by time is never fresh in it.
    compileall.compile_dir(site, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


def dist_info_of(wheel):
    found = {name.split("/")[0] for name in wheel.namelist() if name.split("/")[0].endswith(".dist-info")}
    if len(found) != 1:
        sys.exit(f"the wheel has {len(found)} dist-info folders")
    return found.pop()


def headers(metadata, field):
    head = metadata.replace("\r\n", "\n").split("\n\n", 1)[0]
    return [line.split(":", 1)[1].strip() for line in head.split("\n") if line.lower().startswith(field.lower() + ":")]


def relax(metadata, attrs):
    """The metadata after pythonRelaxDeps (drops bounds) and pythonRemoveDeps (drops requirements)."""
    relaxed, removed = attrs.get("pythonRelaxDeps", []), attrs.get("pythonRemoveDeps", [])

    def chosen(choice, name):
        return choice is True or (isinstance(choice, list) and name in map(normalize, choice))

    lines = []
    head, separator, body = metadata.replace("\r\n", "\n").partition("\n\n")
    for line in head.split("\n"):
        if line.lower().startswith("requires-dist:"):
            requirement = Requirement(line.split(":", 1)[1])
            if chosen(removed, requirement.name):
                continue
            if chosen(relaxed, requirement.name):
                extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
                marker = f" ; {requirement.marker.strip()}" if requirement.marker else ""
                line = f"Requires-Dist: {requirement.name}{extras}{marker}"
        lines.append(line)
    return "\n".join(lines) + separator + body


def check_identity(metadata, attrs):
    if "pname" not in attrs:
        return
    name, version = headers(metadata, "Name")[0], headers(metadata, "Version")[0]
    if normalize(name) != normalize(attrs["pname"]):
        sys.exit(f"the wheel is of {name}, the expression says {attrs['pname']}")
    if Version(version).key() != Version(attrs["version"]).key():
        sys.exit(f"the wheel is of version {version}, the expression says {attrs['version']}")


def check_runtime(metadata, folders):
    unmet = Environment(folders).unmet(headers(metadata, "Requires-Dist"))
    if unmet:
        sys.exit("\n  ".join(["undeclared dependencies (Requires-Dist of the wheel):", *unmet]))


def unpack(wheel, info, metadata, places):
    """Writes the members and gives the rows of RECORD. A name that leaves its folder ends the build."""
    name = info.removesuffix(".dist-info")
    schemes = {
        "purelib": places["site"],
        "platlib": places["site"],
        "scripts": os.path.join(places["out"], "bin"),
        "data": places["out"],
        "headers": os.path.join(places["out"], "include", name.split("-")[0]),
    }
    record = []
    for member in wheel.infolist():
        if member.is_dir() or member.filename == f"{info}/RECORD":
            continue
        folder, path, scheme = places["site"], member.filename, None
        match = re.match(re.escape(name) + r"\.data/([^/]+)/(.+)$", path)
        if match:
            scheme, path = match.groups()
            folder = schemes[scheme]
        target = os.path.normpath(os.path.join(folder, path))
        if not target.startswith(folder + os.sep):
            sys.exit(f"the wheel has a member outside its folder: {member.filename!r}")
        content = metadata.encode() if member.filename == f"{info}/METADATA" else wheel.read(member)
        if scheme == "scripts":
            content = re.sub(rb"\A#!python[^\n]*", b"#!" + places["python"].encode(), content)
        executable = scheme == "scripts" or (member.external_attr >> 16) & 0o111
        record.append(write(target, content, executable, places["site"]))
    return record


def entry_points(wheel, info, out, site, python):
    if f"{info}/entry_points.txt" not in wheel.namelist():
        return []
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str
    parser.read_string(wheel.read(f"{info}/entry_points.txt").decode())
    record = []
    for section in ("console_scripts", "gui_scripts"):
        for command, target in parser.items(section) if parser.has_section(section) else []:
            module, _, attribute = target.split("[")[0].strip().partition(":")
            if not re.fullmatch(r"[\w.-]+", command) or not re.fullmatch(r"[\w.]+:[\w.]+", f"{module}:{attribute}"):
                sys.exit(f"a bad entry point: {command} = {target}")
            first = attribute.split(".")[0]
            text = f"#!{python}\nimport sys\nfrom {module} import {first}\n\nsys.exit({attribute}())\n"
            record.append(write(os.path.join(out, "bin", command), text.encode(), True, site))
    return record


def write(target, content, executable, site):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(content)
    os.chmod(target, 0o755 if executable else 0o644)
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f'"{os.path.relpath(target, site)}",sha256={digest},{len(content)}'


def write_record(site, info, record):
    with open(os.path.join(site, info, "INSTALLER"), "w") as file:
        file.write("test/nixpkgs\n")
    with open(os.path.join(site, info, "RECORD"), "w") as file:
        file.write("\n".join([*record, f"{info}/INSTALLER,,", f"{info}/RECORD,,", ""]))


main(*sys.argv[1:])
