import { describe, expect, it } from 'vitest';
import { installRequires, readScript } from './support/setup.ts';

const SETUP = 'from setuptools import setup\n';

describe('install_requires of a setup.py', () => {
  it.each([
    ['a list of literals', `setup(install_requires=['a', "b>=1"])`, ['a', 'b>=1']],
    ['a tuple', `setup(install_requires=('a', 'b'))`, ['a', 'b']],
    ['one text of lines', `setup(install_requires='''\n  a\n  b>=2  # why\n''')`, ['a', 'b>=2']],
    ['None', 'setup(install_requires=None)', 'absent'],
    ['nothing', `setup(name='x')`, 'absent'],
    ['an empty list', 'setup(install_requires=[])', []],
    ['a name', `reqs = ['a']\nsetup(install_requires=reqs)`, ['a']],
    ['texts side by side', `setup(install_requires=['a' '>=1' "," '<2'])`, ['a>=1,<2']],
    ['a raw, a unicode and a bytes text', `setup(install_requires=[r'a', u'b', b'c'])`, ['a', 'b', 'c']],
    ['escapes', `setup(install_requires=['a\\x3e\\u003d1', 'b\\\n>1'])`, ['a>=1', 'b>1']],
    ['% with one value', `v = '1.2'\nsetup(install_requires=['a==%s' % v])`, ['a==1.2']],
    [
      '% with a tuple and a table',
      `setup(install_requires=['%s>=%d' % ('a', 3), '%(n)s' % {'n': 'b'}])`,
      ['a>=3', 'b'],
    ],
    ['format', `setup(install_requires=['{}>={v}'.format('a', v=1), '{0}-{0}'.format('b')])`, ['a>=1', 'b-b']],
    ['an f-string', `v = 3\nsetup(install_requires=[f'a>={v}', f"b{{}}"])`, ['a>=3', 'b{}']],
    ['+ of lists', `setup(install_requires=['a'] + ['b'])`, ['a', 'b']],
    [
      'append, extend, insert and +=',
      `r = []\nr.append('a')\nr.extend(['b'])\nr.insert(0, 'c')\nr += ['d']\nsetup(install_requires=r)`,
      ['c', 'a', 'b', 'd'],
    ],
    ['an alias that grows', `r = ['a']\ns = r\ns.append('b')\nsetup(install_requires=r)`, ['a', 'b']],
    ['a copy that grows', `r = ['a']\ns = list(r)\ns.append('b')\nsetup(install_requires=r)`, ['a']],
    ['the same twice', `setup(install_requires=['a', 'a'])`, ['a']],
    [
      'a dictionary entry',
      `d = {'x': ['a']}\nd['y'] = ['b']\nsetup(install_requires=d['x'] + d['y'] + d.get('z', ['c']))`,
      ['a', 'b', 'c'],
    ],
    [
      'a loop',
      `r = []\nfor n, v in [('a', 1), ('b', 2)]:\n    if v == 2:\n        continue\n    r.append('%s>=%s' % (n, v))\nsetup(install_requires=r)`,
      ['a>=1'],
    ],
    [
      'a loop with break and else',
      `r = []\nfor n in ['a', 'b', 'c']:\n    if n == 'b':\n        break\n    r.append(n)\nelse:\n    r.append('never')\nsetup(install_requires=r)`,
      ['a'],
    ],
    [
      'a while loop',
      `r = []\ni = 0\nwhile i < 3:\n    r.append('a%d' % i)\n    i += 1\nsetup(install_requires=r)`,
      ['a0', 'a1', 'a2'],
    ],
    [
      'a function with a default',
      `def reqs(extra='b'):\n    base = ['a']\n    base.append(extra)\n    return base\nsetup(install_requires=reqs())`,
      ['a', 'b'],
    ],
    ['a lambda and map', `setup(install_requires=list(map(lambda n: n + '>=1', ['a', 'b'])))`, ['a>=1', 'b>=1']],
    [
      'a filtered comprehension',
      `setup(install_requires=[n.strip() for n in [' a ', '# b', ''] if n and not n.startswith('#')])`,
      ['a'],
    ],
    [
      'values of a dictionary comprehension',
      `d = {k: k + '>1' for k in ['a', 'b']}\nsetup(install_requires=list(d.values()))`,
      ['a>1', 'b>1'],
    ],
    ['sorted and set', `setup(install_requires=sorted(set(['b', 'a'])))`, ['a', 'b']],
    [
      'keywords in a dictionary',
      `args = dict(name='x', install_requires=['a'])\nargs.update(version='1')\nargs['url'] = 'u'\nsetup(**args)`,
      ['a'],
    ],
    ['an if main', `if __name__ == '__main__':\n    setup(install_requires=['a'])`, ['a']],
    ['a main function', `def main():\n    setup(install_requires=['a'])\nmain()`, ['a']],
    [
      'Python 2 statements beside it',
      `print "hello"\nexec "x = 1"\ntry:\n    pass\nexcept Exception, e:\n    pass\nsetup(install_requires=['a'])`,
      ['a'],
    ],
    [
      'an environment variable that nobody sets',
      `import os\nr = ['a']\nif os.environ.get('EXTRA'):\n    r.append('b')\nsetup(install_requires=r)`,
      ['a'],
    ],
    [
      'an option of the command line',
      `import sys\nr = ['a']\nif '--extra' in sys.argv:\n    sys.argv.remove('--extra')\n    r.append('b')\nsetup(install_requires=r)`,
      ['a'],
    ],
  ])('reads %s', (_, script, expected) => {
    expect(installRequires(SETUP + script)).toEqual(expected);
  });

  it.each([
    ['read().splitlines()', `open('requirements.txt').read().splitlines()`],
    ['readlines with strip', `[l.strip() for l in open('requirements.txt').readlines()]`],
    ['lines of the file', `[l.strip() for l in open('requirements.txt')]`],
    ['split at line ends', `open('requirements.txt').read().split('\\n')`],
    [
      'a path beside setup.py',
      `open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'requirements.txt')).read().split()`,
    ],
    ['a path glued to the folder', `open(here + '/requirements.txt').read().splitlines()`],
    ['pathlib', `(Path(__file__).parent / 'requirements.txt').read_text().splitlines()`],
    [
      'pathlib that is resolved',
      `Path(__file__).resolve().parent.joinpath('requirements.txt').open().read().split('\\n')`,
    ],
    ['a function with open', `read('requirements.txt').strip().split('\\n')`],
    ['codecs', `codecs.open('requirements.txt', encoding='utf-8').read().split()`],
    ['pip', `[str(r.req) for r in parse_requirements('requirements.txt', session=False)]`],
    ['map and filter', `list(filter(None, map(str.strip, open('requirements.txt'))))`],
  ])('reads requirements.txt by %s', (_, expression) => {
    const script = `${SETUP}import os, codecs
from pathlib import Path
try:
    from pip._internal.req import parse_requirements
except ImportError:
    from pip.req import parse_requirements
here = os.path.abspath(os.path.dirname(__file__))
def read(fname):
    with open(os.path.join(os.path.dirname(__file__), fname)) as f:
        return f.read()
setup(install_requires=${expression})
`;
    const files = { 'requirements.txt': 'a>=1\nb\n' };
    expect(installRequires(script, files)).toEqual(['a>=1', 'b']);
    expect(readScript(script, files).facts.filesRead).toEqual(['requirements.txt']);
  });

  it.each([
    ['an assignment', `exec(open('pkg/version.py').read())\nsetup(install_requires=['a==' + __version__])`],
    [
      'a namespace',
      `about = {}\nwith open('pkg/version.py') as f:\n    exec(f.read(), about)\nsetup(install_requires=['a==' + about['__version__']])`,
    ],
    [
      'compile',
      `ns = {}\nexec(compile(open('pkg/version.py').read(), 'v', 'exec'), ns)\nsetup(install_requires=['a==%s' % ns['__version__']])`,
    ],
    ['an import', `from pkg.version import __version__ as v\nsetup(install_requires=['a==' + v])`],
  ])('follows a version file by %s', (_, script) => {
    expect(installRequires(SETUP + script, { 'pkg/version.py': '__version__ = "1.2"\n' })).toEqual(['a==1.2']);
  });

  it.each([
    ['an import from distutils', `from distutils.core import setup\nsetup(install_requires=['a'])`],
    [
      'a choice of imports',
      `try:\n    from setuptools import setup\nexcept ImportError:\n    from distutils.core import setup\nsetup(install_requires=['a'])`,
    ],
    ['the module', `import setuptools\nsetuptools.setup(install_requires=['a'])`],
    ['another builder', `from skbuild import setup\nsetup(install_requires=['a'])`],
    ['numpy.distutils', `from numpy.distutils.core import setup\nsetup(install_requires=['a'])`],
    ['an unknown star import', `from builder import *\nsetup(install_requires=['a'])`],
  ])('finds setup() through %s', (_, script) => {
    expect(installRequires(script)).toEqual(['a']);
  });
});

