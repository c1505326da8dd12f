import { describe, expect, it } from 'vitest';
import { installRequires, readScript } from './support/setup.ts';

const SETUP = 'from setuptools import setup, Extension\n';

const FILES = {
  'requirements.txt': 'a>=1\n# why\nb\n',
  'setup.cfg': '[metadata]\nReqs = a\n  b\n\n[build]\nlibs = z\n',
  'settings.ini': '[DEFAULT]\nversion = 1.2\n[pkg]\nrequirements = a b>=1\nwith_c = no\nmade = %(version)s\n',
};

describe('statements and functions of a program', () => {
  it.each([
    ['an assignment within an expression', `r = ['a']\nif (n := len(r)) > 0:\n    r.append(f'b{n}')`, ['a', 'b1']],
    [
      'a match statement over literals',
      `r = []\nmatch 'b':\n    case 'a': r = ['x']\n    case 'b' | 'c': r = ['y']\n    case _: r = ['z']`,
      ['y'],
    ],
    [
      'a match statement over the platform',
      `import sys\nr = ['a']\nmatch sys.platform:\n    case 'win32': r.append('w')`,
      ['a', 'w; sys_platform == "win32"'],
    ],
    [
      'an assignment within a comprehension, whose name stays',
      `last = 'x'\nr = [last := n for n in ['a', 'b']] + [last + '1']`,
      ['a', 'b', 'b1'],
    ],
    [
      'the target of a loop with a star',
      `r = []\nfor x, *rest in [('a', 'b', 'c')]:\n    r += rest + [x]`,
      ['b', 'c', 'a'],
    ],
    ['ast.literal_eval', `import ast\nr = ast.literal_eval("['a', 'b' '>=1']")`, ['a', 'b>=1']],
    [
      'glob.glob of files of the sdist',
      `import glob\nr = [f[5:-4] for f in glob.glob('reqs/*.txt') if 'x.txt' not in f]`,
      ['a', 'b'],
    ],
    [
      'Path.glob of files of the sdist',
      `from pathlib import Path\nr = [p.stem for p in Path('.').glob('**/[ab].txt')]`,
      ['a', 'b'],
    ],
    [
      'sys.hexversion',
      `import sys\nr = ['a'] if sys.hexversion >= 0x030400f0 else ['b']`,
      ['a; python_version >= "3.4"', 'b; python_version < "3.4"'],
    ],
    [
      'a dictionary by platform',
      `import sys\nr = {'win32': ['w']}.get(sys.platform, ['a'])`,
      ['a; sys_platform != "win32"', 'w; sys_platform == "win32"'],
    ],
    ['a starred target', `first, *others = ['a', 'b', 'c']\nr = [*others, first]`, ['b', 'c', 'a']],
    ['pairs in a generator that is an argument', `r = []\nr.extend(k + v for k, v in {'a': '>=1'}.items())`, ['a>=1']],
    ['del of an entry', `d = {'x': 'a', 'y': 'b'}\ndel d['x']\nr = list(d.values())`, ['b']],
    ['dict.fromkeys', `r = list(dict.fromkeys(['a', 'b', 'a']))`, ['a', 'b']],
    ['re.sub', `import re\nr = [re.sub(r'\\s*#.*', '', 'a>=1  # why')]`, ['a>=1']],
    ['re.sub of a compiled pattern', `import re\nr = [re.compile('_').sub('-', 'a_b_c')]`, ['a-b-c']],
    ['JSON', `import json\nr = json.loads('{"reqs": ["a", "b"]}')['reqs']`, ['a', 'b']],
    ['TOML', `import tomllib\nr = tomllib.loads('[x]\\nreqs = ["a"]')['x']['reqs']`, ['a']],
  ])('are followed: %s', (_, script, expected) => {
    const files = { 'reqs/b.txt': '', 'reqs/a.txt': '', 'reqs/x.txt': '', 'reqs/.a.txt': '', 'reqs/a.md': '' };
    expect(installRequires(`${SETUP}${script}\nsetup(install_requires=r)`, files)).toEqual(expected);
  });

  it.each([
    ['a literal that is a call', `import ast\nr = ast.literal_eval("list('ab')")`, 'reads a literal that is none'],
    ['a pattern that leads out of the sdist', `import glob\nr = glob.glob('/etc/*')`, 'looks for files like a string'],
    ['an entry of a key that is not known', `d = {}\nd.setdefault(what(), []).append('a')\nr = list(d)`, 'looks up'],
  ])('are told as unknown: %s', (_, script, why) => {
    expect(installRequires(`${SETUP}${script}\nsetup(install_requires=r)`)).toContain(why);
  });
});

