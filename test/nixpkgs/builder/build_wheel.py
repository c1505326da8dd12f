"""Builds the wheel of a source tree (the working folder) into DIST, in the environment as it is: nothing is fetched.

As `pyproject-build --no-isolation --wheel` does, the build requirements are checked first, by name and version.

Usage: build_wheel.py DIST [--skip-dependency-check|-x] [-Ckey=value|--config-setting=key=value]...
"""

import json
import os
import subprocess
import sys

from requirements import Environment

try:
    import tomllib
except ImportError:
    sys.exit("the stand-in package set needs Python 3.11 or newer (tomllib)")


def main(dist, *flags):
    check, settings = read_flags(flags)
    build_system = read_build_system()
    if check:
        check_requirements(build_system["requires"], "[build-system].requires of pyproject.toml")
        wanted = call_backend("get_requires_for_build_wheel", build_system, [settings])
        check_requirements(wanted, "get_requires_for_build_wheel of the backend")
    os.makedirs(dist, exist_ok=True)
    print("built", call_backend("build_wheel", build_system, [os.path.abspath(dist), settings, None]))


def read_flags(flags):
    check, settings = True, {}
    for flag in flags:
        name, equals, setting = flag.removeprefix("-C").partition("=") if flag.startswith("-C") else flag.partition("=")
        if flag in ("--skip-dependency-check", "-x"):
            check = False
            continue
        if name in ("--config-setting", "--config-settings"):
            name, equals, setting = setting.partition("=")
        elif not flag.startswith("-C"):
            sys.exit(f"pypaBuildFlags: the stand-in package set does not know {flag}")
        earlier = settings.get(name)
        settings[name] = setting if earlier is None else [*(earlier if isinstance(earlier, list) else [earlier]), setting]
    return check, settings


def read_build_system():
    table = {}
    if os.path.exists("pyproject.toml"):
        with open("pyproject.toml", "rb") as file:
            table = tomllib.load(file).get("build-system", {})
    elif not os.path.exists("setup.py"):
        sys.exit("the source has neither pyproject.toml nor setup.py")
    return {
        # PEP 517: a tree that names no backend is setuptools'.
        "requires": table.get("requires", ["setuptools>=40.8.0"]),
        "build-backend": table.get("build-backend", "setuptools.build_meta:__legacy__"),
        "backend-path": table.get("backend-path", []),
    }


def check_requirements(texts, origin):
    # nixpkgs' builder always brings wheel along, so expressions leave it out.
    texts = [text for text in texts if text.strip() != "wheel"]
    folders = [folder for folder in os.environ.get("PYTHONPATH", "").split(":") if folder]
    unmet = Environment(folders).unmet(texts)
    if unmet:
        sys.exit("\n  ".join([f"undeclared build requirements ({origin}):", *unmet]))


def call_backend(hook, build_system, arguments):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "call_backend.py")
    reader, writer = os.pipe()
    command = [sys.executable, script, hook, json.dumps(build_system), json.dumps(arguments), str(writer)]
    child = subprocess.Popen(command, pass_fds=[writer])
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    if child.wait() != 0:
        sys.exit(f"{hook} of {build_system['build-backend']} failed")
    return json.loads(text)


main(*sys.argv[1:])
