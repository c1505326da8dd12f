import { sortedUnique } from '../base/text.ts';

/**
 * Names in a current nixpkgs whose library or tool had other names before: each with the first release that does not have it any more, oldest first.
 * Read in the sets of 16.03 to 18.03; later ones from the dates of the aliases in nixpkgs. Where only the year is sure, the old name stands for the longer
 * time, because an alias keeps it.
 */
const OLDER_NAMES: Readonly<Record<string, readonly OlderName[]>> = {
  'alsa-lib': [['alsaLib', '21.11']],
  'at-spi2-core': [['at_spi2_core', '18.03']],
  'dbus-glib': [['dbus_glib', '18.03']],
  enchant2: [['enchant', '24.05']],
  enchant_2: [['enchant', '24.05']],
  'gdk-pixbuf': [['gdk_pixbuf', '19.09']],
  'gobject-introspection': [['gobjectIntrospection', '19.03']],
  krb5: [['krb5Full', '23.05']],
  lapack: [['liblapack', '20.09']],
  libGL: [['mesa', '18.03']],
  libGLU: [['mesa', '18.03']],
  'libgpg-error': [['libgpgerror', '21.11']],
  libltdl: [['libtool', '24.05']],
  libmysqlclient: [
    ['mysql.lib', '18.03'],
    ['mysql.connector-c', '19.09'],
    ['mariadb-connector-c', '20.03'],
  ],
  // Apart from the server since 25.05, which then has its `pg_config` apart too.
  libpq: [['postgresql', '25.05']],
  'libpq.pg_config': [['postgresql', '25.05']],
  'libsForQt5.qtbase': [['qt5.qtbase', '21.05']],
  'libtorrent-rasterbar': [['libtorrentRasterbar', '21.05']],
  'mariadb-connector-c': [
    ['mysql.lib', '18.03'],
    ['mysql.connector-c', '19.09'],
  ],
  mpi: [['openmpi', '21.05']],
  'pkg-config': [['pkgconfig', '18.09']],
  sdl2: [['SDL2', '24.05']],
  'util-linux': [['utillinux', '21.05']],
  'v4l-utils': [['v4l_utils', '20.03']],
  'wayland-scanner': [['wayland', '21.05']],
  ...inXorg(
    'libX11 libXScrnSaver libXcursor libXext libXft libXi libXinerama libXrandr libXrender libXt libXtst libxcb',
  ),
};

/** A name, and the first release after it. */
type OlderName = readonly [name: string, until: string];

/** `callPackage` finds these without `xorg` in the old releases too, and nothing else there does. */
function inXorg(names: string): Record<string, readonly OlderName[]> {
  return Object.fromEntries(names.split(' ').map((name) => [name, [[`xorg.${name}`, '24.05'] as const]]));
}

function olderNames(name: string): readonly OlderName[] {
  return Object.hasOwn(OLDER_NAMES, name) ? (OLDER_NAMES[name] ?? []) : [];
}

/**
 * The attribute (or attribute path, with dots) of a system library or tool in a release, from its attribute in a current nixpkgs.
 * A name without a known other spelling is its own.
 */
export function systemAttribute(name: string, release: string): string {
  if (release === 'unstable') return name;
  return olderNames(name).find(([, until]) => release < until)?.[0] ?? name;
}

/** Names of today that no other name stood for before, with the first release that has them; only those that came after 24.05. */
const NEW_NAMES: ReadonlyMap<string, string> = new Map([['llvm_20', '25.05']]);

/** The first release from which on a system library or tool has had its name of today, for all that came after 24.05; for others an older one, or ``. */
export function systemSince(name: string): string {
  return NEW_NAMES.get(name) ?? olderNames(name).at(-1)?.[1] ?? '';
}

/** The spellings under which a system library or tool may be found, from its attribute in a current nixpkgs: the first that a nixpkgs has is the right one. */
export function systemSpellings(name: string): readonly string[] {
  const older = olderNames(name).map(([old]) => old);
  // What was in the set `xorg` has names in lower case since 25.11.
  const lower = older.some((old) => old.startsWith('xorg.')) ? [name.toLowerCase()] : [];
  return [name, ...older.toReversed(), ...lower];
}

/** The paths with dots that this program may write of its own accord, besides those that rules of overrides name. */
export const NESTED_SYSTEM_PATHS: readonly string[] = sortedUnique([
  ...Object.keys(OLDER_NAMES)
    .flatMap(systemSpellings)
    .filter((name) => name.includes('.')),
  'rustPlatform.cargoSetupHook',
  'rustPlatform.importCargoLock',
  'rustPlatform.maturinBuildHook',
]);
