import { describe, expect, it } from 'vitest';
import { consoleScriptsOf } from '../../../src/metadata/wheel/entry-points.ts';

describe('console scripts', () => {
  it.each<[what: string, text: string, scripts: readonly string[]]>([
    ['are sorted', '[console_scripts]\npip3 = pip:main\npip = pip:main\n', ['pip', 'pip3']],
    ['keep their case', '[console_scripts]\nRunMe=a:main\n', ['RunMe']],
    [
      'are told from other entry points',
      '[gui_scripts]\na = b:c\n[console_scripts]\nd = e:f\n[pytest11]\ng = h\n',
      ['d'],
    ],
    ['may be indented', '\n    [console_scripts]\n    tool = a:main\n    ', ['tool']],
    ['end with any line break', '[console_scripts]\r\na = b:c\r\n', ['a']],
    ['may have an equals sign in extras', '[console_scripts]\na = b:c [x]\n', ['a']],
    ['leave comments out', '[console_scripts]\n# a = b:c\n; d = e:f\n', []],
    ['leave out what is no file name', '[console_scripts]\n../../a = b:c\n.. = b:c\n\u001b[2J = b:c\n = b:c\n', []],
    ['are none in an empty text', '', []],
  ])('%s', (_, text, scripts) => {
    expect([...consoleScriptsOf(text).keys()]).toEqual(scripts);
  });

  it('are told with their lines', () => {
    expect([...consoleScriptsOf('[gui_scripts]\nx = y:z\n\n[console_scripts]\nb = c:d\na = b:c\n')]).toEqual([
      ['a', 6],
      ['b', 5],
    ]);
  });
});
