import { describe, expect, it } from 'vitest';
import { askedExtras, withKnownExtras } from '../../src/cli/closure/asked-extras.ts';
import { packageFacts, python } from '../nix/support/facts.ts';

const user = packageFacts({
  name: 'user',
  inputs: {
    dependencies: [python('tree', { extras: ['fruit', 'shade'] }), python('other', { extras: ['any'] })],
    nativeCheckInputs: [python('tree', { extras: ['nuts'] })],
  },
});

describe('extras that packages ask of each other', () => {
  it('are collected from every list of inputs', () => {
    expect(Object.fromEntries(askedExtras([user]))).toEqual({ tree: ['fruit', 'shade', 'nuts'], other: ['any'] });
  });

  it('are left out where nothing belongs to them, and kept for packages that are not generated', () => {
    const tree = packageFacts({ name: 'tree', optionalDependencies: { fruit: [python('leaf')], shade: [] } });
    const { packages, errors } = withKnownExtras([user, tree], [user, tree]);
    expect(errors).toEqual([]);
    expect(packages[0]?.inputs.dependencies).toMatchObject([
      { name: 'tree', extras: ['fruit'] },
      { name: 'other', extras: ['any'] },
    ]);
    expect(packages[0]?.inputs.nativeCheckInputs).toMatchObject([{ name: 'tree', extras: [] }]);
    expect(packages[0]?.notes).toEqual([]);
  });

  it('that the package set cannot meet are an error for what runs, and a note for what tests', () => {
    const declared = packageFacts({
      name: 'tree',
      optionalDependencies: { fruit: [python('leaf')], nuts: [python('walnut')] },
    });
    const settled = { ...declared, optionalDependencies: {} };
    const { packages, errors } = withKnownExtras([user, settled], [user, declared]);
    expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'E_NOT_IN_PACKAGE_SET: user needs tree[fruit], to which projects belong that the package set does not have',
    ]);
    expect(packages[0]?.notes).toEqual([
      {
        kind: 'omitted',
        text: 'the extra nuts of tree is left out: the package set lacks what belongs to it',
        project: 'user',
      },
    ]);
  });
});
