import { describe, expect, it } from 'vitest';
import { parseBuildCorpusOptions } from '../../scripts/support/build-corpus-options.ts';
import { type BuiltProject, buildCorpusReport } from '../../scripts/support/build-corpus-report.ts';

const BUILT: BuiltProject = { name: 'kettle', version: '1.0', failure: null, wheels: [], tests: null };

describe('the command line of build-corpus', () => {
  it('takes paths relative to the caller, and names in any spelling', () => {
    const args = ['list.txt', '--only', 'Tea.Kettle', '--only', 'cup', '--store', 'built'];
    expect(parseBuildCorpusOptions(args, '/home/me')).toMatchObject({
      list: '/home/me/list.txt',
      only: ['tea-kettle', 'cup'],
      store: '/home/me/built',
      atLeast: 90,
      withChecks: false,
    });
  });

  it.each([
    [[], 'one LIST'],
    [['a', 'b'], 'one LIST'],
    [['a', '--at-least', '101'], '--at-least: "101" is no number from 0 to 100'],
    [['a', '--jobs', '0'], '--jobs: "0" is no number from 1'],
    [['a', '--kettle'], '--kettle'],
  ])('refuses %j', (args, message) => {
    expect(() => parseBuildCorpusOptions(args, '/')).toThrow(message);
  });
});

describe('the report of build-corpus', () => {
  it('has a line for each project, the last lines of failures, the members that come as wheels, and the figure', () => {
    const projects: readonly BuiltProject[] = [
      { ...BUILT, wheels: ['rusty', 'fortran'] },
      {
        ...BUILT,
        name: 'cup',
        failure: {
          step: 'build',
          derivation: 'python3.11-lid-2.0',
          isMember: true,
          log: { phase: 'buildPhase', kind: 'missing module', detail: 'steam', lastLines: ['one', 'two'] },
        },
      },
      {
        ...BUILT,
        name: 'pot',
        version: null,
        failure: { step: 'generate', message: 'no\nsuch project', isOutside: false },
      },
    ];
    expect(buildCorpusReport(projects, { withChecks: false })).toEqual([
      'kettle 1.0: built (as wheels: rusty, fortran)',
      'cup 1.0: failed in building python3.11-lid-2.0, buildPhase: missing module: steam',
      '    one',
      '    two',
      'pot: failed to generate: no such project',
      '',
      'as wheels: fortran, rusty',
      '1 of 3 built',
    ]);
  });

  it('says of a build that was never begun that it was not tried', () => {
    const projects: readonly BuiltProject[] = [{ ...BUILT, failure: { step: 'not tried' } }];
    expect(buildCorpusReport(projects, { withChecks: false })[0]).toBe('kettle 1.0: not tried');
  });

  it('counts with tests how many run them and pass, before the last line', () => {
    const projects: readonly BuiltProject[] = [
      { ...BUILT, tests: { pass: true, text: '12 passed' } },
      { ...BUILT, name: 'cup', tests: { pass: false, text: 'no tests in the sdist' } },
    ];
    expect(buildCorpusReport(projects, { withChecks: true })).toEqual([
      'kettle 1.0: built; tests pass: 12 passed',
      'cup 1.0: built; tests do not pass: no tests in the sdist',
      '',
      'as wheels: none',
      '1 of 2 run their tests and pass',
      '2 of 2 built',
    ]);
  });
});
