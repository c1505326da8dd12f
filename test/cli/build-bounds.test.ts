import { describe, expect, it } from 'vitest';
import { relaxations, withLiftedBounds } from '../../src/cli/closure/build-bounds.ts';
import { formatRequirement, parseRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import { packageFacts, python } from '../nix/support/facts.ts';

describe('build requirements that may exclude each other', () => {
  it('give up upper bounds, first those of projects that are bounded in several ways', () => {
    const wanted = ['setuptools<60,>=40', 'setuptools>=77', 'cython~=3.0', 'flit-core==3.*,!=3.2', 'wheel'];
    const attempts = relaxations(wanted.map((text) => parseRequirement(text)));
    expect(attempts.map((attempt) => attempt.map(formatRequirement))).toEqual([
      ['setuptools<60,>=40', 'setuptools>=77', 'cython~=3.0', 'flit-core!=3.2,==3.*', 'wheel'],
      ['setuptools>=40', 'setuptools>=77', 'cython~=3.0', 'flit-core!=3.2,==3.*', 'wheel'],
      ['setuptools>=40', 'setuptools>=77', 'cython', 'flit-core!=3.2', 'wheel'],
    ]);
  });
});

describe('build requirements of which some exclude each other', () => {
  it('keep the bounds of the others as long as that goes', () => {
    const wanted = ['setuptools<60', 'setuptools>=77', 'flit-core<4', 'flit-core>=3.2'];
    const attempts = relaxations(wanted.map((text) => parseRequirement(text)));
    expect(attempts.map((attempt) => attempt.map(formatRequirement))).toEqual([
      wanted,
      ['setuptools', 'setuptools>=77', 'flit-core<4', 'flit-core>=3.2'],
      ['setuptools', 'setuptools>=77', 'flit-core', 'flit-core>=3.2'],
      ['setuptools', 'setuptools>=77', 'flit-core', 'flit-core>=3.2'],
    ]);
  });
});

describe('bounds that the versions in use do not meet', () => {
  const versions = new Map([
    ['setuptools', parseVersion('84.2.1')],
    ['cython', parseVersion('3.1')],
  ]);
  const lift = (specifier: string) =>
    withLiftedBounds(
      [
        packageFacts({
          inputs: { 'build-system': [python('setuptools', { specifier }), python('unknown', { specifier: '<1' })] },
        }),
      ],
      (project) => versions.get(project) ?? null,
    )[0];

  it('are told with the version that is used, as a note too', () => {
    const facts = lift('<60');
    expect(facts?.liftedBuildBounds).toEqual([{ name: 'setuptools', specifier: '<60', version: '84.2.1' }]);
    expect(facts?.notes).toEqual([
      { kind: 'warning', text: 'to be built it asks for setuptools<60, and 84.2.1 is used', project: 'demo' },
    ]);
  });

  it.each(['', '>=77', '!=80'])('are none where %j is met', (specifier) => {
    expect(lift(specifier)).toMatchObject({ notes: [] });
    expect(lift(specifier)).not.toHaveProperty('liftedBuildBounds');
  });
});