describe('conditions', () => {
  it('are those of the numbers that the version is unpacked into', () => {
    const script = `import sys\nfrom setuptools import setup\nmajor, minor = sys.version_info[:2]\nr = ['a']\nif major == 2:\n    r.append('b')\nsetup(install_requires=r)`;
    expect(installRequires(script)).toEqual(['a', 'b; python_version < "3"']);
  });

  it.each([
    ['sys.version_info < (3, 4)', 'a; python_version < "3.4"'],
    ['sys.version_info[:2] == (2, 6)', 'a; python_version >= "2.6" and python_version < "2.7"'],
    ['sys.version_info[0] == 2', 'a; python_version < "3"'],
    ['sys.version_info.major >= 3', 'a; python_version >= "3"'],
    ['sys.version_info > (3,)', 'a; python_version >= "3"'],
    ['sys.version_info <= (3, 6)', 'a; python_version < "3.6"'],
    ['sys.version_info[:2] <= (3, 6)', 'a; python_version < "3.7"'],
    ['sys.version_info < (3, 7, 1)', 'a; python_full_version < "3.7.1"'],
    ['(3, 0) <= sys.version_info < (3, 4)', 'a; python_version >= "3" and python_version < "3.4"'],
    ['sys.version < "3"', 'a; python_version < "3"'],
    [
      'sys.version_info[:2] in [(2, 6), (2, 7)]',
      'a; (python_version >= "2.6" and python_version < "2.7" or python_version >= "2.7" and python_version < "2.8")',
    ],
    ['not PY3', 'a; python_version < "3"'],
    ['sys.platform == "win32"', 'a; sys_platform == "win32"'],
    ['sys.platform != "win32"', 'a; sys_platform != "win32"'],
    ['sys.platform.startswith("win")', 'a; sys_platform == "win32"'],
    ['"linux" in sys.platform', 'a; sys_platform == "linux" or sys_platform == "linux2"'],
    ['os.name == "nt"', 'a; os_name == "nt"'],
    ['platform.system() == "Darwin"', 'a; platform_system == "Darwin"'],
    ['platform.system().lower() == "windows"', 'a; platform_system == "Windows"'],
    ['platform.python_implementation() == "PyPy"', 'a; platform_python_implementation == "PyPy"'],
    ['hasattr(sys, "pypy_version_info")', 'a; platform_python_implementation == "PyPy"'],
    ['"__pypy__" in sys.builtin_module_names', 'a; platform_python_implementation == "PyPy"'],
    ['sys.platform == "win32" and sys.version_info < (3, 5)', 'a; sys_platform == "win32" and python_version < "3.5"'],
    ['sys.platform == "darwin" or sys.version_info < (3,)', 'a; python_version < "3" or sys_platform == "darwin"'],
  ])('%s becomes a marker', (condition, requirement) => {
    const script = `${SETUP}import os, sys, platform\nPY3 = sys.version_info[0] == 3\nr = ['b']\nif ${condition}:\n    r.append('a')\nsetup(install_requires=r)`;
    const expected = requirement.replace(/^a; \((.*)\)$/u, 'a; $1');
    expect(installRequires(script)).toEqual(['b', expected]);
  });

  it('puts the marker of a branch after one that is there', () => {
    const script = `${SETUP}import sys\nr = []\nif sys.version_info < (3,):\n    r += ['a>=1; os_name == "nt" or os_name == "java"']\nsetup(install_requires=r)`;
    expect(installRequires(script)).toEqual(['a>=1; (os_name == "nt" or os_name == "java") and python_version < "3"']);
  });

  it('gives both sides of an if with else, and an elif, their own markers', () => {
    const script = `${SETUP}import sys
if sys.version_info < (3,):
    r = ['x', 'a']
elif sys.version_info < (3, 5):
    r = ['x', 'b']
else:
    r = ['x', 'c']
setup(install_requires=r)`;
    expect(installRequires(script)).toEqual([
      'x',
      'a; python_version < "3"',
      'b; python_version >= "3" and python_version < "3.5"',
      'c; python_version >= "3.5"',
    ]);
  });

  it('takes a conditional expression and an argument that depends on the interpreter', () => {
    const script = `${SETUP}import sys\nsetup(install_requires=['a'] if sys.version_info < (3,) else ['b'])`;
    expect(installRequires(script)).toEqual(['a; python_version < "3"', 'b; python_version >= "3"']);
  });

  it('knows since when a module of the standard library is there', () => {
    const script = `${SETUP}r = []\ntry:\n    import enum\nexcept ImportError:\n    r.append('enum34')\ntry:\n    import argparse\nexcept ImportError:\n    r.append('argparse')\nsetup(install_requires=r)`;
    expect(installRequires(script)).toEqual(['enum34; python_version < "3.4"']);
  });

  it('goes on where a branch ends the program', () => {
    const script = `${SETUP}import sys\nif sys.version_info < (3, 6):\n    sys.exit('too old')\nsetup(install_requires=['a'])`;
    expect(installRequires(script)).toEqual(['a']);
  });

  it('returns by condition from a function', () => {
    const script = `${SETUP}import sys\ndef f():\n    if sys.version_info < (3,):\n        return ['a']\n    return ['b']\nsetup(install_requires=f())`;
    expect(installRequires(script)).toEqual(['a; python_version < "3"', 'b; python_version >= "3"']);
  });

  it('joins keywords that are set in one branch only', () => {
    const script = `${SETUP}import sys\nkw = {}\nif sys.version_info < (3,):\n    kw['install_requires'] = ['a']\nsetup(**kw)`;
    expect(installRequires(script)).toEqual(['a; python_version < "3"']);
  });
});