describe('formatting of texts', () => {
  it.each([
    [`'a>=%.1f' % 1.52`, 'a>=1.5'],
    [`'a==%03d' % 7`, 'a==007'],
    [`'%-3s|' % 'a'`, 'a  |'],
    [`'a%3s|' % 12`, 'a 12|'],
    [`'a==%r' % 3`, 'a==3'],
    [`'100%% %s' % 'a'`, '100% a'],
    [`'%(n)s>=%(v)d' % {'n': 'a', 'v': 2}`, 'a>=2'],
    [`'a=={:.2f}'.format(1.234)`, 'a==1.23'],
    [`'{0!s}{1!r}'.format('a', 'b')`, "a'b'"],
    [`'|{:>3}{:<3}{:^3}|'.format('a', 'b', 'c')`, '|  ab   c |'],
    [`'{{}}{n}'.format(n='a')`, '{}a'],
    [`f'a>={3!r}'`, 'a>=3'],
    [`f'a>={2.25:.1f}'`, 'unknown'],
    [`f'a>={v[0]}.{v[1]:02d}'`, 'a>=1.02'],
    [`'-'.join(['a', 'b']) + '>=' + str(1)`, 'a-b>=1'],
    [`'a,b'.replace(',', '-').upper().lower()`, 'a-b'],
    [`'%x' % 12`, 'unknown'],
    [`'{:,}'.format(1200)`, 'unknown'],
  ])('%s gives %s', (expression, expected) => {
    const read = installRequires(`${SETUP}v = (1, 2)\nr = ${expression}\nsetup(install_requires=[r])`);
    expect(typeof read === 'string' ? read.replace(/^unknown at setup\.py:3: .*/u, 'unknown') : read[0]).toBe(expected);
  });
});

describe('lists and dictionaries', () => {
  it.each([
    ['remove, pop and del', `r = ['a', 'b', 'c', 'd']\nr.remove('a')\nr.pop()\ndel r[0]`, ['c']],
    ['an entry that is replaced', `r = ['a', 'b']\nr[-1] = 'c'`, ['a', 'c']],
    ['slices', `r = ['a', 'b', 'c', 'd'][1:3] + ['e', 'f'][::-1]`, ['b', 'c', 'f', 'e']],
    ['what is spread', `more = ('b', 'c')\nr = ['a', *more]`, ['a', 'b', 'c']],
    ['a list that is repeated', `r = ['a'] * 2`, ['a']],
    ['no entry at all', `r = ['a'] * 0`, []],
    ['itertools.chain', `from itertools import chain\nr = list(chain(['a'], ('b',)))`, ['a', 'b']],
    ['sum of lists', `r = sum({'x': ['a'], 'y': ['b']}.values(), [])`, ['a', 'b']],
    [
      'setdefault, update and pop',
      `d = {'x': ['a']}\nd.setdefault('y', []).append('b')\nd.update(z=['c'])\nd.pop('x')\nr = d['y'] + d['z']`,
      ['b', 'c'],
    ],
    [
      'dictionaries that are joined',
      `d = {**{'x': 'a'}, 'y': 'b'} | {'z': 'c'}\nr = list(d.values())`,
      ['a', 'b', 'c'],
    ],
    ['pairs of a dictionary', `r = [k + '>=' + v for k, v in {'a': '1', 'b': '2'}.items()]`, ['a>=1', 'b>=2']],
  ])('reads %s', (_, script, expected) => {
    expect(installRequires(`${SETUP}${script}\nsetup(install_requires=r)`)).toEqual(expected);
  });
});

describe('classes', () => {
  it.each([
    ['an attribute', `class C:\n    reqs = ['a']\n    reqs += ['b']\nr = C.reqs`, ['a', 'b']],
    ['one that is set from outside', `class C(object):\n    pass\nC.reqs = ['a']\nr = C.reqs`, ['a']],
    ['a static method', `class C:\n    @staticmethod\n    def get(n):\n        return [n]\nr = C.get('a')`, ['a']],
    [
      'one that depends on the interpreter',
      `import sys\nclass C:\n    reqs = ['a'] if sys.version_info < (3, 8) else []\nr = C.reqs`,
      ['a; python_version < "3.8"'],
    ],
  ])('are read for %s', (_, script, expected) => {
    expect(installRequires(`${SETUP}${script}\nsetup(install_requires=r)`)).toEqual(expected);
  });

  it.each([
    ['an instance', `class C:\n    def get(self):\n        return ['a']\nr = C().get()`],
    ['what is inherited', `class B:\n    reqs = ['a']\nclass C(B):\n    pass\nr = C.reqs`],
    [
      'a method that is called on the class',
      `class C:\n    @classmethod\n    def get(cls):\n        return ['a']\nr = C.get()`,
    ],
    ['a class that a library may change', `from lib import fix\nclass C:\n    reqs = ['a']\nfix(C)\nr = C.reqs`],
  ])('are not followed for %s', (_, script) => {
    expect(installRequires(`${SETUP}${script}\nsetup(install_requires=r)`)).toMatch(/^unknown at setup\.py:\d+: /u);
  });
});

