/** What a program that tells how to link a library stands for in nixpkgs. */
export interface ConfigProgram {
  /** The attribute that has the program. */
  readonly tool: string;
  /** The attribute of the library. */
  readonly library: string;
}

/** Attributes of the libraries whose programs tell how to link them, by the name of the program. */
const LIBRARY_OF: Readonly<Record<string, string>> = {
  mysql_config: 'libmysqlclient',
  mariadb_config: 'libmysqlclient',
  'curl-config': 'curl',
  'gdal-config': 'gdal',
  'geos-config': 'geos',
  'net-snmp-config': 'net-snmp',
  'krb5-config': 'libkrb5',
  'gpgme-config': 'gpgme',
  'nc-config': 'netcdf',
  'xml2-config': 'libxml2',
  'xslt-config': 'libxslt',
  'cups-config': 'cups',
  'sdl2-config': 'SDL2',
  'gsl-config': 'gsl',
  'llvm-config': 'llvm',
};

/** Programs of libraries that tell how to link them, by their name. That of PostgreSQL is in an output of its own. */
export const CONFIG_PROGRAMS: ReadonlyMap<string, ConfigProgram> = new Map([
  ['pg_config', { tool: 'libpq.pg_config', library: 'libpq' }],
  ...Object.entries(LIBRARY_OF).map(([program, library]) => [program, { tool: library, library }] as const),
]);
