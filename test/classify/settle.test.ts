import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { type SettleOptions, settle } from '../../src/classify/settle.ts';
import { packageFacts, pythonInput } from './support/package.ts';

function packageWith(given: Partial<PackageFacts['inputs']>, rest: Partial<PackageFacts> = {}): PackageFacts {
  const none = packageFacts();
  return { ...none, inputs: { ...none.inputs, ...given }, ...rest };
}

function options(given: Partial<SettleOptions> = {}): SettleOptions {
  return { has: () => true, unusableChecks: new Map(), checks: true, extras: 'available', ...given };
}

describe('settling on a package set', () => {
  it('keeps check inputs that the set has', () => {
    const { facts } = settle(
      packageWith({ nativeCheckInputs: [pythonInput('pytest'), pythonInput('mock')] }),
      options(),
    );
    expect(facts.inputs.nativeCheckInputs.map((entry) => entry.kind === 'python' && entry.name)).toEqual([
      'pytest',
      'mock',
    ]);
    expect(facts.check).toEqual({ runner: 'pytest', enabled: null, reason: null });
  });

  it('leaves out a check input that cannot be used, with the reason in the expression; its note is that of whoever found it', () => {
    const unusableChecks = new Map([['mock', 'the tests ask for mock<2, and 5.0 is used']]);
    const inputs = { nativeCheckInputs: [pythonInput('pytest'), pythonInput('mock')] };
    const { facts } = settle(packageWith(inputs), options({ unusableChecks }));
    expect(facts.inputs.nativeCheckInputs).toHaveLength(1);
    expect(facts.omissions).toEqual([
      { list: 'nativeCheckInputs', name: 'mock', reason: 'the tests ask for mock<2, and 5.0 is used' },
    ]);
    expect(facts.notes).toEqual([]);
  });

  it('runs no tests when they import what cannot be used', () => {
    const unusableChecks = new Map([['mock', 'it cannot be resolved with what is used']]);
    const inputs = { nativeCheckInputs: [pythonInput('mock', 'inference')] };
    const { facts } = settle(packageWith(inputs), options({ unusableChecks }));
    expect(facts.check).toEqual({
      runner: null,
      enabled: false,
      reason: 'the tests need mock, but it cannot be resolved with what is used',
    });
  });

  describe('with an import of some test files only', () => {
    const rare = { ...pythonInput('rare', 'inference'), neededBy: ['tests/deep/test_c.py', 'tests/test_b.py'] };
    const files = ['tests/test_a.py', 'tests/test_b.py', 'tests/deep/test_c.py'];
    const lacksRare = options({ has: (name) => name !== 'rare' });
    const nativeCheckInputs = [pythonInput('pytest'), rare];
    const check = { runner: 'pytest', enabled: null, reason: null, files } as const;

    it('leaves out these files, or the folder where there is nothing else in it, and runs the others', () => {
      const { facts } = settle(packageWith({ nativeCheckInputs }, { check }), lacksRare);
      const reason = 'needs rare, which the package set does not have';
      expect(facts.check.enabled).toBeNull();
      expect(facts.inputs.nativeCheckInputs).toEqual([pythonInput('pytest')]);
      expect(facts.disabledTestPaths).toEqual([
        { test: 'tests/deep', reason },
        { test: 'tests/test_b.py', reason },
      ]);
      expect(facts.notes.map(({ text }) => text)).toEqual([
        'the tests in tests/deep do not run: it needs rare, which the package set does not have',
        'the tests in tests/test_b.py do not run: it needs rare, which the package set does not have',
      ]);
    });

    it('leaves out the imports that nothing else needs', () => {
      const other = { ...pythonInput('other', 'inference'), neededBy: ['tests/test_b.py'] };
      const declared = { ...pythonInput('declared'), neededBy: ['tests/test_b.py'] };
      const inputs = { nativeCheckInputs: [pythonInput('pytest'), rare, other, declared] };
      const { facts } = settle(packageWith(inputs, { check }), lacksRare);
      expect(facts.inputs.nativeCheckInputs).toEqual([pythonInput('pytest'), declared]);
    });

    it.each([
      ['all files need it', { files: ['tests/test_b.py'] }, {}],
      ['the files are not known', { files: undefined }, {}],
      ['unittest runs them', { runner: 'unittest' }, {}],
      ['the release of nixpkgs cannot leave out some', {}, { disablesTestPaths: false }],
      ['a name would mean something to a shell', { files: [...files, '"$(x)"/test_d.py'] }, {}],
    ] as const)('runs none where %s', (_, own, given) => {
      const evil = { ...rare, neededBy: [...rare.neededBy, '"$(x)"/test_d.py'] };
      const hasEvil = own !== undefined && 'files' in own && own.files?.some((file) => file.includes('$')) === true;
      const inputs = { nativeCheckInputs: [pythonInput('pytest'), hasEvil ? evil : rare] };
      const { files: known, ...others } = { ...check, ...own };
      const checked = known === undefined ? others : { ...others, files: known };
      const { facts } = settle(packageWith(inputs, { check: checked }), { ...lacksRare, ...given });
      expect(facts.check).toMatchObject({
        enabled: false,
        reason: 'the tests need rare, which the package set does not have',
      });
      expect(facts.disabledTestPaths).toEqual([]);
    });
  });

  it('leaves a declared check input out when the set does not have it', () => {
    const { facts } = settle(
      packageWith({ nativeCheckInputs: [pythonInput('pytest'), pythonInput('rare')] }),
      options({ has: (name) => name !== 'rare' }),
    );
    expect(facts.inputs.nativeCheckInputs).toHaveLength(1);
    expect(facts.omissions).toEqual([{ list: 'nativeCheckInputs', name: 'rare', reason: 'not in the package set' }]);
    expect(facts.notes.map((note) => note.text)).toEqual([
      'rare is left out of nativeCheckInputs: not in the package set',
    ]);
  });

  it('runs no tests when they import what the set does not have', () => {
    const { facts } = settle(
      packageWith({ nativeCheckInputs: [pythonInput('rare', 'inference')] }),
      options({ has: (name) => name !== 'rare' }),
    );
    expect(facts.check).toEqual({
      runner: null,
      enabled: false,
      reason: 'the tests need rare, which the package set does not have',
    });
  });

  it('runs no tests with --no-checks', () => {
    const { facts } = settle(packageWith({ nativeCheckInputs: [pythonInput('pytest')] }), options({ checks: false }));
    expect(facts.inputs.nativeCheckInputs).toEqual([]);
    expect(facts.check.enabled).toBe(false);
  });

  it('leaves an extra out when the set lacks one of its packages, and names it', () => {
    const facts = packageWith(
      {},
      { optionalDependencies: { fast: [pythonInput('uvloop')], slow: [pythonInput('rare'), pythonInput('six')] } },
    );
    const settled = settle(facts, options({ has: (name) => name !== 'rare' })).facts;
    expect(Object.keys(settled.optionalDependencies)).toEqual(['fast']);
    expect(settled.omissions).toEqual([
      { list: 'optional-dependencies', name: 'slow', reason: 'rare is not in the package set' },
    ]);
  });

  it('gives back the build and run-time inputs that are missing', () => {
    const { missing } = settle(
      packageWith({ 'build-system': [pythonInput('rare')], dependencies: [pythonInput('six')] }),
      options({ has: (name) => name === 'six' }),
    );
    expect(missing.map(({ list, input: entry }) => [list, entry.name])).toEqual([['build-system', 'rare']]);
  });
});