describe('configparser', () => {
  const PARSER = `${SETUP}from configparser import ConfigParser\nc = ConfigParser()\n`;

  it.each([
    ['get', `c.read('setup.cfg')\nr = c.get('metadata', 'reqs').split()`, ['a', 'b']],
    [
      'entries of entries',
      `c.read(['absent.cfg', 'settings.ini'], encoding='utf-8')\nr = c['pkg']['requirements'].split()`,
      ['a', 'b>=1'],
    ],
    [
      'read_file',
      `with open('settings.ini') as f:\n    c.read_file(f)\nr = c.get('pkg', 'requirements').split()`,
      ['a', 'b>=1'],
    ],
    ['read_string', `c.read_string('[x]\\nr: a')\nr = [c.get('x', 'R')]`, ['a']],
    ['the defaults of all sections', `c.read('settings.ini')\nr = ['a==' + c['pkg']['version']]`, ['a==1.2']],
    ['a fallback', `c.read('setup.cfg')\nr = [c.get('build', 'extra', fallback='a')]`, ['a']],
    ['getboolean', `c.read('settings.ini')\nr = ['a']\nif c.getboolean('pkg', 'with_c'):\n    r.append('c')`, ['a']],
    [
      'has_section and has_option',
      `c.read('setup.cfg')\nr = []\nif c.has_section('build') and not c.has_option('build', 'x'):\n    r.append('a')`,
      ['a'],
    ],
    ['options', `c.read('setup.cfg')\nr = c.options('build') + c.sections()`, ['libs', 'metadata', 'build']],
  ])('is read: %s', (_, script, expected) => {
    expect(installRequires(`${PARSER}${script}\nsetup(install_requires=r)`, FILES)).toEqual(expected);
  });

  it.each([
    [
      'an option that is not there',
      `c.read('setup.cfg')\nr = [c.get('build', 'extra')]`,
      'unknown at setup.py:5: there is no option extra',
    ],
    [
      'values that are put together',
      `c.read('settings.ini')\nr = [c.get('pkg', 'made')]`,
      'unknown at settings.ini:6: has the value %(version)s',
    ],
    [
      'a file that is not known',
      `from lib import name\nc.read(name)\nr = [c.get('x', 'y')]`,
      'unknown at setup.py:5: iterates over lib.name',
    ],
  ])('is unknown for %s', (_, script, expected) => {
    expect(installRequires(`${PARSER}${script}\nsetup(install_requires=r)`, FILES)).toBe(expected);
  });
});

describe('what is left unknown', () => {
  it.each([
    ['a template', `from string import Template\nr = [Template('a==$v').substitute(v=1)]`, 'unknown at setup.py:3: '],
    ['JSON', `import json\nr = json.load(open('setup.cfg'))['reqs']`, 'unknown at setup.py:3: '],
    [
      'a match statement with a pattern of another form',
      `r = []\nmatch f():\n    case {'a': x}:\n        r = ['x']`,
      'unknown at setup.py',
    ],
    [
      'sys.hexversion',
      `import sys\nr = ['a']\nif sys.hexversion >> 24 < 3:\n    r.append('b')`,
      'unknown at setup.py:4: ',
    ],
  ])('has file and line: %s', (_, script, expected) => {
    const read = installRequires(`${SETUP}${script}\nsetup(install_requires=r)`, FILES);
    expect(String(read).slice(0, expected.length)).toBe(expected);
  });

  it('is the libraries alone where only an extension has something unknown', () => {
    const script = `${SETUP}from lib import libs\nsetup(install_requires=['a'], ext_modules=[Extension('x', ['x.c'], libraries=libs())])`;
    const { facts } = readScript(script);
    expect(facts.installRequires).toMatchObject({ kind: 'known', value: ['a'] });
    expect(facts.libraries.kind).toBe('unknown');
  });
});

describe('a second call of setup()', () => {
  it('leaves the libraries unknown where it passes something unknown', () => {
    const script = `${SETUP}from lib import more\nsetup(name='x')\nsetup(name='x', **more())`;
    expect(readScript(script).facts.libraries.kind).toBe('unknown');
  });
});

describe('PyPy', () => {
  it.each([
    [
      'a test of the implementation',
      `import platform, sys\nif platform.python_implementation() == 'PyPy':\n    sys.exit('not here')`,
    ],
    ['an exception', `import sys\nif '__pypy__' in sys.builtin_module_names:\n    raise RuntimeError('not here')`],
  ])('is where setup.py does not get to setup(), by %s', (_, script) => {
    expect(readScript(`${SETUP}${script}\nsetup(name='x')`).facts.unreachedOnPyPy?.file).toBe('setup.py');
  });

  it.each([
    ['nothing', ''],
    ['Windows', `import sys\nif sys.platform == 'win32':\n    sys.exit(1)`],
    ['old interpreters', `import sys\nif sys.version_info < (3, 8):\n    sys.exit(1)`],
    [
      'PyPy on Windows',
      `import sys\nif sys.platform == 'win32' and hasattr(sys, 'pypy_version_info'):\n    sys.exit(1)`,
    ],
    [
      'what is not known',
      `import platform, sys, lib\nif platform.python_implementation() == 'PyPy' and lib.old():\n    sys.exit(1)`,
    ],
    [
      'PyPy, which has a setup() of its own',
      `import platform, sys\nif platform.python_implementation() == 'PyPy':\n    setup(name='y')\n    sys.exit(0)`,
    ],
  ])('is not shut out by a setup.py that ends for %s', (_, script) => {
    expect(readScript(`${SETUP}${script}\nsetup(name='x')`).facts.unreachedOnPyPy).toBeUndefined();
  });
});
