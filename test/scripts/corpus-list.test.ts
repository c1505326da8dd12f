import { describe, expect, it } from 'vitest';
import { parseProjectList } from '../../scripts/support/corpus-list.ts';

describe('a list of projects', () => {
  it('has one project a line, each once, with comments', () => {
    expect(parseProjectList('# Some.\nattrs\n\nJinja2==3.1  # old\r\nattrs\n')).toEqual([
      { name: 'attrs', version: null },
      { name: 'jinja2', version: '3.1' },
    ]);
  });

  it.each([
    ['six\n../etc\n', 'line 2: "../etc" is neither a project nor PROJECT==VERSION'],
    ['six==new\n', 'line 1: "six==new" is neither a project nor PROJECT==VERSION'],
    ['six>=1\n', 'line 1: "six>=1" is neither a project nor PROJECT==VERSION'],
    ['# none\n', 'lists no project'],
  ])('is refused with the line of what is none: %j', (text, message) => {
    expect(() => parseProjectList(text)).toThrow(message);
  });
});
