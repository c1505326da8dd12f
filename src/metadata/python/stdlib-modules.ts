import { ALWAYS, and, type Condition } from './condition.ts';

/** Whether the top-level module belongs to the standard library of some Python, 2.7 or any 3. */
export function isStandardModule(module: string): boolean {
  const name = module.split('.', 1)[0] ?? '';
  return PYTHON_3.has(name) || REMOVED_FROM_3.has(name) || PYTHON_2.has(name);
}

/**
 * Which interpreters have this module of the standard library (a dotted name); null where it is no module of it.
 * Backports are asked for by `try: import enum` with an `except ImportError`, and this says for whom.
 */
export function standardModuleCondition(module: string): Condition | null {
  if (!isStandardModule(module)) return null;
  const parts = module.split('.');
  const bounds: Condition[] = [];
  for (let length = 1; length <= parts.length; length++) {
    const name = parts.slice(0, length).join('.');
    const since = SINCE.get(name) ?? (PYTHON_2.has(name) || length > 1 || OF_BOTH.has(name) ? undefined : [3]);
    if (since !== undefined) bounds.push({ kind: 'version', operator: '>=', bound: since });
    const until = REMOVED_FROM_3.get(name) ?? (PYTHON_2.has(name) ? [3] : undefined);
    if (until !== undefined) bounds.push({ kind: 'version', operator: '<', bound: until });
  }
  return bounds.length === 0 ? ALWAYS : and(bounds);
}

function words(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

/** `sys.stdlib_module_names` of Python 3.11 and what came later. */
const PYTHON_3: ReadonlySet<string> = new Set(
  words(`
  __future__ __main__ _abc _ast _bisect _bz2 _codecs _collections _collections_abc _compression _csv _ctypes _curses _datetime
  _decimal _functools _hashlib _heapq _imp _io _json _locale _lzma _markupbase _multiprocessing _operator _osx_support
  _pickle _posixsubprocess _py_abc _pydecimal _pyio _random _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat
  _string _strptime _struct _sysconfigdata _testcapi _thread _threading_local _tkinter _tracemalloc _uuid _warnings
  _weakref _weakrefset _winapi abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii
  bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression
  concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal
  difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
  fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http
  idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma
  mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath
  nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform
  plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
  random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site
  smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string
  stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test
  textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo
  types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib
  xml xmlrpc zipapp zipfile zipimport zlib zoneinfo`),
);

/** Modules that Python 2 alone has. */
const PYTHON_2: ReadonlySet<string> = new Set(
  words(`
  __builtin__ anydbm BaseHTTPServer Bastion bsddb Carbon CGIHTTPServer cPickle cStringIO commands compiler ConfigParser
  Cookie cookielib copy_reg dbhash dircache dl DocXMLRPCServer dumbdbm dummy_thread dummy_threading exceptions fl fm
  formatter fpectl fpformat future_builtins gdbm htmlentitydefs htmllib HTMLParser httplib ihooks imageop imputil
  itertools_ext macpath macurl2path md5 mhlib mimetools MimeWriter mimify multifile mutex new os2emxpath popen2 posixfile
  Queue repr rexec rfc822 robotparser ScrolledText sets sgmllib sha SimpleHTTPServer SimpleXMLRPCServer SocketServer
  statvfs StringIO stringold strop sunaudio sv symbol thread Tix Tkconstants Tkdnd Tkinter tkColorChooser
  tkCommonDialog tkFileDialog tkFont tkMessageBox tkSimpleDialog toaiff ttk urllib2 urlparse user UserDict UserList
  UserString whichdb xmllib xmlrpclib _winreg`),
);

/** Modules that a Python 3 dropped, by the first one without them. */
const REMOVED_FROM_3: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...words('asynchat asyncore distutils imp smtpd').map((name): [string, number[]] => [name, [3, 12]]),
  ...words(
    'aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib',
  ).map((name): [string, number[]] => [name, [3, 13]]),
  ...words('binhex').map((name): [string, number[]] => [name, [3, 11]]),
  ...words('parser symbol').map((name): [string, number[]] => [name, [3, 10]]),
]);

/** Modules that came after Python 2.7 and 3.2, by the first interpreter with them. */
const SINCE: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ['annotationlib', [3, 14]],
  ['asyncio', [3, 4]],
  ['collections.abc', [3, 3]],
  ['compression', [3, 14]],
  ['concurrent', [3]],
  ['contextvars', [3, 7]],
  ['dataclasses', [3, 7]],
  ['ensurepip', [3, 4]],
  ['enum', [3, 4]],
  ['faulthandler', [3, 3]],
  ['graphlib', [3, 9]],
  ['importlib.metadata', [3, 8]],
  ['importlib.resources', [3, 7]],
  ['ipaddress', [3, 3]],
  ['lzma', [3, 3]],
  ['pathlib', [3, 4]],
  ['secrets', [3, 6]],
  ['selectors', [3, 4]],
  ['statistics', [3, 4]],
  ['tomllib', [3, 11]],
  ['tracemalloc', [3, 4]],
  ['typing', [3, 5]],
  ['unittest.mock', [3, 3]],
  ['urllib.error', [3]],
  ['urllib.parse', [3]],
  ['urllib.request', [3]],
  ['venv', [3, 3]],
  ['zipapp', [3, 5]],
  ['zoneinfo', [3, 9]],
]);

/** Names of Python 3 that Python 2.7 does not have; all others are of both. */
const OF_3_ONLY: ReadonlySet<string> = new Set(
  words('builtins configparser copyreg dbm html http queue reprlib socketserver tkinter winreg xmlrpc'),
);

const OF_BOTH: ReadonlySet<string> = new Set(
  [...PYTHON_3, ...REMOVED_FROM_3.keys()].filter((name) => !OF_3_ONLY.has(name)),
);
