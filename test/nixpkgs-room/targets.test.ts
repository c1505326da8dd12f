import { describe, expect, it } from 'vitest';
import { markerEnvironments, targetsOf } from '../../src/nixpkgs/targets.ts';

describe('default targets', () => {
  it('have PyPy where it has a set of packages, as Python 2.7', () => {
    const withPyPy = ['16.03', '20.09', '21.05', 'unstable'].map((release) => targetsOf(release).implementations);
    expect(withPyPy.map((all) => all.includes('pypy'))).toEqual([true, true, false, false]);
  });

  it('are refused for what is no release', () => {
    expect(() => targetsOf('24.06')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_RELEASE' }));
  });

  it.each([
    ['16.03', ['2.7', '3.3', '3.4', '3.5'], '3.5'],
    ['18.03', ['2.7', '3.4', '3.5', '3.6'], '3.6'],
    ['20.09', ['2.7', '3.6', '3.7', '3.8', '3.9'], '3.8'],
    ['22.11', ['3.7', '3.8', '3.9', '3.10', '3.11'], '3.10'],
    ['24.05', ['3.9', '3.10', '3.11', '3.12'], '3.11'],
    ['unstable', ['3.11', '3.12', '3.13', '3.14', '3.15'], '3.13'],
    [null, ['3.11', '3.12', '3.13', '3.14', '3.15'], '3.13'],
  ])('of %s are %j with %s first', (release, pythons, defaultPython) => {
    expect(targetsOf(release)).toMatchObject({ pythons, defaultPython });
    expect(pythons).toContain(defaultPython);
  });
});

describe('what markers see', () => {
  it('is one world for each interpreter and platform', () => {
    expect(markerEnvironments(['3.12', '3.13'], ['x86_64-linux', 'aarch64-darwin'])).toHaveLength(4);
  });

  it('is spelled as Python spells it', () => {
    expect(
      markerEnvironments(['3.13'], ['x86_64-linux', 'aarch64-linux', 'x86_64-darwin', 'aarch64-darwin']),
    ).toMatchObject([
      { python_version: '3.13', python_full_version: '3.13.0', sys_platform: 'linux', platform_machine: 'x86_64' },
      { sys_platform: 'linux', platform_system: 'Linux', platform_machine: 'aarch64', os_name: 'posix' },
      { sys_platform: 'darwin', platform_system: 'Darwin', platform_machine: 'x86_64' },
      {
        sys_platform: 'darwin',
        platform_machine: 'arm64',
        implementation_name: 'cpython',
        platform_python_implementation: 'CPython',
      },
    ]);
  });

  it('on PyPy is its own implementation', () => {
    const worlds = markerEnvironments(['2.7', '3.5'], ['x86_64-linux'], ['cpython', 'pypy']);
    expect(
      worlds.map(
        ({ python_version, platform_python_implementation }) => `${platform_python_implementation} ${python_version}`,
      ),
    ).toEqual(['CPython 2.7', 'CPython 3.5', 'PyPy 2.7']);
  });
});
