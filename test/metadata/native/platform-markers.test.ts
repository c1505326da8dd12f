import { describe, expect, it } from 'vitest';
import { readCmake } from '../../../src/metadata/native/cmake.ts';
import { readMeson } from '../../../src/metadata/native/meson.ts';
import { type NativeEvidence, strongest } from '../../../src/metadata/native/native-facts.ts';

const LINUX = 'sys_platform == "linux"';
const DARWIN = 'sys_platform == "darwin"';
const NOT_DARWIN = 'sys_platform != "darwin"';

/** Certainty and marker of what is asked for under the name x. */
function asked(evidence: readonly NativeEvidence[]): string | undefined {
  const [x] = strongest(evidence.filter(({ name }) => name === 'x' || name === 'X'));
  return x === undefined ? undefined : `${x.when} ${x.marker ?? 'everywhere'}`;
}

describe('a library that a meson.build asks for on one platform', () => {
  it.each([
    [`if host_machine.system() == 'linux'\n  dependency('x')\nendif`, `always ${LINUX}`],
    [
      `is_linux = host_machine.system() == 'linux'\nif is_linux\n  dependency('x', required: false)\nendif`,
      `optional ${LINUX}`,
    ],
    [
      `if host_machine.system() == 'darwin'\n  add_languages('objc')\nelse\n  dependency('x')\nendif`,
      `always ${NOT_DARWIN}`,
    ],
    [`if host_machine.system() in ['linux', 'freebsd']\n  dependency('x')\nendif`, `always ${LINUX}`],
    [`if host_machine.system() in ['linux', 'darwin']\n  dependency('x')\nendif`, `always (${LINUX}) or (${DARWIN})`],
    [`if host_machine.system() != 'windows'\n  dependency('x')\nendif`, 'always everywhere'],
    [`if host_machine.system() == 'linux'\n  if true\n    dependency('x')\n  endif\nendif`, `always ${LINUX}`],
    [`dependency('x')\nif host_machine.system() == 'linux'\n  dependency('x')\nendif`, 'always everywhere'],
    [
      `if host_machine.system() == 'windows'\n  foo()\nelif host_machine.system() == 'linux'\n  dependency('x')\nendif`,
      `always ${LINUX}`,
    ],
  ])('keeps its condition: %j', (text, expected) => {
    const { evidence } = readMeson((path) => (path === 'meson.build' ? `${text}\n` : null));
    expect(asked(evidence)).toBe(expected);
  });

  it('keeps the condition of the folder that asks for it', () => {
    const files = new Map([
      ['meson.build', `if host_machine.system() == 'linux'\n  subdir('sub')\nendif\n`],
      ['sub/meson.build', `dependency('x')\n`],
    ]);
    expect(asked(readMeson((path) => files.get(path) ?? null).evidence)).toBe(`always ${LINUX}`);
  });
});

describe('a library that a CMakeLists.txt asks for on one platform', () => {
  it.each([
    ['if(LINUX)\nfind_package(X REQUIRED)\nendif()', `always ${LINUX}`],
    ['if(CMAKE_SYSTEM_NAME STREQUAL "Linux")\nfind_package(X REQUIRED)\nendif()', `always ${LINUX}`],
    ['if(UNIX AND NOT APPLE)\nfind_package(X REQUIRED)\nendif()', `always ${NOT_DARWIN}`],
    ['if(APPLE)\nelse()\nfind_package(X REQUIRED)\nendif()', `always ${NOT_DARWIN}`],
    ['if(WIN32)\nelseif(APPLE)\nelse()\nfind_package(X)\nendif()', `optional ${NOT_DARWIN}`],
    ['if(UNIX)\nfind_package(X REQUIRED)\nendif()', 'always everywhere'],
    ['if(APPLE OR LINUX)\nfind_package(X REQUIRED)\nendif()', `always (${DARWIN}) or (${LINUX})`],
    ['if(APPLE OR USE_X)\nfind_package(X REQUIRED)\nendif()', 'optional everywhere'],
    ['if(APPLE)\nfind_package(X REQUIRED)\nendif()', `elsewhere ${DARWIN}`],
  ])('keeps its condition: %j', (text, expected) => {
    const { evidence } = readCmake((path) => (path === 'CMakeLists.txt' ? `${text}\n` : null));
    expect(asked(evidence)).toBe(expected);
  });
});
