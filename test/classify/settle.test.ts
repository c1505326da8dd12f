import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { type SettleOptions, settle } from '../../src/classify/settle.ts';
import { packageFacts, pythonInput } from './support/package.ts';

function packageWith(given: Partial<PackageFacts['inputs']>, rest: Partial<PackageFacts> = {}): PackageFacts {
  const none = packageFacts();
  return { ...none, inputs: { ...none.inputs, ...given }, ...rest };
}

function options(given: Partial<SettleOptions> = {}): SettleOptions {
  return { has: () => true, cycles: new Map(), checks: true, extras: 'available', ...given };
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

  it('runs no tests when a check input leads back to the package', () => {
    const cycles = new Map([['pytest', ['pytest', 'pluggy']]]);
    const { facts } = settle(packageWith({ nativeCheckInputs: [pythonInput('pytest')] }), options({ cycles }));
    expect(facts.check).toEqual({ runner: null, enabled: false, reason: 'pytest needs pluggy' });
    expect(facts.inputs.nativeCheckInputs).toEqual([]);
    expect(facts.notes).toEqual([
      { kind: 'omitted', text: 'its tests do not run: pytest needs pluggy', project: 'it' },
    ]);
  });

  it('tells each step of a longer way back', () => {
    const cycles = new Map([['pytest-xdist', ['pytest-xdist', 'pytest', 'pluggy']]]);
    const { facts } = settle(packageWith({ nativeCheckInputs: [pythonInput('pytest-xdist')] }), options({ cycles }));
    expect(facts.check.reason).toBe('pytest-xdist needs pytest, which needs pluggy');
  });

  it('sees the way back through the runner that no list names', () => {
    const cycles = new Map([['pytest', ['pytest', 'iniconfig']]]);
    expect(settle(packageWith({}), options({ cycles })).facts.check.enabled).toBe(false);
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
