import { describe, expect, it } from 'vitest';
import { licenceAttribute } from '../../src/nixpkgs/licence-names.ts';
import { namesAfter } from '../../src/nixpkgs/oldest-release.ts';
import { builtinSet } from '../../src/nixpkgs/package-set.ts';
import { systemAttribute, systemSpellings } from '../../src/nixpkgs/system-names.ts';

describe('licences', () => {
  it.each([
    ['BSD-3-Clause', '24.05', 'bsd3'],
    ['GPL-3.0-or-later', '24.05', 'gpl3Plus'],
    ['GPL-3.0-only', '24.05', 'gpl3Only'],
    ['PSF-2.0', '24.05', 'psfl'],
    ['BSD-3-Clause', '16.03', 'bsd3'],
    ['GPL-3.0-or-later', '16.03', 'gpl3Plus'],
    ['AGPL-3.0-only', '20.03', 'agpl3'],
    ['AGPL-3.0-only', '20.09', 'agpl3Only'],
    ['ISC', '15.09', 'isc'],
    ['0BSD', '20.09', 'bsd0'],
    ['MIT-CMU', '24.11', 'mit-cmu'],
    ['MIT-CMU', 'unstable', 'mit-cmu'],
    ['LLVM-exception', '25.05', 'llvm-exception'],
    // 16.03 does not tell this version only from this version or later in its older names.
    ['GPL-3.0-only', '16.03', 'gpl3'],
    ['ZPL-2.1', '16.03', 'zpt21'],
    ['ZPL-2.1', '17.03', 'zpt21'],
    ['ZPL-2.1', '17.09', 'zpl21'],
    ['ZPL-2.0', '18.03', 'zpl20'],
    ['ZPL-2.1', '20.09', 'zpl21'],
    ['LicenseRef-Public-Domain', '16.03', 'publicDomain'],
    ['LicenseRef-Public-Domain', 'unstable', 'publicDomain'],
  ])('%s is in %s %s', (id, release, attribute) => {
    expect(licenceAttribute(id, release)).toBe(attribute);
  });

  it.each([
    ['0BSD', '16.03'],
    ['MIT-CMU', '24.05'],
    // Taken out of lib/licenses.nix, and brought back.
    ['LLVM-exception', '23.05'],
    ['LicenseRef-Odd', '24.05'],
    ['constructor', '24.05'],
    ['__proto__', '16.03'],
  ])('%s has no name in %s', (id, release) => {
    expect(licenceAttribute(id, release)).toBeNull();
  });
});

describe('names that came later than a release', () => {
  it('are told with the first release that has them, and others are not', () => {
    const names = {
      systems: ['zlib', 'libpq', 'pkg-config', 'llvm_20'],
      licences: ['MIT', 'MIT-CMU', 'JSON', 'LicenseRef-Odd'],
      packages: ['numpy', 'pytest-cov-stub'],
    };
    expect(namesAfter('24.05', names)).toEqual([
      { name: 'libpq', since: '25.05' },
      { name: 'llvm_20', since: '25.05' },
      { name: 'lib.licenses.mit-cmu', since: '24.11' },
      { name: 'lib.licenses.json', since: '26.05' },
      { name: 'pytest-cov-stub', since: '24.11' },
    ]);
    expect(namesAfter('26.05', names)).toEqual([]);
  });

  it('are not in the list of an older release', () => {
    expect(builtinSet('24.05').has('pytest-cov-stub')).toBe(false);
    expect(builtinSet('24.05').attributeOf('pytest-cov-stub')).toBeNull();
    expect(builtinSet('24.11').has('pytest-cov-stub')).toBe(true);
  });
});

describe('system libraries', () => {
  it.each([
    ['libxml2', '16.03', 'libxml2'],
    ['pkg-config', '16.03', 'pkgconfig'],
    ['libX11', '16.03', 'xorg.libX11'],
    ['libmysqlclient', '16.03', 'mysql.lib'],
    ['pkg-config', '18.03', 'pkgconfig'],
    ['pkg-config', '24.05', 'pkg-config'],
    ['alsa-lib', '21.05', 'alsaLib'],
    ['alsa-lib', '21.11', 'alsa-lib'],
    ['dbus-glib', '17.09', 'dbus_glib'],
    ['dbus-glib', '18.03', 'dbus-glib'],
    ['gdk-pixbuf', '18.03', 'gdk_pixbuf'],
    ['libX11', '18.03', 'xorg.libX11'],
    ['libX11', 'unstable', 'libX11'],
    ['libmysqlclient', '18.03', 'mysql.connector-c'],
    ['libmysqlclient', '20.03', 'libmysqlclient'],
    ['libpq', '18.03', 'postgresql'],
    ['libpq.pg_config', '24.11', 'postgresql'],
    ['libpq.pg_config', '25.05', 'libpq.pg_config'],
    ['util-linux', '18.03', 'utillinux'],
    ['constructor', '16.03', 'constructor'],
  ])('%s is in %s %s', (name, release, attribute) => {
    expect(systemAttribute(name, release)).toBe(attribute);
  });
  it('lists every spelling, the newest first, so that a nixpkgs is asked for the best one', () => {
    expect(systemSpellings('libmysqlclient')).toEqual([
      'libmysqlclient',
      'mariadb-connector-c',
      'mysql.connector-c',
      'mysql.lib',
    ]);
    expect(systemSpellings('libX11')).toEqual(['libX11', 'xorg.libX11', 'libx11']);
  });
});
