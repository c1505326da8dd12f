import { describe, expect, it } from 'vitest';
import table from '../../src/nixpkgs/data/package-needs.json' with { type: 'json' };
import { certainPackageNeeds, packageNeeds } from '../../src/nixpkgs/package-needs.ts';

/** All that a project leads to. Fails where the table ends before its needs do: what lies behind would not be seen. */
function closureOf(project: string, release: string): ReadonlySet<string> {
  const reached = new Set([project]);
  for (const name of reached) {
    const needs = packageNeeds(name, release);
    if (needs === null) throw new Error(`${project} leads to ${name}, whose needs are not in the table`);
    for (const need of needs) reached.add(need);
  }
  return reached;
}

describe('what packages of the set need', () => {
  it.each(['pluggy', 'iniconfig', 'packaging', 'setuptools-scm', 'typing-extensions', 'six', 'attrs', 'py'])(
    'leads from pytest to %s, in every package set of the modern form',
    (project) => {
      for (const release of ['24.05', '25.11', 'unstable']) expect(closureOf('pytest', release)).toContain(project);
    },
  );

  it.each([
    ['hypothesis', 'sortedcontainers'],
    ['hypothesis', 'exceptiongroup'],
    ['pytest-xdist', 'execnet'],
    ['pytest-cov', 'coverage'],
    ['pytest-cov-stub', 'trove-classifiers'],
    ['pytest-httpserver', 'werkzeug'],
    ['pytest-mock', 'pytest'],
    ['freezegun', 'python-dateutil'],
    ['requests-mock', 'idna'],
    ['responses', 'certifi'],
    ['trustme', 'cffi'],
    ['virtualenv', 'filelock'],
    ['hatch-vcs', 'pluggy'],
    ['setuptools-scm', 'packaging'],
    ['pytest-trio', 'sniffio'],
  ])('leads from %s to %s', (tool, project) => {
    expect(closureOf(tool, '24.05')).toContain(project);
  });

  it.each(['toolz', 'datashape', 'numpy', 'pyyaml', 'requests', 'hypothesis', 'coverage', 'execnet'])(
    'does not lead from pytest to %s, whose tests can run',
    (project) => {
      expect(closureOf('pytest', '24.05')).not.toContain(project);
    },
  );

  it.each([
    ['mock', 'six'],
    ['pytest', 'py'],
    ['hypothesis', 'pytest'],
  ])('leads in the sets of 16.03 from %s to %s', (tool, project) => {
    expect(closureOf(tool, '16.03')).toContain(project);
  });

  it.each(['nobody-has-this', 'constructor', '__proto__', 'toString'])('is not known of %s', (project) => {
    expect(packageNeeds(project, '24.05')).toBeNull();
    expect(packageNeeds(project, '16.03')).toBeNull();
  });

  it.each(['modern', 'old'] as const)('is complete: the %s table has everything that it names', (part) => {
    const release = part === 'modern' ? '24.05' : '16.03';
    const projects = [...Object.keys(table[part]), ...(part === 'modern' ? Object.keys(table.modernByHand) : [])];
    for (const project of projects) expect(() => closureOf(project, release)).not.toThrow();
  });

  it('names nothing twice and no package as its own need', () => {
    for (const project of [...Object.keys(table.modern), ...Object.keys(table.modernByHand)]) {
      const needs = packageNeeds(project, '24.05') ?? [];
      expect(needs).toEqual([...new Set(needs)]);
      expect(needs).not.toContain(project);
    }
  });
});

it('what only earlier releases of a project needed is no certain need', () => {
  expect(packageNeeds('pytest', '24.05')).toEqual(expect.arrayContaining(['attrs', 'pluggy', 'py']));
  expect(certainPackageNeeds('pytest', '24.05')).toContain('pluggy');
  expect(certainPackageNeeds('pytest', '24.05')).not.toContain('attrs');
  expect(certainPackageNeeds('pytest', '16.03')).toEqual(packageNeeds('pytest', '16.03'));
});
