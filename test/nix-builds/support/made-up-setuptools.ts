/**
 * A setuptools of a few lines, by its place in an sdist: packs the packages and modules at the root and in src/, compiles the extensions of setup.py,
 * and takes PKG-INFO as the metadata, to which it adds the `install_requires` of setup.py. It builds itself, as the real one does.
 */
export const MADE_UP_SETUPTOOLS: Readonly<Record<string, string>> = {
  'pyproject.toml': `[build-system]
requires = []
build-backend = "setuptools.build_meta"
backend-path = ["."]
`,
  'setuptools/__init__.py': `given = {}


class Extension:
    def __init__(self, name, sources, libraries=()):
        self.name, self.sources, self.libraries = name, sources, libraries


def setup(**keywords):
    given.update(keywords)
`,
  'setuptools/build_meta.py': `import os
import subprocess
import sys
import sysconfig
import zipfile

import setuptools


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    sys.path.insert(0, os.getcwd())
    if os.path.exists("setup.py"):
        with open("setup.py") as file:
            exec(file.read(), {"__name__": "__main__", "__file__": "setup.py"})
    with open("PKG-INFO") as file:
        head = file.read().split("\\n\\n")[0].rstrip("\\n")
    for requirement in setuptools.given.get("install_requires", []):
        head += "\\nRequires-Dist: " + requirement
    fields = dict(line.split(": ", 1) for line in head.split("\\n"))
    label = fields["Name"].replace("-", "_") + "-" + fields["Version"]
    name = label + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        for path in modules("src" if os.path.isdir("src") else "."):
            wheel.write(path, os.path.relpath(path, "src" if os.path.isdir("src") else "."))
        for extension in setuptools.given.get("ext_modules", []):
            target = compiled(extension)
            wheel.write(target)
        info = label + ".dist-info/"
        wheel.writestr(info + "METADATA", head + "\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name


def modules(root):
    for place, folders, names in os.walk(root):
        if place == root:
            folders[:] = [name for name in folders if os.path.exists(os.path.join(root, name, "__init__.py"))]
        for name in sorted(names):
            if name.endswith(".py") and name != "setup.py" and "tests" not in place:
                yield os.path.join(place, name)


def compiled(extension):
    target = extension.name + sysconfig.get_config_var("EXT_SUFFIX")
    include = "-I" + sysconfig.get_paths()["include"]
    libraries = ["-l" + library for library in extension.libraries]
    subprocess.run(["cc", "-shared", "-fPIC", include, *extension.sources, "-o", target, *libraries], check=True)
    return target
`,
};

/** The pyproject.toml of a project that setuptools builds. */
export function builtBySetuptools(requires: readonly string[] = ['setuptools']): string {
  return `[build-system]\nrequires = ${JSON.stringify(requires)}\nbuild-backend = "setuptools.build_meta"\n`;
}
