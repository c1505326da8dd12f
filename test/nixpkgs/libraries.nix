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
    acl = [ "libacl1-dev" (plain "sys/acl.h" "acl" // pc "libacl") ];
    alsa-lib = [ "libasound2-dev" (pc "alsa") ];
    attr = [ "libattr1-dev" (plain "attr/xattr.h" "attr" // pc "libattr") ];
    blas = [ "libopenblas-dev" (pc "blas") ];
    bluez = [ "libbluetooth-dev" (plain "bluetooth/bluetooth.h" "bluetooth" // pc "bluez") ];
    boost = [ "libboost-dev" { headers = [ "boost/version.hpp" ]; } ];
    brotli = [ "libbrotli-dev" (pc "libbrotlidec") ];
    bzip2 = [ "libbz2-dev" (plain "bzlib.h" "bz2") ];
    c-ares = [ "libc-ares-dev" (pc "libcares") ];
    c-blosc = [ "libblosc-dev" (plain "blosc.h" "blosc" // pc "blosc") ];
    c-blosc2 = [ "libblosc2-dev" (plain "blosc2.h" "blosc2" // pc "blosc2") ];
    cairo = [ "libcairo2-dev" (pc "cairo") ];
    cups = [ "libcups2-dev" (plain "cups/cups.h" "cups" // tool [ "cups-config" ]) ];
    curl = [ "libcurl4-openssl-dev" (pc "libcurl" // { programs = [ "curl-config" ]; }) ];
    cyrus_sasl = [ "libsasl2-dev" (plain "sasl/sasl.h" "sasl2") ];
    db = [ "libdb-dev" (plain "db.h" "db") ];
    dbus = [ "libdbus-1-dev" (pc "dbus-1") ];
    eigen = [ "libeigen3-dev" (pc "eigen3") ];
    enchant_2 = [ "libenchant-2-dev" (pc "enchant-2") ];
    expat = [ "libexpat1-dev" (pc "expat") ];
    fftw = [ "libfftw3-dev" (pc "fftw3" // { headers = [ "fftw3.h" ]; libs = [ "fftw3" "fftw3_omp" "fftw3_threads" ]; }) ];
    fftwFloat = [ "libfftw3-dev" (pc "fftw3f" // { headers = [ "fftw3.h" ]; libs = [ "fftw3f" "fftw3f_omp" "fftw3f_threads" ]; }) ];
    fftwLongDouble = [ "libfftw3-dev" (pc "fftw3l" // { headers = [ "fftw3.h" ]; libs = [ "fftw3l" "fftw3l_omp" "fftw3l_threads" ]; }) ];
    file = [ "libmagic-dev" (plain "magic.h" "magic") ];
    fontconfig = [ "libfontconfig-dev" (pc "fontconfig") ];
    freetype = [ "libfreetype-dev" (pc "freetype2") ];
    fuse = [ "libfuse-dev" (plain "fuse.h" "fuse" // pc "fuse") ];
    fuse3 = [ "libfuse3-dev" (pc "fuse3") ];
    gdal = [ "libgdal-dev" { programs = [ "gdal-config" ]; } ];
    gdk-pixbuf = [ "libgdk-pixbuf-2.0-dev" (pc "gdk-pixbuf-2.0") ];
    geoip = [ "libgeoip-dev" (plain "GeoIP.h" "GeoIP" // pc "geoip") ];
    geos = [ "libgeos-dev" { libs = [ "geos_c" ]; programs = [ "geos-config" ]; } ];
    glib = [ "libglib2.0-dev" (pc "glib-2.0") ];
    gmp = [ "libgmp-dev" { libs = [ "gmp" ]; headers = [ "gmp.h" ]; } ];
    gobject-introspection = [ "libgirepository1.0-dev" (pc "gobject-introspection-1.0") ];
    gpgme = [ "libgpgme-dev" (plain "gpgme.h" "gpgme" // pc "gpgme") ];
    graphviz = [ "libgraphviz-dev" (pc "libcgraph" // { programs = [ "dot" ]; }) ];
    harfbuzz = [ "libharfbuzz-dev" (pc "harfbuzz") ];
    hdf5 = [ "libhdf5-dev" (pc "hdf5" // { libs = [ "hdf5_serial" "hdf5_serial_hl" ]; }) ];
    hidapi = [ "libhidapi-dev" { libs = [ "hidapi-hidraw" "hidapi-libusb" ]; pc = [ "hidapi-libusb" ]; } ];
    icu = [ "libicu-dev" (pc "icu-i18n") ];
    imagemagickBig = [ "libmagickwand-dev" { libs = [ "MagickWand-6.Q16" "MagickCore-6.Q16" ]; } ];
    jq = [ "libjq-dev" (plain "jv.h" "jq") ];
    keyutils = [ "libkeyutils-dev" (plain "keyutils.h" "keyutils") ];
    krb5 = [ "libkrb5-dev" (pc "krb5" // { programs = [ "krb5-config" ]; }) ];
    lapack = [ "libopenblas-dev" (pc "lapack") ];
    lcms2 = [ "liblcms2-dev" (pc "lcms2") ];
    ldns = [ "libldns-dev" (plain "ldns/ldns.h" "ldns" // pc "ldns") ];
    leveldb = [ "libleveldb-dev" (plain "leveldb/db.h" "leveldb") ];
    libarchive = [ "libarchive-dev" (pc "libarchive") ];
    libavif = [ "libavif-dev" (pc "libavif") ];
    libcap = [ "libcap-dev" (plain "sys/capability.h" "cap" // pc "libcap") ];
    libev = [ "libev-dev" (plain "ev.h" "ev") ];
    libevent = [ "libevent-dev" (pc "libevent") ];
    libffi = [ "libffi-dev" (plain "ffi.h" "ffi" // pc "libffi") ];
    libgit2 = [ "libgit2-dev" (pc "libgit2") ];
    libheif = [ "libheif-dev" (pc "libheif") ];
    libimagequant = [ "libimagequant-dev" (plain "libimagequant.h" "imagequant" // pc "imagequant") ];
    libjpeg = [ "libjpeg-dev" (plain "jpeglib.h" "jpeg") ];
    libkrb5 = [ "libkrb5-dev" (plain "gssapi/gssapi.h" "gssapi_krb5" // pc "krb5" // tool [ "krb5-config" ]) ];
    liblo = [ "liblo-dev" (plain "lo/lo.h" "lo" // pc "liblo") ];
    libmemcached = [ "libmemcached-dev" (plain "libmemcached/memcached.h" "memcached" // pc "libmemcached") ];
    libmpc = [ "libmpc-dev" (plain "mpc.h" "mpc") ];
    libmysqlclient = [ "default-libmysqlclient-dev" (pc "mysqlclient") ];
    libpcap = [ "libpcap-dev" (plain "pcap.h" "pcap" // pc "libpcap" // tool [ "pcap-config" ]) ];
    libpng = [ "libpng-dev" (pc "libpng") ];
    libpq = [ "libpq-dev" (pc "libpq" // { programs = [ "pg_config" ]; }) ];
    libsamplerate = [ "libsamplerate-dev" (plain "samplerate.h" "samplerate" // pc "samplerate") ];
    libsndfile = [ "libsndfile1-dev" (pc "sndfile") ];
    libsodium = [ "libsodium-dev" (pc "libsodium") ];
    libspatialindex = [ "libspatialindex-dev" { libs = [ "spatialindex_c" "spatialindex" ]; } ];
    libtiff = [ "libtiff-dev" (pc "libtiff-4") ];
    libusb1 = [ "libusb-1.0-0-dev" (pc "libusb-1.0") ];
    libuv = [ "libuv1-dev" (pc "libuv") ];
    libvirt = [ "libvirt-dev" (pc "libvirt" // { libs = [ "virt-lxc" "virt-qemu" ]; }) ];
    libwebp = [ "libwebp-dev" { pc = [ "libwebp" "libwebpdemux" "libwebpmux" ]; } ];
    libxcb = [ "libxcb1-dev" (pc "xcb") ];
    libxcrypt = [ "libcrypt-dev" (plain "crypt.h" "crypt") ];
    libxml2 = [ "libxml2-dev" (plain "libxml2/libxml/parser.h" "xml2" // pc "libxml-2.0" // tool [ "xml2-config" ]) ];
    libxslt = [ "libxslt1-dev" (plain "libxslt/xslt.h" "exslt" // { pc = [ "libxslt" "libexslt" ]; } // tool [ "xslt-config" ]) ];
    libyaml = [ "libyaml-dev" (plain "yaml.h" "yaml" // pc "yaml-0.1") ];
    linuxHeaders = [ "linux-libc-dev" { headers = [ "linux/input.h" ]; } ];
    lz4 = [ "liblz4-dev" (pc "liblz4") ];
    lzo = [ "liblzo2-dev" (plain "lzo/lzo1x.h" "lzo2") ];
    mariadb-connector-c = [ "libmariadb-dev" (pc "libmariadb") ];
    mpfr = [ "libmpfr-dev" (plain "mpfr.h" "mpfr") ];
    mpi = [ "libopenmpi-dev" { libs = [ "mpi" ]; programs = [ "mpicc" ]; } ];
    mpv-unwrapped = [ "libmpv-dev" (plain "mpv/client.h" "mpv" // pc "mpv") ];
    ncurses = [ "libncurses-dev" (plain "ncurses.h" "ncurses" // pc "ncurses") ];
    netcdf = [ "libnetcdf-dev" (plain "netcdf.h" "netcdf" // pc "netcdf" // tool [ "nc-config" ]) ];
    nghttp2 = [ "libnghttp2-dev" (pc "libnghttp2") ];
    notmuch = [ "libnotmuch-dev" (plain "notmuch.h" "notmuch") ];
    ocl-icd = [ "ocl-icd-opencl-dev" (plain "CL/cl.h" "OpenCL" // pc "OpenCL") ];
    olm = [ "libolm-dev" (plain "olm/olm.h" "olm" // pc "olm") ];
    openblas = [ "libopenblas-dev" (pc "openblas") ];
    opencl-headers = [ "opencl-c-headers" { headers = [ "CL/cl.h" ]; } ];
    openjpeg = [ "libopenjp2-7-dev" (pc "libopenjp2") ];
    openldap = [ "libldap-dev" { headers = [ "ldap.h" "lber.h" ]; libs = [ "ldap" "lber" ]; } ];
    openssl = [ "libssl-dev" (plain "openssl/ssl.h" "ssl" // pc "openssl" // { programs = [ "openssl" ]; }) ];
    pam = [ "libpam0g-dev" (plain "security/pam_appl.h" "pam" // { libs = [ "pam" "pam_misc" ]; }) ];
    pango = [ "libpango1.0-dev" (pc "pango") ];
    parted = [ "libparted-dev" (plain "parted/parted.h" "parted" // pc "libparted") ];
    pcre = [ "libpcre3-dev" (pc "libpcre") ];
    pcre2 = [ "libpcre2-dev" (pc "libpcre2-8") ];
    pcsclite = [ "libpcsclite-dev" (pc "libpcsclite") ];
    portaudio = [ "portaudio19-dev" (pc "portaudio-2.0") ];
    postgresql = [ "libpq-dev" (pc "libpq" // { programs = [ "pg_config" ]; }) ];
    proj = [ "libproj-dev proj-bin" (plain "proj.h" "proj" // pc "proj" // tool [ "proj" ]) ];
    qpdf = [ "libqpdf-dev" (pc "libqpdf") ];
    rdkafka = [ "librdkafka-dev" (pc "rdkafka") ];
    re2 = [ "libre2-dev" (pc "re2") ];
    readline = [ "libreadline-dev" (pc "readline") ];
    samba = [ "libsmbclient-dev" (plain "samba-4.0/libsmbclient.h" "smbclient" // pc "smbclient") ];
    secp256k1 = [ "libsecp256k1-dev" (pc "libsecp256k1") ];
    SDL2 = [ "libsdl2-dev" (pc "sdl2") ];
    snappy = [ "libsnappy-dev" (plain "snappy-c.h" "snappy") ];
    sqlite = [ "libsqlite3-dev" (plain "sqlite3.h" "sqlite3" // pc "sqlite3") ];
    ssdeep = [ "libfuzzy-dev" (plain "fuzzy.h" "fuzzy") ];
    suitesparse = [ "libsuitesparse-dev" { headers = [ "suitesparse/umfpack.h" ]; libs = [ "amd" "cholmod" "colamd" "klu" "suitesparseconfig" "umfpack" ]; } ];
    systemd = [ "libsystemd-dev" (pc "libsystemd") ];
    taglib = [ "libtag1-dev" (plain "taglib/taglib.h" "tag" // pc "taglib" // tool [ "taglib-config" ]) ];
    tcl = [ "tcl-dev" (pc "tcl") ];
    tk = [ "tk-dev" (pc "tk") ];
    udev = [ "libudev-dev" (plain "libudev.h" "udev" // pc "libudev") ];
    unixODBC = [ "unixodbc-dev" (plain "sql.h" "odbc") ];
    unixodbc = [ "unixodbc-dev" (plain "sql.h" "odbc") ];
    xmlsec = [ "libxmlsec1-dev" (pc "xmlsec1") ];
    xxHash = [ "libxxhash-dev" (plain "xxhash.h" "xxhash" // pc "libxxhash") ];
    xz = [ "liblzma-dev" (plain "lzma.h" "lzma" // pc "liblzma") ];
    yajl = [ "libyajl-dev" (plain "yajl/yajl_parse.h" "yajl" // pc "yajl") ];
    zeromq = [ "libzmq3-dev" (plain "zmq.h" "zmq" // pc "libzmq") ];
    zlib = [ "zlib1g-dev" (plain "zlib.h" "z" // pc "zlib") ];
    zstd = [ "libzstd-dev" (plain "zstd.h" "zstd" // pc "libzstd") ];
  };

  links = builtins.mapAttrs (name: row: library name (builtins.elemAt row 0) (builtins.elemAt row 1)) (tools // libraries);
in
links
// {
  hostLibrary = library;
  libpq = links.libpq // { pg_config = links.libpq; };
  libjpeg_turbo = links.libjpeg;
  fftwSinglePrec = links.fftwFloat;
  gitMinimal = links.git;
  cmake = host.withHook "cmake" (library "cmake" "cmake" (tool [ "cmake" ]));
}
