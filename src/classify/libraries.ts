import type { Note } from '../base/note.ts';
import { joinWords, sortedUnique } from '../base/text.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import { tryParseRequirement } from '../pep/requirement.ts';
import type { SystemInput } from './package-facts.ts';

/** nixpkgs attributes of libraries by the name after `-l`; null: part of the C library or the compiler, no input. */
const ATTRIBUTE_OF_LIBRARY: ReadonlyMap<string, string | null> = new Map(
  Object.entries({
    archive: 'libarchive',
    asound: 'alsa-lib',
    blas: 'blas',
    bz2: 'bzip2',
    c: null,
    cairo: 'cairo',
    crypto: 'openssl',
    cups: 'cups',
    curl: 'curl',
    dl: null,
    ev: 'libev',
    event: 'libevent',
    exif: 'libexif',
    expat: 'expat',
    ffi: 'libffi',
    fftw3: 'fftw',
    fftw3_threads: 'fftw',
    fftw3f: 'fftwFloat',
    fftw3f_threads: 'fftwFloat',
    fftw3l: 'fftwLongDouble',
    fftw3l_threads: 'fftwLongDouble',
    freetype: 'freetype',
    gcc: null,
    gcrypt: 'libgcrypt',
    geos_c: 'geos',
    git2: 'libgit2',
    gl: 'libGL',
    GL: 'libGL',
    glib: 'glib',
    'glib-2.0': 'glib',
    gmp: 'gmp',
    gpgme: 'gpgme',
    gsl: 'gsl',
    hdf5: 'hdf5',
    hdf5_hl: 'hdf5',
    hidapi: 'hidapi',
    iconv: 'libiconv',
    icui18n: 'icu',
    icuuc: 'icu',
    icudata: 'icu',
    jpeg: 'libjpeg',
    krb5: 'libkrb5',
    gssapi_krb5: 'libkrb5',
    lapack: 'lapack',
    lber: 'openldap',
    ldap: 'openldap',
    ldap_r: 'openldap',
    leveldb: 'leveldb',
    lmdb: 'lmdb',
    lz4: 'lz4',
    lzma: 'xz',
    lzo2: 'lzo',
    m: null,
    magic: 'file',
    mpc: 'libmpc',
    mpfr: 'mpfr',
    mysqlclient: 'libmysqlclient',
    ncurses: 'ncurses',
    netcdf: 'netcdf',
    nl: 'libnl',
    odbc: 'unixODBC',
    openjp2: 'openjpeg',
    pcap: 'libpcap',
    pcre: 'pcre',
    pcsclite: 'pcsclite',
    png: 'libpng',
    portaudio: 'portaudio',
    pq: 'libpq',
    pthread: null,
    pulse: 'libpulseaudio',
    rabbitmq: 'rabbitmq-c',
    readline: 'readline',
    rt: null,
    sasl2: 'cyrus_sasl',
    secp256k1: 'secp256k1',
    snappy: 'snappy',
    sndfile: 'libsndfile',
    sodium: 'libsodium',
    sqlite3: 'sqlite',
    ssh: 'libssh',
    ssh2: 'libssh2',
    ssl: 'openssl',
    'stdc++': null,
    systemd: 'systemd',
    tiff: 'libtiff',
    udev: 'udev',
    usb: 'libusb1',
    'usb-1.0': 'libusb1',
    util: null,
    uuid: 'libuuid',
    uv: 'libuv',
    virt: 'libvirt',
    webp: 'libwebp',
    X11: 'libX11',
    xml2: 'libxml2',
    xmlsec1: 'xmlsec',
    xslt: 'libxslt',
    exslt: 'libxslt',
    yaml: 'libyaml',
    z: 'zlib',
    zmq: 'zeromq',
    zstd: 'zstd',
    brotlidec: 'brotli',
    brotlienc: 'brotli',
    brotlicommon: 'brotli',
    crypt: 'libxcrypt',
    atomic: null,
    gomp: null,
  }),
);

/**
 * Libraries that the extensions of setup.py link, as inputs with a note that they were inferred; and a note on what other build tools may need, whose
 * files are not read.
 */
export function linkedLibraries(facts: SdistFacts): {
  readonly inputs: readonly SystemInput[];
  readonly notes: readonly Note[];
} {
  const { inputs, notes } = setupLibraries(facts);
  return { inputs, notes: [...notes, ...unreadBuildNotes(facts)] };
}

/** Meson, CMake and Cargo are told by the requirement that brings them in, because their files can also be of something that is bundled. */
function unreadBuildNotes({ pyproject, cargoLocks, buildFiles }: SdistFacts): Note[] {
  const texts = pyproject?.requires.kind === 'known' ? pyproject.requires.value : [];
  const required = new Set(texts.flatMap((text) => tryParseRequirement(text)?.name ?? []));
  const notes: Note[] = [];
  const [lock] = cargoLocks;
  if (required.has('maturin') || required.has('setuptools-rust')) {
    const text = 'it is built by Cargo: the expression has neither cargoDeps nor the Rust tools';
    notes.push({ kind: 'unknown', text, ...(lock === undefined ? {} : { file: lock }) });
  }
  const tools = {
    'meson.build': ['meson-python', 'meson'],
    'CMakeLists.txt': ['scikit-build-core', 'scikit-build', 'cmake'],
  };
  for (const [file, names] of Object.entries(tools)) {
    if (!buildFiles.includes(file) || !names.some((name) => required.has(name))) continue;
    notes.push({ kind: 'unknown', text: `what ${file} asks for of libraries and tools is not read`, file });
  }
  return notes;
}

function setupLibraries(facts: SdistFacts): ReturnType<typeof linkedLibraries> {
  const reading = facts.setupScript?.libraries ?? { kind: 'absent' };
  if (reading.kind === 'absent') return { inputs: [], notes: [] };
  if (reading.kind === 'unknown') {
    return {
      inputs: [],
      notes: [
        {
          kind: 'unknown',
          text: `the libraries that the extensions link could not be read: ${reading.why}`,
          ...reading.place,
        },
      ],
    };
  }
  const unknown = reading.value.filter((library) => !ATTRIBUTE_OF_LIBRARY.has(library));
  const attributes = sortedUnique(reading.value.flatMap((library) => ATTRIBUTE_OF_LIBRARY.get(library) ?? []));
  const notes: Note[] = [];
  if (attributes.length > 0)
    notes.push({
      kind: 'guess',
      text: `${joinWords(attributes)} inferred from the libraries that setup.py links`,
      ...reading.place,
    });
  if (unknown.length > 0) {
    notes.push({
      kind: 'unknown',
      text: `no nixpkgs attribute is known for the linked ${unknown.length === 1 ? 'library' : 'libraries'} ${joinWords(sortedUnique(unknown))}`,
      ...reading.place,
    });
  }
  const inputs = attributes.map((attribute): SystemInput => {
    const names = sortedUnique(reading.value.filter((library) => ATTRIBUTE_OF_LIBRARY.get(library) === attribute));
    return {
      kind: 'system',
      attribute,
      origins: [{ kind: 'inference', text: `setup.py links ${joinWords(names)}`, ...reading.place }],
    };
  });
  return { inputs, notes };
}
