import { describe, expect, it } from 'vitest';
import { readScript } from './support/setup.ts';

const SETUP = 'from setuptools import setup\n';

describe('other keywords', () => {
  it('reads extras, with conditions in their names and in their lists', () => {
    const script = `${SETUP}import sys
extras = {'test': ['pytest'], ':python_version < "3"': ['six'], 'all': []}
extras['all'] += extras['test']
if sys.platform == 'win32':
    extras['win'] = ['pywin32']
setup(extras_require=extras)`;
    expect(readScript(script).facts.extrasRequire).toEqual({
      kind: 'known',
      place: { file: 'setup.py', line: 7 },
      value: {
        test: ['pytest'],
        ':python_version < "3"': ['six'],
        all: ['pytest'],
        win: ['pywin32; sys_platform == "win32"'],
      },
    });
  });

  it('joins extras of two branches', () => {
    const script = `${SETUP}import sys
if sys.platform[:3] == 'win':
    extras = {'a': ['w'], 'b': ['x']}
else:
    extras = {'a': [], 'b': ['x']}
setup(extras_require=extras)`;
    const reading = readScript(script).facts.extrasRequire;
    expect(reading.kind === 'known' ? reading.value : reading).toEqual({ a: ['w; sys_platform == "win32"'], b: ['x'] });
  });

  it('reads the names of console scripts from a table and from a text', () => {
    const table = readScript(`${SETUP}setup(entry_points={'console_scripts': ['Run-It = a:b', 'go=c:d']})`);
    const text = readScript(`${SETUP}setup(entry_points='''\n[console_scripts]\ngo = c:d\n[other]\nx = y\n''')`);
    expect(table.facts.consoleScripts).toMatchObject({ value: ['Run-It', 'go'] });
    expect(text.facts.consoleScripts).toMatchObject({ value: ['go'] });
  });

  it('takes the libraries of extensions that count on Linux and macOS', () => {
    const script = `from distutils.core import setup
from distutils.extension import Extension
from distutils.util import get_platform
if get_platform() in ('win32', 'win-amd64'):
    libraries = ['libfoo-3']
else:
    libraries = ['foo', 'foo_threads']
class Build(object):
    def run(self):
        self.libraries = []
ext = [Extension('p.core', sources=['a.c'], libraries=libraries)]
ext.append(Extension('p.more', ['b.c'], libraries=['m']))
setup_args = {'ext_modules': ext, 'cmdclass': {'build_ext': Build}}
if __name__ == '__main__':
    setup(**setup_args)`;
    const { facts, extensionNames } = readScript(script);
    expect(facts.libraries).toMatchObject({ kind: 'known', value: ['foo', 'foo_threads', 'm'] });
    expect(facts.hasExtensions).toBe(true);
    expect(extensionNames).toEqual(['p.core', 'p.more']);
  });

  it('takes the libraries that the arguments of the linker name', () => {
    const script = `from setuptools import setup, Extension
setup(ext_modules=[Extension('p', ['a.c'], extra_link_args=['-O2', '-lfoo'])])
`;
    expect(readScript(script).facts.libraries).toMatchObject({ kind: 'known', value: ['foo'] });
  });

  it('does not take libraries for absent where the arguments of the linker come from a command', () => {
    const script = `import subprocess
from setuptools import setup, Extension
options = {'extra_link_args': subprocess.check_output(['pkg-config', '--libs', 'foo']).split()}
setup(ext_modules=[Extension('p', ['a.c'], **options)])
`;
    expect(readScript(script).facts.libraries).toEqual({
      kind: 'unknown',
      place: { file: 'setup.py', line: 3 },
      why: 'extra_link_args comes from subprocess.check_output().split()',
    });
  });

  it('does not take libraries for absent that a build class adds', () => {
    const script = `from setuptools import setup, Extension
from setuptools.command.build_ext import build_ext
class Build(build_ext):
    def finalize_options(self):
        self.libraries.append('pq')
setup(ext_modules=[Extension('x', ['x.c'])], cmdclass={'build_ext': Build})`;
    expect(readScript(script).facts.libraries).toEqual({
      kind: 'unknown',
      place: { file: 'setup.py', line: 5 },
      why: 'a class of setup.py sets the libraries while it builds',
    });
  });

  it('lists third-party imports with their guards, without the modules of the sdist', () => {
    const script = `import os, versioneer
import numpy
try:
    from Cython.Build import cythonize
except ImportError:
    pass
def f():
    import late
from setuptools import setup
setup()`;
    const imports = readScript(script, { 'versioneer.py': '' }).facts.imports;
    expect(imports.map(({ module, guarded, line }) => [module, guarded, line])).toEqual([
      ['numpy', false, 2],
      ['Cython.Build', true, 4],
      ['setuptools', false, 9],
    ]);
  });

  it('keeps the licence notice of the leading comment', () => {
    const script = `#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# Licensed under the GPL,\n# version 3 or later.\n\nfrom setuptools import setup\nsetup()`;
    expect(readScript(script).facts.header).toBe('Licensed under the GPL, version 3 or later.');
  });

  it('takes the first of two calls and tells where they differ', () => {
    const script = `${SETUP}def run(reqs):\n    setup(install_requires=reqs)\ntry:\n    run(['a'])\nexcept Exception:\n    run(['b'])`;
    const reading = readScript(script);
    expect(reading.facts.installRequires).toMatchObject({ value: ['a'] });
    expect(reading.unknowns).toEqual([
      { file: 'setup.py', line: 3, what: 'setup()', why: 'a second call states other requirements; the first is read' },
    ]);
  });
});
