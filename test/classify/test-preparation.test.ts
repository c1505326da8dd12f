import { describe, expect, it } from 'vitest';
import { testPreparation } from '../../src/classify/test-preparation.ts';
import type { TestFacts } from '../../src/metadata/release-facts.ts';
import { sdistFacts, someTests } from './support/facts.ts';

function scriptsFor(tests: Partial<TestFacts>, uncompiled: readonly string[] = []): string[] {
  const facts = sdistFacts({ tests: someTests([], { collected: ['tests/test_it.py'], ...tests }), uncompiled });
  return testPreparation(facts, ['boil']).map(({ script }) => script);
}

describe('the preparation of tests', () => {
  it('puts the programs of the project where tests find them', () => {
    const run = (command: string) => ({ commands: [{ command, file: 'tests/test_it.py', line: 3 }] });
    expect(scriptsFor(run('boil'))).toEqual(['export PATH=$out/bin:$PATH']);
    expect(scriptsFor(run('git'))).toEqual([]);
  });

  it('takes away sources that hide compiled modules', () => {
    expect(scriptsFor({}, ['kettle', 'lid'])).toEqual(['rm -r kettle lid']);
  });

  it.each<[string, Partial<TestFacts>]>([
    ['a test lies in them', { collected: ['kettle/test_it.py', 'tests/test_it.py'] }],
    ['a helper of tests lies in them', { files: ['kettle/tests/helper.py'] }],
    ['not all tests are known', { collected: null }],
    ['their doctests are run', { pytestOptions: '--doctest-modules' }],
  ])('leaves sources where %s', (_, tests) => {
    expect(scriptsFor(tests, ['kettle'])).toEqual([]);
  });
});
