import { generationOf } from './releases.ts';

/** Names in a current nixpkgs whose library or tool 16.03 has under another name. */
const NAMES_OF_16_03: Readonly<Record<string, string>> = {
  'alsa-lib': 'alsaLib',
  'dbus-glib': 'dbus_glib',
  enchant2: 'enchant',
  'gobject-introspection': 'gobjectIntrospection',
  krb5: 'krb5Full',
  lapack: 'liblapack',
  libGL: 'mesa',
  libGLU: 'mesa',
  libX11: 'xorg.libX11',
  'libgpg-error': 'libgpgerror',
  libltdl: 'libtool',
  libmysqlclient: 'mysql.lib',
  libpq: 'postgresql',
  libxcb: 'xorg.libxcb',
  'mariadb-connector-c': 'mysql.lib',
  mpi: 'openmpi',
  'pkg-config': 'pkgconfig',
  sdl2: 'SDL2',
};

/**
 * The attribute (or attribute path, with dots) of a system library or tool in a release, from its attribute in a current nixpkgs.
 * A name without a known other spelling is its own.
 */
export function systemAttribute(name: string, release: string): string {
  if (generationOf(release) !== '16.03') return name;
  return Object.hasOwn(NAMES_OF_16_03, name) ? (NAMES_OF_16_03[name] ?? name) : name;
}
