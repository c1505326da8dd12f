import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { packageFunction } from '../../src/nix/package-expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { type FactsOverrides, packageFacts, python, toPrint } from './support/facts.ts';

const LIFTED: FactsOverrides = {
  inputs: { 'build-system': [python('cython', { specifier: '<3' }), python('setuptools', { specifier: '<60' })] },
  liftedBuildBounds: [
    { name: 'cython', specifier: '<3', version: '3.1.2' },
    { name: 'setuptools', specifier: '<60', version: '84.2.1' },
  ],
};

function printed(facts: PackageFacts, release: string): string {
  return printExpression(
    packageFunction(toPrint(facts), { dialect: dialectFor(release), shadowedBy: 'pkgs' }).expression,
  );
}

describe('bounds of build requirements that the versions in use do not meet', () => {
  it('are not checked by the builder, and the expression says which they are', () => {
    expect(printed(packageFacts(LIFTED), '24.05')).toContain(`
  build-system = [
    cython
    setuptools
  ];

  # the build asks for cython<3, and 3.1.2 is used
  # the build asks for setuptools<60, and 84.2.1 is used
  pypaBuildFlags = [ "--skip-dependency-check" ];
`);
  });

  it.each([
    ['the builder of nixpkgs 16.03, which checks none', '16.03', {}],
    [
      'a wheel, which is not built',
      '24.05',
      {
        source: {
          kind: 'wheel',
          filename: 'demo-1.0-py3-none-any.whl',
          sha256: '0'.repeat(64),
          url: 'https://x.test/',
        },
      },
    ],
  ] as const)('are no matter for %s', (_name, release, more) => {
    expect(printed(packageFacts({ ...LIFTED, ...more }), release)).not.toContain('pypaBuildFlags');
  });
});
