import { describe, expect, it } from 'vitest';
import { metaOfSdist } from '../../src/classify/meta.ts';
import { sdistFacts, setupScript } from './support/facts.ts';

function description(text: string): string | null {
  const script = setupScript({ description: { kind: 'known', value: text, place: { file: 'setup.py' } } });
  return metaOfSdist(sdistFacts({ setupScript: script }), { name: 'sample-lib', version: '1.0' }).description;
}

describe('the description', () => {
  it.each([
    ['has no final full stop', 'Does this.', 'Does this'],
    ['keeps an ellipsis', 'Does this...', 'Does this...'],
    ['is one line', 'Does\n  this', 'Does this'],
    ['does not begin with the name and a dash', 'Sample.Lib - does this', 'does this'],
    ['does not begin with the name and two dashes', 'sample_lib -- does this', 'does this'],
    ['does not begin with the name and a colon', 'sample-lib: does this', 'does this'],
    ['keeps the name within a sentence', 'sample-lib does this', 'sample-lib does this'],
    ['keeps what stands before a dash otherwise', 'Python 2 - 3 converter', 'Python 2 - 3 converter'],
  ])('%s', (_, summary, expected) => {
    expect(description(summary)).toBe(expected);
  });

  it('is none where the metadata says that it is unknown', () => {
    expect(description('UNKNOWN')).toBeNull();
  });
});
