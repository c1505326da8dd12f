import { describe, expect, it } from 'vitest';
import { HELPERS } from '../../src/nix/scope.ts';
import { BOOTSTRAP_PROJECTS } from '../../src/nixpkgs/bootstrap.ts';
import { builtinSet } from '../../src/nixpkgs/package-set.ts';

describe('the builtin list of a modern nixpkgs', () => {
  const set = builtinSet('26.05');

  it.each([
    ...[
      'calver',
      'cffi',
      'cython',
      'flit-core',
      'hatch-vcs',
      'hatchling',
      'maturin',
      'meson-python',
      'multipledispatch',
      'numpy',
    ],
    ...[
      'pdm-backend',
      'poetry-core',
      'pybind11',
      'pydantic-core',
      'pytest',
      'pytest-cov-stub',
      'python-dateutil',
      'rpds-py',
    ],
    ...[
      'scikit-build-core',
      'setuptools',
      'setuptools-git-versioning',
      'setuptools-rust',
      'setuptools-scm',
      'trove-classifiers',
    ],
    ...['typing-inspection', 'uv-build', 'versioneer', 'versioningit', ...BOOTSTRAP_PROJECTS],
  ])('has %s under its own name', (project) => {
    expect(set.attributeOf(project)).toEqual({ attribute: project, version: null });
  });

  it.each([
    ['pygobject', 'pygobject3'],
    ['mysql-connector-python', 'mysql-connector'],
  ])('has %s as %s', (project, attribute) => {
    expect(set.attributeOf(project)?.attribute).toBe(attribute);
  });

  it.each(['lib', 'pkgs', 'stdenv', 'python', 'override', 'no-such-project', '__proto__', 'constructor'])(
    'has no project %s',
    (project) => {
      expect(set.attributeOf(project)).toBeNull();
    },
  );

  it.each([
    'pytestCheckHook',
    'unittestCheckHook',
    'buildPythonPackage',
    'fetchPypi',
    'pythonOlder',
    'isPyPy',
    'lib',
    'pkgs',
  ])('has the helper %s', (name) => {
    expect(set.has(name)).toBe(true);
  });

  it.each([
    ['libxml2', true],
    ['libxslt', true],
    ['cmake', true],
    ['zlib', false],
    ['openssl', false],
    ['pkg-config', false],
  ])('knows whether %s is the name of a Python package too', (name, shadowed) => {
    expect(set.shadowedByPython(name)).toBe(shadowed);
  });

  it('never gives a generated package the name of a helper', () => {
    expect(set.attributeForGenerated('lib')).toBe('python-lib');
    expect(set.attributeForGenerated('fetchurl')).toBe('python-fetchurl');
    expect(HELPERS.filter((name) => set.attributeForGenerated(name) === name)).toEqual([]);
    expect(set.attributeForGenerated('toolz')).toBe('toolz');
    expect(set.attributeForGenerated('brand-new')).toBe('brand-new');
  });
});

describe('the builtin list of 16.03', () => {
  const set = builtinSet('16.03');

  it.each([
    ['python-dateutil', 'dateutil', '2.4.2'],
    ['toolz', 'toolz', '0.7.4'],
    ['pyyaml', 'pyyaml', '3.11'],
    ['babel', 'Babel', '2.2.0'],
    ['pytest', 'pytest', '2.7.3'],
    ['enum34', 'enum34', '1.0.4'],
  ])('has %s as %s %s', (project, attribute, version) => {
    expect(set.attributeOf(project)).toEqual({ attribute, version });
  });

  it('tells the other attributes of a project, the newest first', () => {
    const others = set.othersOf('django').map(({ entry }) => `${entry.attribute} ${entry.version}`);
    expect(set.attributeOf('django')?.attribute).toBe('django');
    expect(others).toEqual([
      'django_1_9 1.9.4',
      'django_1_8 1.8.11',
      'django_1_7 1.7.11',
      'django_gis 1.7.11',
      'django_1_6 1.6.11',
      'django_1_5 1.5.12',
    ]);
    expect(set.othersOf('no-such-project')).toEqual([]);
  });

  it('stands for the releases around it', () => {
    expect(builtinSet('15.09').attributeOf('python-dateutil')).toEqual(
      builtinSet('16.09').attributeOf('python-dateutil'),
    );
  });
});

describe('the builtin list of 18.03', () => {
  it('prefers the PEP 503 name where a project has several attributes (dateutil, python-dateutil)', () => {
    expect(builtinSet('18.03').attributeOf('python-dateutil')?.attribute).toBe('python-dateutil');
    expect(builtinSet('18.03').attributeOf('babel')?.attribute).toBe('Babel');
  });
});

it('what is no release is refused', () => {
  expect(() => builtinSet('16.04')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_RELEASE', exit: 2 }));
});
