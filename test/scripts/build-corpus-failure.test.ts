import { describe, expect, it } from 'vitest';
import { explainLog } from '../../scripts/support/build-corpus-failure.ts';

function logOf(...lines: readonly string[]): string {
  return ['== unpackPhase', '== buildPhase', ...lines, ''].join('\n');
}

describe('the reason of a failed build', () => {
  it.each([
    [
      'missing backend',
      'kettle_build',
      ['the build backend kettle_build is not there (No module): declare it in build-system'],
    ],
    ['missing library', 'steam', ['/usr/bin/ld: cannot find -lsteam: No such file or directory']],
    ['missing library', 'libsteam.so.1', ['undeclared system libraries:', '  libsteam.so.1, needed by lib/kettle.so']],
    ['missing header', 'steam.h', ['kettle.c:1:10: fatal error: steam.h: No such file or directory']],
    ['missing module', 'lid', ['Traceback (most recent call last):', "ModuleNotFoundError: No module named 'lid'"]],
    [
      'wrong version',
      'version 0.0.0, the expression says 1.0',
      ['the wheel is of version 0.0.0, the expression says 1.0'],
    ],
    ['missing tool', 'steamer', ['/bin/sh: 1: steamer: command not found']],
    ['network', '', ['urllib3: Temporary failure in name resolution']],
  ])('is told as %s: %s', (kind, detail, lines) => {
    expect(explainLog(logOf(...lines))).toMatchObject({ phase: 'buildPhase', kind, detail });
  });

  it('lists the requirements that the builder does not find', () => {
    const log = logOf(
      'undeclared dependencies (Requires-Dist of the wheel):',
      '  lid>=2: not there',
      '  cup: 1.0 is there',
      'end',
    );
    expect(explainLog(log)).toMatchObject({
      kind: 'undeclared dependencies',
      detail: 'lid>=2: not there; cup: 1.0 is there',
    });
  });

  it('names the tests that fail, each once and at most five', () => {
    const failed = ['a', 'b', 'a', 'c', 'd', 'e', 'f'].map(
      (name) => `FAILED tests/test_kettle.py::test_${name} - AssertionError`,
    );
    expect(explainLog(logOf(...failed)).detail).toBe(
      ['a', 'b', 'c', 'd', 'e'].map((name) => `tests/test_kettle.py::test_${name}`).join(', '),
    );
  });

  it('prefers the fault to what follows from it', () => {
    const log = logOf(
      "ModuleNotFoundError: No module named 'lid'",
      'error: pythonImportsCheck: kettle cannot be imported',
    );
    expect(explainLog(log)).toMatchObject({ kind: 'missing module', detail: 'lid' });
  });

  it('takes the phase from a log of nixpkgs too', () => {
    expect(explainLog('Running phase: unpackPhase\nRunning phase: pythonImportsCheckPhase\nboom').phase).toBe(
      'pythonImportsCheckPhase',
    );
  });

  it('gives the last line where no rule fits', () => {
    expect(explainLog('one\ntwo\n\n')).toEqual({
      phase: null,
      kind: 'other',
      detail: 'two',
      lastLines: ['one', 'two'],
    });
  });
});
