import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { packageFunction } from '../../src/nix/package-expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { packageFacts, python, toPrint } from './support/facts.ts';

/** The attributes of the expression as text without its indentation, and the notes. */
function printed(release: string, facts: PackageFacts): { readonly text: string; readonly notes: readonly string[] } {
  const { expression, notes } = packageFunction(toPrint(facts), { dialect: dialectFor(release), shadowedBy: 'pkgs' });
  const text = printExpression(expression);
  return {
    text: text.slice(text.indexOf('buildPythonPackage ')).replaceAll(/^ {2}/gmu, ''),
    notes: notes.map((note) => note.text),
  };
}

const PYTEST: PackageFacts = packageFacts({
  inputs: { nativeCheckInputs: [python('mock')] },
  check: { runner: 'pytest' },
  disabledTests: [
    { test: 'test_b', reason: 'needs the network' },
    { test: 'test_c[x]', reason: 'needs the network' },
  ],
  disabledTestPaths: [{ test: 'tests/a b', reason: 'needs a display' }],
});

describe('tests of pytest', () => {
  it.each(['17.09', '19.09'])(
    'are run by a phase of their own in the form of %s, pytest among the inputs',
    (release) => {
      const { text, notes } = printed(release, PYTEST);
      expect(text).toContain(`
checkInputs = [
  mock
  pytest
];

# tests/a b: needs a display
# test_b, test_c[x]: needs the network
checkPhase = ''
  runHook preCheck
  pytest --ignore='tests/a b' -k 'not test_b'
  runHook postCheck
'';
`);
      expect(notes).toEqual([`pytest of nixpkgs ${release} cannot be told to leave out test_c[x]: these tests run`]);
    },
  );

  it('are left out by files with flags of the hook in the form of 20.09', () => {
    expect(printed('20.09', { ...PYTEST, disabledTests: [] }).text).toContain(`
checkInputs = [
  mock
  pytestCheckHook
];

pytestFlagsArray = [
  # needs a display
  "--ignore='tests/a b'"
];
`);
  });

  it.each([
    ['it/tests.py', '\nenabledTestPaths = [ "it/tests.py" ];\n'],
    ['-p no:cacheprovider', '\npytestFlags = [\n  "-p"\n  "no:cacheprovider"\n];\n'],
  ])('that are named in PYTEST_ADDOPTS as %j are arguments of their own from 25.11 on', (options, attribute) => {
    const facts = packageFacts({ check: { runner: 'pytest' }, env: { PYTEST_ADDOPTS: [options] } });
    expect(printed('25.11', facts).text).toContain(attribute);
    expect(printed('25.11', facts).text).not.toContain('PYTEST_ADDOPTS');
    expect(printed('25.05', facts).text).toContain(`PYTEST_ADDOPTS = "${options}";`);
  });

  it('whose PYTEST_ADDOPTS the shell has to read keep it', () => {
    const facts = packageFacts({ check: { runner: 'pytest' }, env: { PYTEST_ADDOPTS: ["-k 'not a'"] } });
    expect(printed('26.05', facts).text).toContain(`PYTEST_ADDOPTS = "-k 'not a'";`);
  });
});

describe('tests of unittest', () => {
  it.each([
    ['17.09', 'checkPhase = '],
    ['22.05', 'checkPhase = '],
    ['22.11', 'checkInputs = [ unittestCheckHook ];'],
    ['23.05', 'nativeCheckInputs = [ unittestCheckHook ];'],
  ])('in the form of %s are run by %s', (release, attribute) => {
    const { text } = printed(release, packageFacts({ check: { runner: 'unittest' } }));
    expect(text).toContain(`\n${attribute}`);
    expect(text.includes('-m unittest discover')).toBe(attribute === 'checkPhase = ');
  });
});

describe('a package without tests', () => {
  it.each([
    ['16.03', false],
    ['18.03', true],
    ['21.05', true],
    ['21.11', false],
    ['24.05', false],
  ])('in the form of %s is kept from setup.py test: %s', (release, isKept) => {
    const { text } = printed(release, packageFacts({ check: { reason: 'no tests in the sdist' } }));
    expect(text.includes('\n# no tests in the sdist\ndoCheck = false;\n')).toBe(isKept);
  });
});

describe('a project that setuptools does not build', () => {
  const facts = packageFacts({ buildBackend: { name: 'hatchling.build', hasSetupScript: false } });

  it.each([
    ['18.03', null],
    ['19.09', 'format = "pyproject";'],
    ['21.11', 'format = "pyproject";'],
    ['23.11', 'pyproject = true;'],
  ])('says so in the form of %s by %s', (release, attribute) => {
    const { text, notes } = printed(release, facts);
    expect(/\n((?:format|pyproject) = .*)\n/u.exec(text)?.[1] ?? null).toBe(attribute);
    expect(notes.filter((note) => note.startsWith('it has no setup.py'))).toHaveLength(attribute === null ? 1 : 0);
  });

  it('needs no warning where it has a setup.py as well', () => {
    const both = packageFacts({ buildBackend: { name: 'flit_core.buildapi', hasSetupScript: true } });
    expect(printed('18.03', both).notes).toEqual([]);
  });
});
