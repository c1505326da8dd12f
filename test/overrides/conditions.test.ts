import { describe, expect, it } from 'vitest';
import { preferredFormat, ruleHolds } from '../../src/overrides/conditions.ts';
import { MODERN, OLD, rulesOf } from './support/facts.ts';

function holds(when: string, { version = '1.2', context = MODERN } = {}): boolean {
  const [rule] = rulesOf(`[[rule]]\nwhen = { ${when} }\ndoCheck = false\nreason = "r"\n`);
  if (rule === undefined) throw new Error('no rule');
  return ruleHolds(rule, version, context);
}

describe('ruleHolds', () => {
  it.each([
    ['version = ">=1,<2"', '1.2', true],
    ['version = ">=1,<2"', '2.0', false],
    ['version = "<2"', '2.0rc1', false],
    ['version = ">=1"', '2.0rc1', true],
    ['version = "==1.*"', '1.9.post1', true],
  ])('limits by %s: %s is %s', (when, version, expected) => {
    expect(holds(when, { version })).toBe(expected);
  });

  it.each([
    ['>=22.11', '22.11', true],
    ['>=22.11', '22.05', false],
    ['>=22.05,<24.05', '23.11', true],
    ['!=16.03', '16.03', false],
    ['>=22.11', 'unstable', true],
    ['<26.05', 'unstable', false],
    ['>=24.05', null, true],
    ['<26.05', null, false],
  ])('limits the release of nixpkgs to %s: %s is %s', (bounds, release, expected) => {
    expect(holds(`nixpkgs = "${bounds}"`, { context: { ...MODERN, release } })).toBe(expected);
  });

  it('takes a marker that is true on one of the targets', () => {
    expect(holds(`marker = 'python_version >= "3.13"'`)).toBe(true);
    expect(holds(`marker = 'python_version >= "3.13"'`, { context: OLD })).toBe(false);
  });

  it('wants all conditions', () => {
    expect(holds(`version = ">=1", nixpkgs = "<17.03"`)).toBe(false);
    expect(holds(`version = ">=1", nixpkgs = "<17.03"`, { context: OLD })).toBe(true);
  });
});

describe('preferredFormat', () => {
  it('is what the last rule says that holds', () => {
    const rules = rulesOf(`
[[rule]]
format = "wheel"
reason = "needs Fortran"
[[rule]]
when = { version = ">=2" }
format = "sdist"
reason = "builds since 2"
`);
    expect(preferredFormat(rules, '1.2', MODERN)).toBe('wheel');
    expect(preferredFormat(rules, '2.0', MODERN)).toBe('sdist');
    expect(preferredFormat([], '2.0', MODERN)).toBeNull();
  });
});
