import { generationOf } from './releases.ts';

/** Names in a current nixpkgs whose library or tool 16.03 has under another name. */
const NAMES_OF_16_03: Readonly<Record<string, string>> = {
  'alsa-lib': 'alsaLib',
  'at-spi2-core': 'at_spi2_core',
  'dbus-glib': 'dbus_glib',
  enchant2: 'enchant',
  enchant_2: 'enchant',
  'gdk-pixbuf': 'gdk_pixbuf',
  'gobject-introspection': 'gobjectIntrospection',
  krb5: 'krb5Full',
  lapack: 'liblapack',
  libGL: 'mesa',
  libGLU: 'mesa',
  libX11: 'xorg.libX11',
  libXScrnSaver: 'xorg.libXScrnSaver',
  libXcursor: 'xorg.libXcursor',
  libXext: 'xorg.libXext',
  libXft: 'xorg.libXft',
  libXi: 'xorg.libXi',
  libXinerama: 'xorg.libXinerama',
  libXrandr: 'xorg.libXrandr',
  libXrender: 'xorg.libXrender',
  libXt: 'xorg.libXt',
  libXtst: 'xorg.libXtst',
  'libgpg-error': 'libgpgerror',
  libltdl: 'libtool',
  libmysqlclient: 'mysql.lib',
  libpq: 'postgresql',
  'libpq.pg_config': 'postgresql',
  'libsForQt5.qtbase': 'qt5.qtbase',
  'libtorrent-rasterbar': 'libtorrentRasterbar',
  libxcb: 'xorg.libxcb',
  'mariadb-connector-c': 'mysql.lib',
  mpi: 'openmpi',
  'pkg-config': 'pkgconfig',
  sdl2: 'SDL2',
  'util-linux': 'utillinux',
  'v4l-utils': 'v4l_utils',
  'wayland-scanner': 'wayland',
};

/**
 * The attribute (or attribute path, with dots) of a system library or tool in a release, from its attribute in a current nixpkgs.
 * A name without a known other spelling is its own.
 */
export function systemAttribute(name: string, release: string): string {
  if (generationOf(release) !== '16.03') return name;
  return Object.hasOwn(NAMES_OF_16_03, name) ? (NAMES_OF_16_03[name] ?? name) : name;
}
