import { describe, expect, it } from 'vitest';
import { projectOf, versionOf } from '../../src/nixpkgs/project-of.ts';

const derivation = (name: string, more: { pname?: string; version?: string; url?: string } = {}) => ({
  name,
  pname: more.pname ?? null,
  version: more.version ?? null,
  url: more.url ?? null,
});

describe('the project of a derivation', () => {
  it.each([
    ['mirror://pypi/p/python-dateutil/python-dateutil-2.9.0.tar.gz', 'python-dateutil'],
    ['mirror://pypi/P/PyYAML/PyYAML-6.0.tar.gz', 'pyyaml'],
    ['https://index.test/packages/source/D/DataShape/datashape-0.5.1.tar.gz', 'datashape'],
    ['https://files.test/packages/ab/cd/0123456789abcdef/zope.interface-1.0.tar.gz', 'zope-interface'],
    ['https://files.test/packages/py2.py3/s/six/six-1.0-py2.py3-none-any.whl', 'six'],
  ])('is the one whose archive it fetches, %s', (url, project) => {
    expect(projectOf(derivation('python3.6-other-1.0', { pname: 'other', version: '1.0', url }), 'python3.6')).toBe(
      project,
    );
  });

  it.each([
    [
      derivation('python3.6-datashape-0.5.4', { pname: 'datashape', url: 'https://forge.test/archive/0.5.4.tar.gz' }),
      'datashape',
    ],
    [derivation('python3.5-zope.interface-4.1.1'), 'zope-interface'],
    [derivation('python3.5m-setuptools-19.4'), 'setuptools'],
    [derivation('python3.5-3to2-1.0'), '3to2'],
    [derivation('python3.5-${evil}'), null],
  ])('is else its pname or its name without interpreter and version', (found, project) => {
    const prefix = found.name.startsWith('python3.6') ? 'python3.6' : 'python3.5';
    expect(projectOf(found, prefix)).toBe(project);
  });

  it('has the version that it states, else that of its name, and none that is no version', () => {
    expect(versionOf(derivation('python3.6-a-1.0', { version: '2.0' }), 'python3.6')).toBe('2.0');
    expect(versionOf(derivation('python3.6-a-b-1.0'), 'python3.6')).toBe('1.0');
    expect(versionOf(derivation('python3.6-a'), 'python3.6')).toBeNull();
    expect(versionOf(derivation('python3.6-a-1.0', { version: '1"; exit' }), 'python3.6')).toBeNull();
  });
});
