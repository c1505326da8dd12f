"""Runs one PEP 517 hook of a source tree (the working folder) and writes its answer as JSON to a file descriptor.

Its own process for each hook, as in pip and build: backends change global state. Nothing but the standard library is
imported, and this folder is taken from sys.path, so that only declared inputs can be found.

Usage: call_backend.py HOOK BUILD_SYSTEM_JSON ARGUMENTS_JSON DESCRIPTOR
"""

import importlib
import json
import os
import sys

hook_name, build_system, arguments = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
answer_descriptor = int(sys.argv[4])
del sys.path[0]
# A setup.py may read its arguments, and looks for itself in argv[0].
sys.argv[:] = ["setup.py"]
sys.path[:0] = [os.path.abspath(folder) for folder in build_system["backend-path"]]

module_name, _, attributes = build_system["build-backend"].partition(":")
try:
    backend = importlib.import_module(module_name)
except ModuleNotFoundError as error:
    sys.exit(f"the build backend {module_name} is not there ({error}): declare it in build-system")
for attribute in filter(None, attributes.split(".")):
    backend = getattr(backend, attribute)

hook = getattr(backend, hook_name, None)
if hook is None and hook_name != "get_requires_for_build_wheel":
    sys.exit(f"the build backend {module_name} has no {hook_name}")
answer = [] if hook is None else hook(*arguments)
with os.fdopen(answer_descriptor, "w") as result:
    json.dump(answer, result)
