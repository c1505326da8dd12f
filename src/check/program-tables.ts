import { ATTRIBUTE_OF_PROGRAM } from '../classify/build-tools.ts';

/** Programs that come with a Python project, by the PEP 503 name of that. */
const PROJECT_OF_PROGRAM: Readonly<Record<string, string>> = {
  cython: 'cython',
  cython3: 'cython',
  cythonize: 'cython',
  meson: 'meson',
  f2py: 'numpy',
  'numpy-config': 'numpy',
  'pybind11-config': 'pybind11',
  'sphinx-build': 'sphinx',
  maturin: 'maturin',
  pytest: 'pytest',
  nosetests: 'nose',
  stestr: 'stestr',
  babel: 'babel',
  pybabel: 'babel',
  'setuptools-scm': 'setuptools-scm',
};

/** Headers that come with a Python project, by folder or name. */
const PROJECT_OF_HEADER: readonly (readonly [string, string])[] = [
  ['numpy/', 'numpy'],
  ['pybind11/', 'pybind11'],
  ['nanobind/', 'nanobind'],
  ['greenlet/', 'greenlet'],
  ['arrayobject.h', 'numpy'],
  ['mpi4py/', 'mpi4py'],
  ['pygame/', 'pygame'],
  ['pycairo/', 'pycairo'],
  ['py3cairo.h', 'pycairo'],
  ['gmpy2/', 'gmpy2'],
];

/** Programs beside those that build files ask for, by their attribute in a current nixpkgs. */
const MORE_PROGRAMS: Readonly<Record<string, string>> = {
  cargo: 'cargo',
  rustc: 'rustc',
  gfortran: 'gfortran',
  f95: 'gfortran',
  f77: 'gfortran',
  git: 'gitMinimal',
  hg: 'mercurial',
  svn: 'subversion',
  gawk: 'gawk',
  awk: 'gawk',
  unzip: 'unzip',
  zip: 'zip',
  which: 'which',
  node: 'nodejs',
  npm: 'nodejs',
  autoreconf: 'autoreconfHook',
  aclocal: 'automake',
  libtoolize: 'libtool',
  m4: 'm4',
  gpg: 'gnupg',
  ffmpeg: 'ffmpeg',
  ps: 'procps',
  openssl: 'openssl',
  msgfmt: 'gettext',
  xgettext: 'gettext',
  intltoolize: 'intltool',
  doxygen: 'doxygen',
  pandoc: 'pandoc',
  java: 'jdk',
  javac: 'jdk',
  go: 'go',
  curl: 'curl',
  wget: 'wget',
  rsync: 'rsync',
  sqlite3: 'sqlite',
  dot: 'graphviz',
};

/** The Python project that a program comes with (PEP 503 name); null: none that is known. */
export function projectOfProgram(program: string): string | null {
  return Object.hasOwn(PROJECT_OF_PROGRAM, program) ? (PROJECT_OF_PROGRAM[program] ?? null) : null;
}

/** The Python project that a header comes with (PEP 503 name); null: none that is known. */
export function projectOfHeader(header: string): string | null {
  return (
    PROJECT_OF_HEADER.find(([start]) => (start.endsWith('/') ? header.startsWith(start) : header === start))?.[1] ??
    null
  );
}

/** The attribute of a program in a current nixpkgs; null: not known. */
export function toolAttribute(program: string): string | null {
  const known = ATTRIBUTE_OF_PROGRAM.get(program);
  if (known !== undefined) return known;
  return Object.hasOwn(MORE_PROGRAMS, program) ? (MORE_PROGRAMS[program] ?? null) : null;
}
