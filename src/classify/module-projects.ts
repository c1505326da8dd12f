import { normalizeName } from '../pep/name.ts';

/** Read from the files of a release of each project: those of a wheel, or the packages of the sdist where it has no wheel. */
const SEEN_IN_RELEASES = {
  _cffi_backend: 'cffi',
  _yaml: 'pyyaml',
  cairo: 'pycairo',
  dbus: 'dbus-python',
  icu: 'pyicu',
  Imath: 'openexr',
  libarchive: 'libarchive-c',
  mpl_toolkits: 'matplotlib',
  mypyc: 'mypy',
  MySQLdb: 'mysqlclient',
  osgeo: 'gdal',
  pam: 'python-pam',
  parted: 'pyparted',
  prctl: 'python-prctl',
  pylab: 'matplotlib',
  pyqtbuild: 'pyqt-builder',
  sipbuild: 'sip',
  skbuild: 'scikit-build',
  snappy: 'python-snappy',
  socks: 'pysocks',
  sockshandler: 'pysocks',
  systemd: 'systemd-python',
  tlz: 'toolz',
  uinput: 'python-uinput',
  usb1: 'libusb1',
  yaml: 'pyyaml',
} as const;

/**
 * As tables of other programs that look up projects by import have it: that of pipreqs (`pipreqs/mapping`), that of Pants (`default_module_mapping.py`), or where neither has
 * the module at least three others that agree. Left out are modules that several projects have, with none that stands out.
 */
const LISTED_BY_OTHERS = {
  _pytest: 'pytest',
  absl: 'absl-py',
  antlr4: 'antlr4-python3-runtime',
  attr: 'attrs',
  barcode: 'python-barcode',
  Bio: 'biopython',
  bs4: 'beautifulsoup4',
  bson: 'pymongo',
  can: 'python-can',
  cpuinfo: 'py-cpuinfo',
  Crypto: 'pycryptodome',
  Cryptodome: 'pycryptodomex',
  cups: 'pycups',
  curl: 'pycurl',
  cv2: 'opencv-python',
  daemon: 'python-daemon',
  dateutil: 'python-dateutil',
  deb822: 'python-debian',
  debian: 'python-debian',
  decouple: 'python-decouple',
  dns: 'dnspython',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  editor: 'python-editor',
  engineio: 'python-engineio',
  fitz: 'pymupdf',
  frontmatter: 'python-frontmatter',
  gi: 'pygobject',
  git: 'gitpython',
  github: 'pygithub',
  gitlab: 'python-gitlab',
  gridfs: 'pymongo',
  grpc: 'grpcio',
  grpc_health: 'grpcio-health-checking',
  grpc_tools: 'grpcio-tools',
  hamcrest: 'pyhamcrest',
  jose: 'python-jose',
  jpype: 'jpype1',
  jwt: 'pyjwt',
  kafka: 'kafka-python',
  keystoneclient: 'python-keystoneclient',
  ldap: 'python-ldap',
  libfuturize: 'future',
  magic: 'python-magic',
  markdown_it: 'markdown-it-py',
  memcache: 'python-memcached',
  mesonpy: 'meson-python',
  mimeparse: 'python-mimeparse',
  mysql: 'mysql-connector-python',
  nacl: 'pynacl',
  novaclient: 'python-novaclient',
  odf: 'odfpy',
  OpenGL: 'pyopengl',
  OpenSSL: 'pyopenssl',
  past: 'future',
  PIL: 'pillow',
  pkg_resources: 'setuptools',
  playhouse: 'peewee',
  png: 'pypng',
  pptx: 'python-pptx',
  progressbar: 'progressbar2',
  pwiz: 'peewee',
  pythoncom: 'pywin32',
  pythonjsonlogger: 'python-json-logger',
  pywintypes: 'pywin32',
  pyximport: 'cython',
  rapidjson: 'python-rapidjson',
  rest_framework: 'djangorestframework',
  rtmidi: 'python-rtmidi',
  saml2: 'pysaml2',
  sass: 'libsass',
  serial: 'pyserial',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  slugify: 'python-slugify',
  socketio: 'python-socketio',
  speech_recognition: 'speechrecognition',
  stdnum: 'python-stdnum',
  swiftclient: 'python-swiftclient',
  telegram: 'python-telegram-bot',
  umap: 'umap-learn',
  usb: 'pyusb',
  vlc: 'python-vlc',
  websocket: 'websocket-client',
  win32api: 'pywin32',
  win32com: 'pywin32',
  win32con: 'pywin32',
  win32file: 'pywin32',
  win32pipe: 'pywin32',
  wx: 'wxpython',
  xdist: 'pytest-xdist',
  Xlib: 'python-xlib',
  zmq: 'pyzmq',
} as const;

/** Projects whose import name is not their project name, by top-level module; modules that are not listed are taken to be named as their project. */
const PROJECT_OF_MODULE: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...SEEN_IN_RELEASES, ...LISTED_BY_OTHERS }),
);

/** Parts of shared namespaces whose project is named otherwise. */
const PROJECT_OF_PART: ReadonlyMap<string, string> = new Map([
  ['google.oauth2', 'google-auth'],
  ['google.protobuf', 'protobuf'],
]);

/** Namespaces that many projects share: the second part of the dotted name decides. */
const SHARED_NAMESPACES: ReadonlySet<string> = new Set([
  'backports',
  'jaraco',
  'zope',
  'sphinxcontrib',
  'google',
  'azure',
  'ruamel',
  'keyrings',
  'flufl',
  'zc',
  'plone',
  'repoze',
  'paste',
  'xstatic',
]);

/**
 * The project (PEP 503 spelling) that most probably has the module of a dotted name. `declared` are the names that the release itself
 * speaks of: one of them with the module's own name wins over the table.
 */
export function projectOfModule(module: string, declared: ReadonlySet<string>): string {
  const parts = module.split('.');
  const [top = module, second] = parts;
  const own = normalizeName(top);
  if (second !== undefined && SHARED_NAMESPACES.has(top)) return projectOfPart(parts, declared);
  if (declared.has(own)) return own;
  const listed = PROJECT_OF_MODULE.get(top);
  if (listed !== undefined) return listed;
  const prefixed = [`python-${own}`, `py${own}`, `${own}-python`].find((name) => declared.has(name));
  return prefixed ?? own;
}

/** `google.cloud.storage` may be of google-cloud-storage, google-cloud or google: the longest name that is declared, else what the table or the first two parts say. */
function projectOfPart(parts: readonly string[], declared: ReadonlySet<string>): string {
  const names = parts.map((_, at) => normalizeName(parts.slice(0, at + 1).join('-')));
  const [whole = ''] = names.slice(1);
  const inTable = PROJECT_OF_PART.get(parts.slice(0, 2).join('.'));
  return names.toReversed().find((name) => declared.has(name)) ?? inTable ?? whole;
}
