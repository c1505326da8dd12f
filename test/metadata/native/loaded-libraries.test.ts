import { expect, it } from 'vitest';
import { loadedLibraries } from '../../../src/metadata/native/loaded-libraries.ts';
import { factsOf, pkgInfo } from '../support/facts.ts';

it.each([
  ["ctypes.util.find_library('magic')", ['magic']],
  ['ffi.dlopen("libcairo.so.2")', ['cairo']],
  ["cdll.LoadLibrary('libusb-1.0.0.dylib')", ['usb-1.0']],
  ['CDLL(\n    "libenchant-2.so")', ['enchant-2']],
  ['find_library(name)', []],
  ["CDLL(None), CDLL(''), my_find_library('x')", []],
  ["CDLL('../evil.so')", []],
])('what %s loads is told by the name after -l', (text, names) => {
  expect(loadedLibraries(text).map(({ name }) => name)).toEqual(names);
});

it('tells the line of each call', () => {
  expect(loadedLibraries("import ctypes\n\na = CDLL('liba.so')\nb = CDLL('libb.so')\n")).toEqual([
    { name: 'a', line: 3 },
    { name: 'b', line: 4 },
  ]);
});

it('is read from a hostile text in time', () => {
  expect(loadedLibraries(`${'CDLL( '.repeat(200_000)}${"dlopen('a".repeat(100_000)}`)).toEqual([]);
});

it('is looked for in the modules of an sdist, not in its tests, documents, and what builds it', async () => {
  const load = (name: string) => `import ctypes\nctypes.CDLL('lib${name}.so')\n`;
  const { native } = await factsOf({
    'PKG-INFO': pkgInfo('2.1'),
    'setup.py': load('a'),
    'it/b.py': load('b'),
    'tests/test_c.py': load('c'),
    'docs/conf.py': load('d'),
  });
  expect(native.evidence).toEqual([{ kind: 'load', name: 'b', when: 'always', file: 'it/b.py', line: 2 }]);
});
