import { describe, expect, it } from 'vitest';
import { dialectFor } from '../../src/nix/dialect.ts';
import { type FileHeader, singleFile } from '../../src/nix/single-file.ts';
import { toPrint } from './support/facts.ts';
import { releaseNames } from './support/release-names.ts';
import { MODERN_PACKAGES, SEED_PACKAGES } from './support/seed-packages.ts';

const HEADER: FileHeader = {
  program: 'pypi2nix 0.1.0',
  command: 'pypi2nix toolz datashape',
  namesFrom: 'the builtin list',
  notChecked: ['multipledispatch>=0.4.7', 'numpy>=1.7', 'setuptools>=77', 'setuptools-git-versioning>=2.0'],
  use: ['datashape', 'toolz'],
};

describe('one file', () => {
  it('in the form of 24.05 is the golden file to the byte', async () => {
    const packages = MODERN_PACKAGES.map((facts) => toPrint(facts, releaseNames('24.05')));
    const { text, notes } = singleFile(packages, { dialect: dialectFor('24.05'), header: HEADER });
    await expect(text).toMatchFileSnapshot('../golden/toolz-datashape.nix');
    expect(notes).toEqual([]);
  });

  it('in the form of 16.03 is the golden file to the byte', async () => {
    const packages = SEED_PACKAGES.map((facts) => toPrint(facts, releaseNames('16.03')));
    const header = {
      ...HEADER,
      command: 'pypi2nix --release 16.03 toolz==0.7.4 datashape==0.4.7 lxml==3.4.4 pyfftw==0.9.2',
      notChecked: [],
      use: ['toolz', 'datashape', 'lxml', 'pyfftw'],
    };
    const { text, notes } = singleFile(packages, { dialect: dialectFor('16.03'), header });
    await expect(text).toMatchFileSnapshot('../golden/seed-16.03.nix');
    expect(notes).toEqual([]);
  });

  it('does not depend on the order of packages and inputs', () => {
    const dialect = dialectFor('24.05');
    const packages = MODERN_PACKAGES.map((facts) => toPrint(facts));
    const turned = MODERN_PACKAGES.map((facts) => {
      const inputs = Object.fromEntries(Object.entries(facts.inputs).map(([list, all]) => [list, [...all].reverse()]));
      return toPrint({ ...facts, inputs: { ...facts.inputs, ...inputs } });
    }).reverse();
    expect(singleFile(turned, { dialect, header: HEADER })).toEqual(singleFile(packages, { dialect, header: HEADER }));
  });
});
