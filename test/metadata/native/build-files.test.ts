import { describe, expect, it } from 'vitest';
import { readCmake } from '../../../src/metadata/native/cmake.ts';
import { readMeson } from '../../../src/metadata/native/meson.ts';

/** A reader of made-up files. */
function textOf(files: Readonly<Record<string, string>>): (path: string) => string | null {
  return (path) => (Object.hasOwn(files, path) ? (files[path] ?? null) : null);
}

describe('meson.build', () => {
  const evidence = (text: string, options = '') =>
    readMeson(textOf({ 'meson.build': text, 'meson.options': options })).evidence.map(
      ({ kind, name, when }) => `${kind} ${name} ${when}`,
    );

  it.each([
    ["dependency('zlib')", 'meson zlib always'],
    ["x = dependency('zlib', version: '>=1', required: true)", 'meson zlib always'],
    ["dependency('zlib', required: false)", 'meson zlib optional'],
    ["dependency(['a', 'b'])", 'meson a always'],
    ["name = 'zlib'\ndependency(name)", 'meson zlib always'],
    ["cc.find_library('m', required: false)", 'link m optional'],
    ["# dependency('no')\ndependency('''zlib''')", 'meson zlib always'],
    ["if host_machine.system() == 'windows'\n  dependency('a')\nendif", 'meson a elsewhere'],
    ["if host_machine.system() != 'windows'\n  dependency('a')\nendif", 'meson a always'],
    ["if x\n  dependency('a')\nelse\n  y = 1\nendif\n", 'meson a optional'],
    ["z = dependency('a', required: false)\nif not z.found()\n  dependency('a')\nendif", 'meson a optional'],
  ])('%s asks for %s', (text, expected) => {
    expect(evidence(text)[0]).toBe(expected);
  });

  it.each([
    ["foreach name : ['a', 'b']\n  dependency(name)\nendforeach", ['meson a always', 'meson b always']],
    [
      "names = ['a']\nif x\n  foreach n : names\n    dependency(n)\n  endforeach\nendif\ndependency('b')",
      ['meson a optional', 'meson b always'],
    ],
    ["foreach n, v : {'a': '1'}\n  dependency(n, version: v)\nendforeach", ['meson a always']],
    ["foreach n : found()\n  dependency('a')\nendforeach", ['meson a always']],
    [
      "foreach n : ['a', 'b']\n  foreach m : [1]\n    dependency('c')\n  endforeach\n  dependency(n)\nendforeach\ndependency('d')",
      ['meson c always', 'meson a always', 'meson c always', 'meson b always', 'meson d always'],
    ],
  ])('follows a loop over what is known: %s', (text, expected) => {
    expect(evidence(text)).toEqual(expected);
  });

  it.each([
    ['enabled', 'always'],
    ['auto', 'optional'],
    ['disabled', 'off'],
  ])('takes the default of an option: %s', (value, expected) => {
    const options = `option('x', type: 'feature', value: '${value}')`;
    expect(evidence("dependency('a', required: get_option('x'))", options)).toEqual([`meson a ${expected}`]);
  });

  it('leaves out what hangs on an option that is off', () => {
    const options = "option('x', type: 'boolean', value: false)";
    const text = "if get_option('x')\n  dependency('a')\nelse\n  dependency('b')\nendif";
    expect(evidence(text, options)).toEqual(['meson a off', 'meson b always']);
  });

  it('is followed into folders and subprojects that it enters, once', () => {
    const files = {
      'meson.build': "project('x', 'c', 'fortran')\nsubdir('src')\nsubdir('src')\nsubproject('sub')\nsubdir('../up')",
      'src/meson.build': "subdir('.')\ndependency('zlib')",
      'subprojects/sub/meson.build': "dependency('glib-2.0')",
      'other/meson.build': "dependency('libpng')",
    };
    const { evidence: found, tools } = readMeson(textOf(files));
    expect(found.map(({ name, file, line }) => `${name} ${file}:${line ?? 0}`)).toEqual([
      'zlib src/meson.build:2',
      'glib-2.0 subprojects/sub/meson.build:1',
    ]);
    expect(tools.map(({ name }) => name)).toEqual(['c', 'fortran']);
  });

  it('says where a name is computed', () => {
    expect(readMeson(textOf({ 'meson.build': 'dependency(names[0])' })).unread).toEqual([
      { file: 'meson.build', line: 1, what: 'the name that dependency() asks for is computed' },
    ]);
  });
});

describe('CMakeLists.txt', () => {
  const read = (text: string, others: Readonly<Record<string, string>> = {}) =>
    readCmake(textOf({ 'CMakeLists.txt': text, ...others }));
  const evidence = (text: string) => read(text).evidence.map(({ kind, name, when }) => `${kind} ${name} ${when}`);

  it.each([
    ['find_package(ZLIB REQUIRED)', 'cmake ZLIB always'],
    ['FIND_PACKAGE( PNG 1.6 )', 'cmake PNG optional'],
    ['pkg_check_modules(X REQUIRED IMPORTED_TARGET libzmq>=4)', 'pkg-config libzmq always'],
    ['find_library(X NAMES zmq libzmq)', 'link zmq optional'],
    ['if(WIN32)\nfind_package(ZLIB REQUIRED)\nendif()', 'cmake ZLIB elsewhere'],
    ['if(NOT MSVC)\nfind_package(ZLIB REQUIRED)\nendif()', 'cmake ZLIB always'],
    ['option(X "use it" OFF)\nif(X)\nfind_package(ZLIB REQUIRED)\nendif()', 'cmake ZLIB off'],
    ['option(X "use it" ON)\nif(X)\nfind_package(ZLIB REQUIRED)\nendif()', 'cmake ZLIB always'],
    ['# find_package(NO)\n#[[\nfind_package(NO)\n]]\nfind_package(ZLIB REQUIRED)', 'cmake ZLIB always'],
  ])('%s asks for %s', (text, expected) => {
    expect(evidence(text)[0]).toBe(expected);
  });

  it('tells languages and what would be fetched', () => {
    const { tools, downloads } = read('project(x VERSION 1 LANGUAGES C Fortran)\nFetchContent_Declare(foo URL x)');
    expect(tools.map(({ name }) => name)).toEqual(['c', 'fortran']);
    expect(downloads).toEqual([{ what: 'FetchContent of foo', file: 'CMakeLists.txt', line: 2, when: 'always' }]);
  });

  it('is followed into folders and files that it takes in', () => {
    const found = read('add_subdirectory(src)\ninclude(cmake/x.cmake)\nadd_subdirectory(../up)', {
      'src/CMakeLists.txt': 'find_package(ZLIB)',
      'cmake/x.cmake': 'find_package(PNG)',
    });
    expect(found.evidence.map(({ name }) => name)).toEqual(['ZLIB', 'PNG']);
  });
});

it.each([
  ['brackets that never close', '('.repeat(200_000)],
  ['marks of texts that never close', "'''".repeat(99_999)],
  ['escaped marks', "\\'".repeat(120_000)],
  ['texts in brackets that never close', '[['.repeat(120_000)],
  ['conditions without end', 'if x\n'.repeat(50_000)],
])('reading comes to an end with %s', (_, text) => {
  expect(readMeson(textOf({ 'meson.build': text })).evidence).toEqual([]);
  expect(readCmake(textOf({ 'CMakeLists.txt': text })).evidence).toEqual([]);
});
