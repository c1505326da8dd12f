import { describe, expect, it } from 'vitest';
import { wheelModuleFiles, wheelModules } from '../../../src/metadata/wheel/wheel-modules.ts';

describe('the modules of a wheel', () => {
  it.each<[what: string, paths: readonly string[], modules: readonly string[]]>([
    ['a package', ['toolz/__init__.py', 'toolz/dicttoolz.py', 'toolz-1.0.dist-info/RECORD'], ['toolz']],
    ['a module', ['six.py', 'six-1.16.0.dist-info/METADATA'], ['six']],
    ['several, sorted', ['b/__init__.py', 'a.py', 'C/__init__.py'], ['C', 'a', 'b']],
    ['an extension module', ['ujson.cpython-313-x86_64-linux-gnu.so'], ['ujson']],
    ['an extension module of the stable interface', ['x.abi3.so'], ['x']],
    ['an extension module of Windows', ['x.cp313-win_amd64.pyd'], ['x']],
    ['a package that is an extension module', ['a/__init__.cpython-313-darwin.so'], ['a']],
    ['a package as byte code alone', ['a/__init__.pyc'], ['a']],
    [
      'a private extension module beside a package',
      ['_yaml.cpython-313-x86_64-linux-gnu.so', 'yaml/__init__.py'],
      ['yaml'],
    ],
    ['a private extension module alone', ['_cffi_backend.cpython-313-x86_64-linux-gnu.so'], ['_cffi_backend']],
    ['tests beside a package', ['tests/__init__.py', 'test/__init__.py', 'a/__init__.py'], ['a']],
    ['tests beside a private module', ['tests/__init__.py', '_a.py'], ['_a']],
    ['tests alone', ['tests/__init__.py'], ['tests']],
    [
      'a namespace package',
      ['backports/tarfile/__init__.py', 'backports/tarfile/compat/__init__.py'],
      ['backports.tarfile'],
    ],
    ['a module in a namespace', ['backports/functools.py'], ['backports.functools']],
    [
      'a namespace with a private part',
      ['google/_upb/_message.abi3.so', 'google/protobuf/__init__.py', 'google/protobuf/any.py'],
      ['google.protobuf'],
    ],
    [
      'a namespace in a namespace',
      ['google/cloud/storage/__init__.py', 'google/cloud/storage_v2/__init__.py'],
      ['google.cloud.storage'],
    ],
    ['a namespace with tests', ['ns/docs/conf.py', 'ns/real/__init__.py'], ['ns.real']],
    ['a namespace with a private module alone', ['ns/_x.abi3.so'], ['ns._x']],
    ['two namespaces', ['b/y.py', 'a/x/__init__.py'], ['a.x', 'b.y']],
    ['a folder of scripts beside a package', ['a/__init__.py', 'scripts/release.py'], ['a']],
    ['folders of data', ['a/__init__.py', 'share/a.txt', 'a.libs/libx.so.1'], ['a']],
    ['a library that others link', ['a/__init__.py', 'libomp.so', 'libomp.dylib'], ['a']],
    ['stubs', ['requests-stubs/__init__.pyi', 'requests-stubs/api.pyi'], []],
    ['files of all platforms and of one', ['x-1.0.data/platlib/a/__init__.py', 'x-1.0.data/purelib/b.py'], ['a', 'b']],
    ['scripts, headers and data', ['x-1.0.data/scripts/a.py', 'x-1.0.data/headers/b.py', 'x-1.0.data/data/c.py'], []],
    ['code in the metadata', ['x-1.0.dist-info/a.py', 'x-1.0.dist-info/b/__init__.py'], []],
    ['setup.py packed by mistake', ['setup.py', 'conftest.py', 'a.py'], ['a']],
    ['an __init__.py without a package', ['__init__.py', '__main__.py', 'a.py'], ['a']],
    ['names that Python cannot import', ['a-b.py', '1a/__init__.py', 'c/__init__.py', 'a b.py'], ['c']],
    ['names in another script', ['größe/__init__.py'], ['größe']],
    ['names that objects have anyway', ['constructor.py', '__proto__/__init__.py', 'toString/x.py'], ['constructor']],
    ['nothing', ['x-1.0.dist-info/METADATA'], []],
  ])('%s', (_, paths, modules) => {
    expect(wheelModules(paths, new Set())).toEqual(modules);
    expect(wheelModules([...paths].reverse(), new Set())).toEqual(modules);
  });

  it.each<[what: string, paths: readonly string[], namespaces: readonly string[], modules: readonly string[]]>([
    [
      'with a package',
      ['backports/__init__.py', 'backports/tarfile/__init__.py'],
      ['backports'],
      ['backports.tarfile'],
    ],
    ['nested', ['a/__init__.py', 'a/b/__init__.py', 'a/b/c.py'], ['a', 'a/b'], ['a.b.c']],
    ['beside a package', ['a/__init__.py', 'ns/__init__.py', 'ns/x.py'], ['ns'], ['a', 'ns.x']],
    ['without content', ['ns/__init__.py'], ['ns'], ['ns']],
  ])('a namespace that is declared in __init__.py, %s', (_, paths, namespaces, modules) => {
    expect(wheelModules(paths, new Set(namespaces))).toEqual(modules);
  });

  it('of a path without end are none', () => {
    expect(wheelModules([`${'a/'.repeat(30_000)}b.py`], new Set())).toEqual([]);
  });
});

describe('the files of the modules of a wheel', () => {
  it('are packages, modules and compiled ones, wherever they lie', () => {
    const paths = ['x-1.0.data/platlib/b.cpython-313-darwin.so', 'a/__init__.py', 'a/c.py', 'n/d.py', 'e.pyc', 'e.py'];
    expect(wheelModuleFiles(['a', 'b', 'e', 'n.d', 'loose'], paths)).toEqual({
      a: 'a/__init__.py',
      b: 'x-1.0.data/platlib/b.cpython-313-darwin.so',
      e: 'e.py',
      'n.d': 'n/d.py',
    });
  });
});
