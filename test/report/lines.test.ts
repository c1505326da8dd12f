import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/base/progress.ts';
import { UserError } from '../../src/base/user-error.ts';
import { defectLines, errorLines } from '../../src/report/errors.ts';
import { noteLines } from '../../src/report/notes.ts';
import { createProgress } from '../../src/report/progress.ts';
import { createStyle, wantsColors } from '../../src/report/style.ts';

const PLAIN = createStyle(false);

describe('errors', () => {
  it('are shown with code, place and what to do', () => {
    const error = new UserError('E_SAMPLE', 'it>=1,!2\n     ~~^', { hint: 'write it>=1\nor it==1' });
    expect(errorLines([error], PLAIN)).toEqual([
      'error: it>=1,!2 [E_SAMPLE]',
      '     ~~^',
      'hint: write it>=1',
      '      or it==1',
    ]);
  });

  it('share a hint, which stands below the last of them', () => {
    const errors = ['a', 'b'].map((name) => new UserError('E_SAMPLE', name, { hint: 'try again' }));
    expect(errorLines([...errors, new UserError('E_SAMPLE', 'c', { hint: 'give up' })], PLAIN)).toEqual([
      'error: a [E_SAMPLE]',
      'error: b [E_SAMPLE]',
      'hint: try again',
      'error: c [E_SAMPLE]',
      'hint: give up',
    ]);
  });

  it('never show the credentials of a URL, and keep the caret in its place', () => {
    const error = new UserError('E_SAMPLE', 'bad\n    https://u:pw@index.test/?token=abc !\n    ^', {
      hint: 'see https://u:pw@index.test/',
    });
    expect(errorLines([error], PLAIN)).toEqual([
      'error: bad [E_SAMPLE]',
      '    https://****@index.test/?token=*** !',
      '    ^',
      'hint: see https://****@index.test/',
    ]);
  });

  it('cannot send control characters to the terminal', () => {
    const lines = errorLines([new UserError('E_SAMPLE', 'a\u001b[2Jb\u202e')], PLAIN);
    expect(lines).toEqual(['error: a[2Jb [E_SAMPLE]']);
  });

  it('of the program itself show their trace', () => {
    const lines = defectLines(new TypeError('x is undefined'), PLAIN);
    expect(lines[0]).toBe('defect: pypi2nix failed in a way that it should not');
    expect(lines[1]).toBe('TypeError: x is undefined');
  });
});

describe('notes', () => {
  it('are ordered by project and place, without repetitions', () => {
    const notes = [
      { kind: 'unknown', text: 'later', project: 'b', file: 'setup.py', line: 10 },
      { kind: 'unknown', text: 'sooner', project: 'b', file: 'setup.py', line: 9 },
      { kind: 'warning', text: 'look', project: 'a' },
      { kind: 'warning', text: 'look', project: 'a' },
      { kind: 'guess', text: 'of the run' },
    ] as const;
    expect(noteLines(notes, PLAIN)).toEqual([
      'note: of the run',
      'warning: a: look',
      'note: b: sooner (setup.py:9)',
      'note: b: later (setup.py:10)',
    ]);
  });
});

describe('progress', () => {
  const EVENTS: readonly ProgressEvent[] = [
    { kind: 'phase', text: 'resolving 2 requirements' },
    { kind: 'request', what: 'the page of toolz', url: 'https://index.test/simple/toolz/' },
    { kind: 'retry', what: 'the page of toolz', attempt: 1, seconds: 0.5, why: 'HTTP 503' },
    { kind: 'done', what: 'toolz-1.0.tar.gz' },
  ];

  function written(options: { isTTY?: boolean; quiet?: boolean; verbose?: boolean }): string {
    let text = '';
    const stream = {
      isTTY: options.isTTY ?? false,
      columns: 30,
      write: (piece: string) => {
        text += piece;
      },
    };
    const report = createProgress({ stream, quiet: options.quiet ?? false, verbose: options.verbose ?? false });
    for (const event of EVENTS) report.sink(event);
    report.clear();
    return text;
  }

  it('is a line a phase and a line a retry where there is no terminal', () => {
    expect(written({})).toBe(
      'resolving 2 requirements\nasking again for the page of toolz in 0.5 s (attempt 1): HTTP 503\n',
    );
  });

  it('is nothing with --quiet', () => {
    expect(written({ quiet: true, isTTY: true })).toBe('');
  });

  it('tells each request with --verbose', () => {
    expect(written({ verbose: true }).split('\n')).toContain(
      'asking for the page of toolz: https://index.test/simple/toolz/',
    );
  });

  it('is one line on a terminal, cut to its width and taken away at the end', () => {
    const text = written({ isTTY: true });
    expect(text.endsWith('\r\u001b[K')).toBe(true);
    const shown = text.replaceAll('\r\u001b[K', '\n').split('\n');
    expect(shown).toContain('asking for the page of toolz…');
    expect(shown.filter((line) => !line.startsWith('asking again')).every((line) => line.length < 30)).toBe(true);
  });
});

describe('colours', () => {
  it.each([
    ['always', {}, {}, true],
    ['never', { isTTY: true }, { FORCE_COLOR: '1' }, false],
    ['auto', { isTTY: true }, {}, true],
    ['auto', {}, {}, false],
    ['auto', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['auto', { isTTY: true }, { TERM: 'dumb' }, false],
    ['auto', {}, { FORCE_COLOR: '1' }, true],
  ] as const)('with --color %s on %j in %j: %s', (choice, stream, environment, expected) => {
    expect(wantsColors(choice, stream, environment)).toBe(expected);
  });
});
