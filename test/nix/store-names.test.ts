import { describe, expect, it } from 'vitest';
import type { ArchiveSource } from '../../src/classify/package-facts.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { singleFile } from '../../src/nix/single-file.ts';
import { storeName } from '../../src/nix/store-name.ts';
import { describeWithNix } from '../support/nix.ts';
import { packageFacts, toPrint } from './support/facts.ts';
import { evaluateNix } from './support/nix.ts';

function archive(filename: string): ArchiveSource {
  return {
    kind: filename.endsWith('.whl') ? 'wheel' : 'sdist',
    filename,
    sha256: '1'.repeat(64),
    url: `https://files.test/${encodeURIComponent(filename)}`,
  };
}

/** Packages whose names, versions or files cannot stand as they are in a store path, an attribute or an argument. */
const ODD = [
  packageFacts({ name: 'epoch', version: '1!2.0', source: archive('epoch-1!2.0.tar.gz') }),
  packageFacts({ name: 'epoch-wheel', version: '1!2.0', source: archive('epoch_wheel-1!2.0-py3-none-any.whl') }),
  packageFacts({ name: 'local', version: '2.0+cu12.1', source: archive('local-2.0+cu12.1.tar.gz') }),
  packageFacts({ name: '3to2', version: '1.1', source: archive('3to2-1.1.zip') }),
  packageFacts({ name: 'with', version: '1.1', source: archive('with-1.1.tar.gz') }),
  packageFacts({ name: 'post', version: '1.0.post1', source: archive('post-1.0-1.tar.gz') }),
  packageFacts({ name: 'zope-x', version: '1.0', source: archive('zope.x-1.0.tar.gz') }),
];

function fileFor(release: string): string {
  const header = { program: 'pypi2nix', command: 'pypi2nix odd', namesFrom: 'no list', notChecked: [], use: ['with'] };
  return singleFile(
    ODD.map((facts) => toPrint(facts)),
    { dialect: dialectFor(release), header },
  ).text;
}

/** What the derivations and their sources are called. */
const NAMES = {
  '3to2': ['3to2-1.1', '3to2-1.1.zip'],
  epoch: ['epoch-1-2.0', 'epoch-1-2.0.tar.gz'],
  'epoch-wheel': ['epoch-wheel-1-2.0', 'epoch_wheel-1-2.0-py3-none-any.whl'],
  local: ['local-2.0+cu12.1', 'local-2.0+cu12.1.tar.gz'],
  post: ['post-1.0.post1', 'post-1.0-1.tar.gz'],
  with: ['with-1.1', 'with-1.1.tar.gz'],
  'zope-x': ['zope-x-1.0', 'zope.x-1.0.tar.gz'],
};

const NAMES_OF = `packages: names: builtins.listToAttrs (map (name: {
  inherit name;
  value = let each = packages.\${name}; in builtins.seq each.drvPath [
    (builtins.elemAt (builtins.match "python[0-9.]+-(.*)" each.name) 0) each.src.name
  ];
}) names)`;

describe('the name of a store path', () => {
  it.each([
    ['demo-1!2.0.tar.gz', 'demo-1-2.0.tar.gz'],
    ['.hidden', 'hidden'],
    ['a b/c', 'a-b-c'],
    ['...', 'source'],
    ['', 'source'],
  ])('of %j is %s', (name, stored) => {
    expect(storeName(name)).toBe(stored);
  });

  it.each([
    ['18.03', '      name = "epoch-1-2.0";\n'],
    ['19.09', '      name = "epoch-1-2.0";\n'],
    ['20.03', null],
    ['unstable', null],
  ])('is written out for %s where its builder takes the version as it is', (release, line) => {
    const text = fileFor(release);
    expect(/^ {6}name = "epoch-1.*\n/mu.exec(text)?.[0] ?? null).toBe(line);
    expect(text).not.toMatch(/^ *name = "with/mu);
  });
});

describeWithNix('odd names and versions', () => {
  const names = JSON.stringify(Object.keys(NAMES)).replaceAll(',', ' ');

  it.each(['24.05', '24.11', '26.05'])('evaluate in the form of %s', async (release) => {
    const value = await evaluateNix(
      `let python = (import <nixpkgs> { placeholders = [ "setuptools" ]; }).python3.override { packageOverrides = import ./python-packages.nix; };
      in (${NAMES_OF}) python.pkgs ${names}`,
      { files: new Map([['python-packages.nix', fileFor(release)]]) },
    );
    expect(value).toEqual(NAMES);
  });

  it.skipIf((process.env.NIXPKGS_18_03 ?? '') === '')('evaluate in the real 18.03', async () => {
    const value = await evaluateNix(
      `let python = (import <nixpkgs> { }).python36.override { packageOverrides = import ./python-packages.nix; };
      in (${NAMES_OF}) python.pkgs ${names}`,
      {
        files: new Map([['python-packages.nix', fileFor('18.03')]]),
        nixPath: `nixpkgs=${process.env.NIXPKGS_18_03 ?? ''}`,
      },
    );
    expect(value).toEqual(NAMES);
  });
});
