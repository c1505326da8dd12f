import { describe, expect, it } from 'vitest';
import { dialectFor } from '../../src/nix/dialect.ts';
import { packageFunction } from '../../src/nix/package-expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { type FactsOverrides, packageFacts, python, toPrint } from './support/facts.ts';

const LEADS_BACK: FactsOverrides = {
  inputs: { nativeCheckInputs: [python('mock')] },
  check: { runner: 'pytest', enabled: false, reason: 'pytest needs demo', elsewhere: true },
  disabledTests: [{ test: 'test_slow', reason: 'takes an hour' }],
};

function printed(facts: FactsOverrides, { release = '24.05', attribute = 'demo' } = {}): string {
  const printable = { ...toPrint(packageFacts(facts)), attribute };
  return printExpression(packageFunction(printable, { dialect: dialectFor(release), shadowedBy: 'pkgs' }).expression);
}

describe('tests that would lead back to the package', () => {
  it('are written whole, and run by the package of the set once more', () => {
    expect(printed(LEADS_BACK)).toBe(`{
  buildPythonPackage,
  fetchPypi,

  # tests
  demo,
  mock,
  pytestCheckHook,
}:

buildPythonPackage rec {
  pname = "demo";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    inherit pname version;
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };

  # pytest needs demo
  doCheck = false;

  nativeCheckInputs = [
    mock
    pytestCheckHook
  ];

  disabledTests = [
    # takes an hour
    "test_slow"
  ];

  passthru.tests.pytest = demo.overridePythonAttrs { doCheck = true; };
}
`);
  });

  it.each([
    ['unittest', 'passthru.tests.unittest = demo.overridePythonAttrs { doCheck = true; };'],
    [null, 'passthru.tests.check = demo.overridePythonAttrs { doCheck = true; };'],
  ] as const)('are called after their runner: %s', (runner, expected) => {
    expect(printed({ ...LEADS_BACK, check: { ...LEADS_BACK.check, runner } })).toContain(expected);
  });

  it('are run by a package whose attribute is no name of an argument, too', () => {
    expect(printed(LEADS_BACK, { attribute: '3to2' })).toContain(
      'passthru.tests.pytest = python.pkgs."3to2".overridePythonAttrs { doCheck = true; };',
    );
  });

  it('are nowhere when they do not run', () => {
    const text = printed({ ...LEADS_BACK, check: { runner: null, enabled: false, reason: 'why' } });
    expect(text).not.toContain('passthru');
    expect(text).not.toContain('mock');
  });
});
