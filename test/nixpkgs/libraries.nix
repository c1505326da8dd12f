# System libraries and tools by their names in nixpkgs, as links to the host's. One that the host lacks evaluates, and
# fails when it is built, with the name of the host's package (Debian's).
{ host }:

let
  library =
    name: apt:
    {
      # pkg-config modules, headers below include/, names of libraries, programs
      pc ? [ ],
      headers ? [ ],
      libs ? [ ],
      programs ? [ ],
    }:
    let
      drv = host.runScript name { wanted = builtins.toJSON { inherit apt pc headers libs programs; }; } ''
        mkdir $out
        ${host.interpreter} -I ${host.builder}/host_library.py $out "$wanted"
      '';
    in
    drv
    // {
      pname = name;
      version = "0";
      out = drv;
      dev = drv;
      lib = drv;
      bin = drv;
    };
  pc = module: { pc = [ module ]; };
  tool = programs: { inherit programs; };
  plain = header: name: { headers = [ header ]; libs = [ name ]; };

  tools = {
    autoconf = [ "autoconf" (tool [ "autoconf" "autoreconf" ]) ];
    automake = [ "automake" (tool [ "automake" "aclocal" ]) ];
    bison = [ "bison" (tool [ "bison" ]) ];
    cargo = [ "cargo" (tool [ "cargo" ]) ];
    flex = [ "flex" (tool [ "flex" ]) ];
    gettext = [ "gettext" (tool [ "gettext" "msgfmt" ]) ];
    gfortran = [ "gfortran" (tool [ "gfortran" ]) ];
    git = [ "git" (tool [ "git" ]) ];
    gnumake = [ "make" (tool [ "make" ]) ];
    libtool = [ "libtool" (tool [ "libtoolize" ]) ];
    m4 = [ "m4" (tool [ "m4" ]) ];
    nasm = [ "nasm" (tool [ "nasm" ]) ];
    ninja = [ "ninja-build" (tool [ "ninja" ]) ];
    nodejs = [ "nodejs" (tool [ "node" ]) ];
    perl = [ "perl" (tool [ "perl" ]) ];
    pkg-config = [ "pkg-config" (tool [ "pkg-config" ]) ];
    pkgconfig = [ "pkg-config" (tool [ "pkg-config" ]) ];
    rustc = [ "rustc" (tool [ "rustc" ]) ];
    swig = [ "swig" (tool [ "swig" ]) ];
    which = [ "debianutils" (tool [ "which" ]) ];
  };

  libraries = {
    alsa-lib = [ "libasound2-dev" (pc "alsa") ];
    blas = [ "libopenblas-dev" (pc "blas") ];
    boost = [ "libboost-dev" { headers = [ "boost/version.hpp" ]; } ];
    brotli = [ "libbrotli-dev" (pc "libbrotlidec") ];
    bzip2 = [ "libbz2-dev" (plain "bzlib.h" "bz2") ];
    c-ares = [ "libc-ares-dev" (pc "libcares") ];
    cairo = [ "libcairo2-dev" (pc "cairo") ];
    curl = [ "libcurl4-openssl-dev" (pc "libcurl" // { programs = [ "curl-config" ]; }) ];
    cyrus_sasl = [ "libsasl2-dev" (plain "sasl/sasl.h" "sasl2") ];
    dbus = [ "libdbus-1-dev" (pc "dbus-1") ];
    eigen = [ "libeigen3-dev" (pc "eigen3") ];
    enchant_2 = [ "libenchant-2-dev" (pc "enchant-2") ];
    expat = [ "libexpat1-dev" (pc "expat") ];
    fftw = [ "libfftw3-dev" (plain "fftw3.h" "fftw3" // pc "fftw3") ];
    fftwFloat = [ "libfftw3-dev" (plain "fftw3.h" "fftw3f" // pc "fftw3f") ];
    fftwLongDouble = [ "libfftw3-dev" (plain "fftw3.h" "fftw3l" // pc "fftw3l") ];
    file = [ "libmagic-dev" (plain "magic.h" "magic") ];
    freetype = [ "libfreetype-dev" (pc "freetype2") ];
    gdal = [ "libgdal-dev" { programs = [ "gdal-config" ]; } ];
    geos = [ "libgeos-dev" { libs = [ "geos_c" ]; programs = [ "geos-config" ]; } ];
    glib = [ "libglib2.0-dev" (pc "glib-2.0") ];
    gmp = [ "libgmp-dev" { libs = [ "gmp" ]; headers = [ "gmp.h" ]; } ];
    gobject-introspection = [ "libgirepository1.0-dev" (pc "gobject-introspection-1.0") ];
    graphviz = [ "libgraphviz-dev" (pc "libcgraph" // { programs = [ "dot" ]; }) ];
    harfbuzz = [ "libharfbuzz-dev" (pc "harfbuzz") ];
    hdf5 = [ "libhdf5-dev" (pc "hdf5") ];
    icu = [ "libicu-dev" (pc "icu-i18n") ];
    krb5 = [ "libkrb5-dev" (pc "krb5" // { programs = [ "krb5-config" ]; }) ];
    lapack = [ "libopenblas-dev" (pc "lapack") ];
    lcms2 = [ "liblcms2-dev" (pc "lcms2") ];
    libarchive = [ "libarchive-dev" (pc "libarchive") ];
    libev = [ "libev-dev" (plain "ev.h" "ev") ];
    libevent = [ "libevent-dev" (pc "libevent") ];
    libffi = [ "libffi-dev" (plain "ffi.h" "ffi" // pc "libffi") ];
    libgit2 = [ "libgit2-dev" (pc "libgit2") ];
    libjpeg = [ "libjpeg-dev" (plain "jpeglib.h" "jpeg") ];
    libmpc = [ "libmpc-dev" (plain "mpc.h" "mpc") ];
    libmysqlclient = [ "default-libmysqlclient-dev" (pc "mysqlclient") ];
    libpng = [ "libpng-dev" (pc "libpng") ];
    libpq = [ "libpq-dev" (pc "libpq" // { programs = [ "pg_config" ]; }) ];
    libsndfile = [ "libsndfile1-dev" (pc "sndfile") ];
    libsodium = [ "libsodium-dev" (pc "libsodium") ];
    libtiff = [ "libtiff-dev" (pc "libtiff-4") ];
    libusb1 = [ "libusb-1.0-0-dev" (pc "libusb-1.0") ];
    libuv = [ "libuv1-dev" (pc "libuv") ];
    libwebp = [ "libwebp-dev" (pc "libwebp") ];
    libxcrypt = [ "libcrypt-dev" (plain "crypt.h" "crypt") ];
    libxml2 = [ "libxml2-dev" (plain "libxml2/libxml/parser.h" "xml2" // pc "libxml-2.0" // tool [ "xml2-config" ]) ];
    libxslt = [ "libxslt1-dev" (plain "libxslt/xslt.h" "exslt" // { pc = [ "libxslt" "libexslt" ]; } // tool [ "xslt-config" ]) ];
    libyaml = [ "libyaml-dev" (plain "yaml.h" "yaml" // pc "yaml-0.1") ];
    lz4 = [ "liblz4-dev" (pc "liblz4") ];
    lzo = [ "liblzo2-dev" (plain "lzo/lzo1x.h" "lzo2") ];
    mariadb-connector-c = [ "libmariadb-dev" (pc "libmariadb") ];
    mpfr = [ "libmpfr-dev" (plain "mpfr.h" "mpfr") ];
    mpi = [ "libopenmpi-dev" (tool [ "mpicc" ]) ];
    ncurses = [ "libncurses-dev" (plain "ncurses.h" "ncurses" // pc "ncurses") ];
    nghttp2 = [ "libnghttp2-dev" (pc "libnghttp2") ];
    openblas = [ "libopenblas-dev" (pc "openblas") ];
    openjpeg = [ "libopenjp2-7-dev" (pc "libopenjp2") ];
    openldap = [ "libldap-dev" (plain "ldap.h" "ldap") ];
    openssl = [ "libssl-dev" (plain "openssl/ssl.h" "ssl" // pc "openssl") ];
    pango = [ "libpango1.0-dev" (pc "pango") ];
    pcre = [ "libpcre3-dev" (pc "libpcre") ];
    pcre2 = [ "libpcre2-dev" (pc "libpcre2-8") ];
    portaudio = [ "portaudio19-dev" (pc "portaudio-2.0") ];
    postgresql = [ "libpq-dev" (pc "libpq" // { programs = [ "pg_config" ]; }) ];
    proj = [ "libproj-dev" (pc "proj") ];
    rdkafka = [ "librdkafka-dev" (pc "rdkafka") ];
    re2 = [ "libre2-dev" (pc "re2") ];
    readline = [ "libreadline-dev" (pc "readline") ];
    secp256k1 = [ "libsecp256k1-dev" (pc "libsecp256k1") ];
    SDL2 = [ "libsdl2-dev" (pc "sdl2") ];
    snappy = [ "libsnappy-dev" (plain "snappy-c.h" "snappy") ];
    sqlite = [ "libsqlite3-dev" (plain "sqlite3.h" "sqlite3" // pc "sqlite3") ];
    systemd = [ "libsystemd-dev" (pc "libsystemd") ];
    tcl = [ "tcl-dev" (pc "tcl") ];
    tk = [ "tk-dev" (pc "tk") ];
    unixODBC = [ "unixodbc-dev" (plain "sql.h" "odbc") ];
    unixodbc = [ "unixodbc-dev" (plain "sql.h" "odbc") ];
    xmlsec = [ "libxmlsec1-dev" (pc "xmlsec1") ];
    xxHash = [ "libxxhash-dev" (plain "xxhash.h" "xxhash") ];
    xz = [ "liblzma-dev" (plain "lzma.h" "lzma" // pc "liblzma") ];
    zeromq = [ "libzmq3-dev" (plain "zmq.h" "zmq" // pc "libzmq") ];
    zlib = [ "zlib1g-dev" (plain "zlib.h" "z" // pc "zlib") ];
    zstd = [ "libzstd-dev" (plain "zstd.h" "zstd" // pc "libzstd") ];
  };

  links = builtins.mapAttrs (name: row: library name (builtins.elemAt row 0) (builtins.elemAt row 1)) (tools // libraries);
in
links
// {
  hostLibrary = library;
  libjpeg_turbo = links.libjpeg;
  fftwSinglePrec = links.fftwFloat;
  cmake = host.withHook "cmake" (library "cmake" "cmake" (tool [ "cmake" ]));
}
