import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { parsePipConf, pipConfPaths } from '../../src/index/pip-conf.ts';

function parse(text: string) {
  const sections = parsePipConf({ path: '/etc/pip.conf', text });
  return Object.fromEntries(
    [...sections].map(([section, keys]) => [
      section,
      Object.fromEntries(
        [...keys].map(([key, lines]) => [key, lines.map(({ text: line, line: number }) => `${number}: ${line}`)]),
      ),
    ]),
  );
}

describe('parsePipConf', () => {
  it.each([
    ['an empty file', '', {}],
    [
      'a plain value',
      '[global]\nindex-url = https://a.test/simple\n',
      { global: { 'index-url': ['2: https://a.test/simple'] } },
    ],
    [
      'a colon',
      '[global]\nindex-url: https://a.test/simple',
      { global: { 'index-url': ['2: https://a.test/simple'] } },
    ],
    ['no blanks', '[global]\nindex-url=https://a.test/?a=b', { global: { 'index-url': ['2: https://a.test/?a=b'] } }],
    [
      'a value of several lines, with comments and a blank line in it',
      '[install]\nextra-index-url =\n  https://a.test/simple\n  # not this\n\n  ; nor this\n\thttps://b.test/simple\nno-index = 0\n',
      {
        install: { 'extra-index-url': ['3: https://a.test/simple', '7: https://b.test/simple'], 'no-index': ['8: 0'] },
      },
    ],
    [
      'a value that begins on the line of its key and goes on',
      '[global]\nfind-links = /a\n    /b',
      { global: { 'find-links': ['2: /a', '3: /b'] } },
    ],
    [
      '"#" and ";" inside a value',
      '[global]\nindex-url = https://a.test/#x;y',
      { global: { 'index-url': ['2: https://a.test/#x;y'] } },
    ],
    [
      'other spellings of a key',
      '[global]\nIndex_URL = x\n--no-index = 1',
      { global: { 'index-url': ['2: x'], 'no-index': ['3: 1'] } },
    ],
    [
      'sections with dots and repeated sections',
      '[a.b]\nx = 1\n[global]\ny = 2\n[a.b]\nz = 3',
      { 'a.b': { x: ['2: 1'], z: ['6: 3'] }, global: { y: ['4: 2'] } },
    ],
    ['line ends of Windows and a byte order mark', '\ufeff[global]\r\nx = 1\r\n', { global: { x: ['2: 1'] } }],
    [
      'an indented section and keys beneath it',
      '  [global]\n  x = 1\n  y = 2',
      { global: { x: ['2: 1'], y: ['3: 2'] } },
    ],
    ['a percent sign', '[global]\nx = a%20b%(c)s', { global: { x: ['2: a%20b%(c)s'] } }],
    ['an empty value', '[global]\nx =', { global: { x: [] } }],
  ])('reads %s', (_, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('holds keys of any spelling', () => {
    const conf = parsePipConf({ path: 'x', text: '[__proto__]\nconstructor = 1' });

    expect(conf.get('__proto__')?.get('constructor')).toEqual([{ text: '1', line: 2 }]);
  });

  it.each([
    ['index-url = https://user:secret@a.test', '/etc/pip.conf:1: the line stands before the first [section]'],
    [
      '[global]\nhttps//user:secret@a.test'.replace(':', ''),
      '/etc/pip.conf:2: the line is neither a [section] nor "key = value"',
    ],
    ['[global]\n= x', '/etc/pip.conf:2: the line is neither a [section] nor "key = value"'],
  ])('refuses %j and does not repeat what may be secret', (text, message) => {
    expect(() => parse(text)).toThrowError(expect.objectContaining({ code: 'E_BAD_PIP_CONF', exit: 78, message }));
    expect(() => parse(text)).toThrowError(UserError);
  });
});

describe('pipConfPaths', () => {
  const linux = { environment: {}, home: '/home/me', platform: 'linux' };

  it.each([
    [
      'on Linux',
      linux,
      ['/etc/xdg/pip/pip.conf', '/etc/pip.conf', '/home/me/.pip/pip.conf', '/home/me/.config/pip/pip.conf'],
    ],
    [
      'on macOS',
      { ...linux, platform: 'darwin' },
      [
        '/Library/Application Support/pip/pip.conf',
        '/etc/pip.conf',
        '/home/me/.pip/pip.conf',
        '/home/me/.config/pip/pip.conf',
        '/home/me/Library/Application Support/pip/pip.conf',
      ],
    ],
    [
      'with the variables that move them',
      {
        ...linux,
        environment: {
          XDG_CONFIG_HOME: '/x',
          XDG_CONFIG_DIRS: '/a:/b',
          VIRTUAL_ENV: '/venv',
          PIP_CONFIG_FILE: '/my.conf',
        },
      },
      [
        '/b/pip/pip.conf',
        '/a/pip/pip.conf',
        '/etc/pip.conf',
        '/home/me/.pip/pip.conf',
        '/x/pip/pip.conf',
        '/venv/pip.conf',
        '/my.conf',
      ],
    ],
    ['with PIP_CONFIG_FILE=/dev/null', { ...linux, environment: { PIP_CONFIG_FILE: '/dev/null' } }, []],
  ])('names the files of pip %s, the strongest last', (_, options, expected) => {
    expect(pipConfPaths(options)).toEqual(expected);
  });
});
