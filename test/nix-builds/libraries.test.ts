import { expect, it } from 'vitest';
import { describeWithNix } from '../support/nix.ts';
import { type MadeUp, useBuilds } from './support/builds.ts';
import { itWithHeaders } from './support/host.ts';

/** A compile.py that makes an extension module of extension.c, with the compiler flags of a Python list. */
function compile(name: string, flags: string): string {
  return `import subprocess
import sysconfig

target = "${name}" + sysconfig.get_config_var("EXT_SUFFIX")
flags = ${flags}
include = "-I" + sysconfig.get_paths()["include"]
subprocess.run(["cc", "-shared", "-fPIC", include, "extension.c", "-o", target, *flags], check=True)
with open(target, "rb") as file:
    members = {target: file.read()}
`;
}

function extension(name: string, header: string, call: string): string {
  return `#include <Python.h>
#include <${header}>

static PyObject *answer(PyObject *self, PyObject *none) { return PyLong_FromLong(${call}); }

static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "${name}", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_${name}(void) { return PyModule_Create(&module); }
`;
}

const withZlib: MadeUp = {
  name: 'squeezed',
  files: {
    'extension.c': extension('squeezed', 'zlib.h', 'crc32(0, (const Bytef *)"a", 1) == 0xe8b7be43'),
    'compile.py': compile('squeezed', '["-lz"]'),
  },
  formals: ['zlib'],
  attributes: 'buildInputs = [ zlib ]; pythonImportsCheck = [ "squeezed" ];',
};

/** A library that only exists as a derivation, so that nothing of the host can stand in for it. */
const LIBRARY = `stdenv.mkDerivation {
  pname = "depth";
  version = "1";
  buildPhase = ''
    echo 'int depth(void) { return 42; }' > depth.c
    cc -shared -fPIC depth.c -o libdepth.so
  '';
  installPhase = ''
    mkdir -p $out/lib $out/include
    mv libdepth.so $out/lib
    echo 'int depth(void);' > $out/include/depth.h
  '';
}`;

const withOwnLibrary: MadeUp = {
  name: 'deep',
  files: { 'extension.c': extension('deep', 'depth.h', 'depth()'), 'compile.py': compile('deep', '["-ldepth"]') },
  formals: ['stdenv'],
  attributes: `buildInputs = [ (${LIBRARY}) ]; pythonImportsCheck = [ "deep" ];`,
};

describeWithNix('extensions with C libraries', () => {
  const builds = useBuilds();
  const itCompiles = itWithHeaders({ 'python3*/Python.h': 'python3-dev' });
  const itCompilesWithZlib = itWithHeaders({ 'python3*/Python.h': 'python3-dev', 'zlib.h': 'zlib1g-dev' });

  const answerOf = async (module: string, result: { readonly stdout: string }) => {
    const program = [
      `${result.stdout.trim()}/bin/python3`,
      ['-c', `import ${module}; print(${module}.answer())`],
    ] as const;
    return (await builds.store.run(...program)).stdout.trim();
  };

  itCompilesWithZlib('an extension is linked against a declared library of the host', async () => {
    const result = await builds.build([withZlib], 'python.withPackages (ps: [ ps.squeezed ])');
    expect(result.ok, result.stderr).toBe(true);
    expect(await answerOf('squeezed', result)).toBe('1');
  });

  itCompilesWithZlib('a library of the host that is not declared ends the build', async () => {
    const result = await builds.build([{ ...withZlib, attributes: '' }], 'ps.squeezed');
    expect(result.ok).toBe(false);
    expect(result.stderr).toMatch(/undeclared system libraries:\n {2}libz\.so\.1, needed by lib\//);
  });

  itCompiles('an extension finds headers and library of a derivation when it is built and when it runs', async () => {
    const result = await builds.build([withOwnLibrary], 'python.withPackages (ps: [ ps.deep ])');
    expect(result.ok, result.stderr).toBe(true);
    expect(await answerOf('deep', result)).toBe('42');
  });

  itCompiles('an extension whose library is not declared does not build', async () => {
    const result = await builds.build([{ ...withOwnLibrary, attributes: '' }], 'ps.deep');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('depth.h: No such file');
  });

  it('pkg-config finds the declared libraries alone', async () => {
    const asking: MadeUp = {
      name: 'asking',
      files: {
        'compile.py': 'import subprocess\nsubprocess.run(["pkg-config", "--libs", "zlib"], check=True)\nmembers = {}\n',
      },
      formals: ['pkg-config'],
      attributes: 'nativeBuildInputs = [ pkg-config ];',
    };
    const result = await builds.build([asking], 'ps.asking');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('Package zlib was not found');
  });

  it('a library that the host lacks evaluates, and names the package of the host when it is built', async () => {
    const library = '(import <nixpkgs> { }).hostLibrary "nowhere" "libnowhere-dev" { headers = [ "nowhere.h" ]; }';
    expect((await builds.store.instantiate(library)).ok).toBe(true);
    const result = await builds.store.build(library);
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('error: the host has no nowhere.h: apt-get install libnowhere-dev');
  });
});
