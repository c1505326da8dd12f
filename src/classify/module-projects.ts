import { normalizeName } from '../pep/name.ts';

/**
 * Projects whose import name is not their project name, by top-level module. Facts of the projects themselves (the top_level.txt of their wheels);
 * modules that are not listed are taken to be named as their project.
 */
const PROJECT_OF_MODULE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    attr: 'attrs',
    bs4: 'beautifulsoup4',
    BeautifulSoup: 'beautifulsoup4',
    Crypto: 'pycryptodome',
    Cryptodome: 'pycryptodomex',
    cv2: 'opencv-python',
    Cython: 'cython',
    dateutil: 'python-dateutil',
    dns: 'dnspython',
    docx: 'python-docx',
    dotenv: 'python-dotenv',
    fitz: 'pymupdf',
    flask_sqlalchemy: 'flask-sqlalchemy',
    git: 'gitpython',
    github: 'pygithub',
    gi: 'pygobject',
    google: 'protobuf',
    grpc: 'grpcio',
    jose: 'python-jose',
    jwt: 'pyjwt',
    ldap: 'python-ldap',
    lxml: 'lxml',
    magic: 'python-magic',
    markdown: 'markdown',
    memcache: 'python-memcached',
    MySQLdb: 'mysqlclient',
    nacl: 'pynacl',
    OpenSSL: 'pyopenssl',
    PIL: 'pillow',
    pkg_resources: 'setuptools',
    psycopg2: 'psycopg2',
    pptx: 'python-pptx',
    pyximport: 'cython',
    pywintypes: 'pywin32',
    ruamel: 'ruamel-yaml',
    serial: 'pyserial',
    setuptools: 'setuptools',
    skimage: 'scikit-image',
    sklearn: 'scikit-learn',
    slugify: 'python-slugify',
    snappy: 'python-snappy',
    socks: 'pysocks',
    telegram: 'python-telegram-bot',
    tlz: 'toolz',
    usb: 'pyusb',
    websocket: 'websocket-client',
    win32api: 'pywin32',
    win32con: 'pywin32',
    win32com: 'pywin32',
    xdist: 'pytest-xdist',
    yaml: 'pyyaml',
    zmq: 'pyzmq',
    zope: 'zope-interface',
    _pytest: 'pytest',
    pytest_asyncio: 'pytest-asyncio',
    sphinx: 'sphinx',
    jinja2: 'jinja2',
    redis: 'redis',
    mock: 'mock',
    OpenGL: 'pyopengl',
    Xlib: 'python-xlib',
    igraph: 'igraph',
    kafka: 'kafka-python',
    levenshtein: 'levenshtein',
    Levenshtein: 'levenshtein',
    markdown_it: 'markdown-it-py',
    mpl_toolkits: 'matplotlib',
    path: 'path',
    pythoncom: 'pywin32',
    rest_framework: 'djangorestframework',
    speech_recognition: 'speechrecognition',
    stdnum: 'python-stdnum',
    tables: 'tables',
    trio_websocket: 'trio-websocket',
    user_agents: 'user-agents',
    werkzeug: 'werkzeug',
  }),
);

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
  const [top = module, second] = module.split('.');
  if (second !== undefined && SHARED_NAMESPACES.has(top)) {
    const whole = normalizeName(`${top}-${second}`);
    if (declared.has(whole) || !PROJECT_OF_MODULE.has(top)) return whole;
  }
  const own = normalizeName(top);
  if (declared.has(own)) return own;
  const listed = PROJECT_OF_MODULE.get(top);
  if (listed !== undefined) return listed;
  const prefixed = [`python-${own}`, `py${own}`, `${own}-python`].find((name) => declared.has(name));
  return prefixed ?? own;
}
