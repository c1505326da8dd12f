import { describe, expect, it } from 'vitest';
import { licenceAttribute } from '../../src/nixpkgs/licence-names.ts';
import { systemAttribute, systemSpellings } from '../../src/nixpkgs/system-names.ts';

describe('licences', () => {
  it.each([
    ['BSD-3-Clause', '24.05', 'bsd3'],
    ['GPL-3.0-or-later', '24.05', 'gpl3Plus'],
    ['GPL-3.0-only', '24.05', 'gpl3Only'],
    ['PSF-2.0', '24.05', 'psfl'],
    ['BSD-3-Clause', '16.03', 'bsd3'],
    ['GPL-3.0-or-later', '16.03', 'gpl3Plus'],
    // 16.03 does not tell this version only from this version or later in its older names.
    ['GPL-3.0-only', '16.03', 'gpl3'],
    ['ZPL-2.1', '16.03', 'zpt21'],
    ['ZPL-2.1', '17.03', 'zpt21'],
    ['ZPL-2.1', '17.09', 'zpl21'],
    ['ZPL-2.0', '18.03', 'zpl20'],
    ['ZPL-2.1', '20.09', 'zpl21'],
  ])('%s is in %s %s', (id, release, attribute) => {
    expect(licenceAttribute(id, release)).toBe(attribute);
  });

  it.each([
    ['0BSD', '16.03'],
    ['LicenseRef-Odd', '24.05'],
    ['constructor', '24.05'],
    ['__proto__', '16.03'],
  ])('%s has no name in %s', (id, release) => {
    expect(licenceAttribute(id, release)).toBeNull();
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
