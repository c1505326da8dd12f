import { describe, expect, it } from 'vitest';
import { mendedRequirement } from '../../../src/metadata/wheel/mended-requirement.ts';
import { formatRequirement } from '../../../src/pep/requirement.ts';

describe('mendedRequirement', () => {
  it.each([
    ['elasticsearch-dsl (>=7.2.0<8.0.0)', 'elasticsearch-dsl<8.0.0,>=7.2.0', 'a missing comma'],
    ['jupyter-core (!=~5.0,>=4.12)', 'jupyter-core!=5.0.*,>=4.12', 'a tilde in place of a pattern'],
    ['torch (>=1.9.*)', 'torch>=1.9', 'a pattern after a comparison'],
    ['pyzmq (!=3.0*,>=2)', 'pyzmq!=3.0.*,>=2', 'a missing dot'],
    ['requests (>=2.0,)', 'requests>=2.0', null],
    ['botocore >=1.3.0,<1.4.0,', 'botocore<1.4.0,>=1.3.0', null],
    ["sphinx '>=3.6'", 'sphinx>=3.6', 'stray quotes'],
    ["black>=22'; python_version >= '3.7'", 'black>=22; python_version >= "3.7"', 'stray quotes'],
    ['six (>=1.0)', 'six>=1.0', null],
  ])('reads %j', (text, requirement, mended) => {
    const found = mendedRequirement(text);

    expect(found === null ? null : formatRequirement(found.requirement)).toBe(requirement);
    if (mended !== null) expect(found?.mended).toBe(mended);
  });

  it.each(['', 'six >= one', '>=1', 'six @', `six ${'>=1.'.repeat(10_000)}`])('gives up on %.20j', (text) => {
    expect(mendedRequirement(text)).toBeNull();
  });
});
