import { describe, expect, it } from 'vitest';
import { readCmake } from '../../../src/metadata/native/cmake.ts';
import { cmakeTruth } from '../../../src/metadata/native/cmake-conditions.ts';

const VARIABLES = new Map([
  ['WITH_A', 'ON'],
  ['WITH_B', 'OFF'],
  ['PREFIX', 'auto'],
  ['EITHER', null],
]);

describe('a condition of CMake', () => {
  it.each([
    ['WITH_A', 'always', 'off'],
    ['NOT WITH_A', 'off', 'always'],
    ['WITH_A AND WITH_B', 'off', 'always'],
    ['WITH_B OR ( WITH_A AND NOT WITH_B )', 'always', 'off'],
    ['WITH_B AND UNHEARD', 'off', 'always'],
    ['WITH_A AND UNHEARD', 'optional', 'optional'],
    ['$' + '{PREFIX} STREQUAL auto', 'always', 'off'],
    ['PREFIX STREQUAL bundled', 'off', 'always'],
    ['EITHER STREQUAL bundled', 'optional', 'optional'],
    ['WIN32', 'elsewhere', 'always'],
    ['NOT APPLE', 'always', 'elsewhere'],
    ['UNIX', 'always', 'elsewhere'],
    ['CMAKE_SYSTEM_NAME STREQUAL Linux', 'always', 'elsewhere'],
    ['CMAKE_SYSTEM_NAME MATCHES Darwin|Windows', 'elsewhere', 'always'],
    ['ZLIB_FOUND', 'optional', 'off'],
    ['NOT ZLIB_FOUND', 'off', 'optional'],
    ['TARGET ZLIB::ZLIB', 'optional', 'optional'],
    ['DEFINED WITH_A AND WITH_B', 'off', 'always'],
    ['0', 'off', 'always'],
    ['( ( (', 'optional', 'optional'],
  ])('%s holds %s, else %s', (text, when, otherwise) => {
    expect(cmakeTruth(text.split(' '), VARIABLES)).toMatchObject({ when, otherwise });
  });

  it.each([
    ['option(X "" OFF)\noption(Y "" OFF)\nif(X OR Y)\n  find_package(ZLIB)\nendif()', 'off'],
    ['set(X ON)\noption(X "" OFF)\nif(X)\n  find_package(ZLIB REQUIRED)\nendif()', 'always'],
    ['set(X OFF CACHE BOOL "")\nif(X)\n  find_package(ZLIB)\nendif()', 'off'],
    ['option(X "" OFF)\nif(HAVE_Y)\n  set(X ON)\nendif()\nif(X)\n  find_package(ZLIB REQUIRED)\nendif()', 'optional'],
    ['option(MADE "" OFF)\nif(MADE)\n  find_package(ZLIB REQUIRED)\nendif()', 'always'],
  ])('follows options and variables: %j', (text, when) => {
    const read = readCmake((path) => (path === 'CMakeLists.txt' ? text : null), new Map([['MADE', 'ON']]));
    expect(read.evidence.map((one) => one.when)).toEqual([when]);
  });
});
