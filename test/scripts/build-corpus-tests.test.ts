import { describe, expect, it } from 'vitest';
import { testOutcome } from '../../scripts/support/build-corpus-tests.ts';

const BUILT = { isBuilt: true, notes: [] };

describe('what came of the tests in a build', () => {
  it.each([
    ['==== 12 passed, 1 skipped in 0.30s ====', '12 passed, 1 skipped'],
    ['12 passed in 0.30s', '12 passed'],
    ['Ran 7 tests in 0.001s', '7 run'],
  ])('passes with %s', (line, text) => {
    expect(testOutcome(`== pytestCheckPhase\n${line}\n`, BUILT)).toEqual({ pass: true, text });
  });

  it('does not pass where every test is skipped', () => {
    expect(testOutcome('== 3 skipped in 0.1s ==\n', BUILT)).toEqual({ pass: false, text: 'runs no test: 3 skipped' });
  });

  it('says that the sdist has no tests where no runner ran and nothing was told', () => {
    expect(testOutcome('== installPhase\n', BUILT)).toEqual({ pass: false, text: 'no tests in the sdist' });
  });

  it('were not tried where nothing of the build was begun', () => {
    expect(testOutcome(null, { isBuilt: false, notes: [] })).toEqual({ pass: false, text: 'not tried' });
  });

  it('says what generating told of the tests where no runner ran', () => {
    const notes = [
      'note: kettle: the extra steam is left out',
      'note: kettle: its tests do not run: the tests need lid',
    ];
    expect(testOutcome('', { isBuilt: true, notes }).text).toBe('its tests do not run: the tests need lid');
  });

  it('names the tests that fail', () => {
    const log =
      '=== short test summary info ===\nFAILED tests/test_lid.py::test_lid - AssertionError\n== 1 failed, 2 passed in 0.1s ==\n';
    expect(testOutcome(log, { isBuilt: false, notes: [] })).toEqual({
      pass: false,
      text: '1 failed, 2 passed: test_lid fails (AssertionError)',
    });
  });

  it('names a few of many, and what most of them say', () => {
    const failed = ['a', 'b', 'c', 'd', 'e'].map(
      (name) => `FAILED tests/test_lid.py::test_${name} - no ${name < 'c' ? 'lid' : 'spout'}\n`,
    );
    const log = `=== short test summary info ===\n${failed.join('')}== 5 failed in 0.1s ==\n`;
    expect(testOutcome(log, { isBuilt: false, notes: [] }).text).toBe(
      '5 failed: test_a, test_b, test_c and 2 more fail (no spout)',
    );
  });

  it('names a plugin of pytest that is missing', () => {
    const log = '== pytestCheckPhase\npython -m pytest: error: unrecognized arguments: --disable-socket\n';
    expect(testOutcome(log, { isBuilt: false, notes: [] }).text).toBe('the test requirement pytest-socket is missing');
  });

  it('tells the fault of a build that ends before its tests', () => {
    expect(testOutcome("ModuleNotFoundError: No module named 'lid'\n", { isBuilt: false, notes: [] }).text).toBe(
      'the Python module lid is missing',
    );
  });
});
