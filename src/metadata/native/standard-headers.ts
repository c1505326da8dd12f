/**
 * Whether a header is part of the C and C++ libraries, of Python, or of systems themselves: such a name is evidence of nothing. Names without an extension
 * are those of the C++ library.
 */
export function isStandardHeader(header: string): boolean {
  // Those of C++ itself have no folder: `vector`, but `Eigen/Dense`.
  if (!/\.(?:h|hpp|hh|hxx)$/u.test(header) && !/^[\w+-]+(?:\/[\w+-]+){1,8}$/u.test(header)) return true;
  const [folder = ''] = header.split('/', 1);
  return STANDARD.has(header) || (header.includes('/') && SYSTEM_FOLDERS.has(folder));
}

const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  ...[
    'sys',
    'netinet',
    'arpa',
    'net',
    'netpacket',
    'linux',
    'bits',
    'asm',
    'asm-generic',
    'gnu',
    'rpc',
    'protocols',
    'scsi',
  ],
  ...[
    'mach',
    'mach-o',
    'machine',
    'os',
    'libkern',
    'dispatch',
    'objc',
    'cpython',
    'internal',
    'experimental',
    'ext',
    'tr1',
  ],
  ...[
    'CoreFoundation',
    'CoreServices',
    'Carbon',
    'Cocoa',
    'Security',
    'SystemConfiguration',
    'IOKit',
    'OpenGL',
    'Accelerate',
  ],
  ...['AvailabilityMacros', 'ApplicationServices', 'Foundation', 'AppKit', 'GSS', 'Kerberos', 'vecLib', 'winrt', 'ddk'],
]);

const STANDARD: ReadonlySet<string> = new Set(
  [
    'alloca assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool stddef',
    'stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype',
    'aio cpio dirent dlfcn fcntl fmtmsg fnmatch ftw glob grp iconv langinfo libgen mqueue ndbm netdb nl_types poll pthread pwd regex sched search semaphore spawn',
    'strings stropts syslog tar termios trace ulimit unistd utime utmpx wordexp memory malloc values endian byteswap getopt error execinfo features libintl link',
    'elf ifaddrs pty utmp termio sysexits paths shadow resolv crypt argp argz fts err mntent obstack printf sgtty stab ucontext utmp wait xlocale util libutil',
    'varargs bstring float stdckdint unwind cpuid x86intrin immintrin emmintrin xmmintrin pmmintrin tmmintrin smmintrin nmmintrin wmmintrin ammintrin avxintrin',
    'arm_neon arm_acle arm_sve altivec omp intrin mmintrin bmiintrin popcntintrin cet rpc kvm poll zconf pyconfig Python pyconfig pymem structmember frameobject',
    'patchlevel marshal pythread datetime compile node eval import symtable token descrobject methodobject code ceval opcode pystate longintrepr',
    'TargetConditionals AvailabilityMacros Availability Kerberos libproc copyfile xpc membership sandbox notify crt_externs',
    'windows Windows winsock winsock2 WinSock2 Winsock2 ws2tcpip WS2tcpip mswsock io direct process conio tchar crtdbg malloc shlobj shellapi winbase windef winnt',
    'winuser winreg wincrypt winioctl psapi tlhelp32 iphlpapi Iphlpapi setupapi basetsd intsafe strsafe float wtypes objbase ole2 oleauto comdef initguid sdkddkver',
    'synchapi sysinfoapi processthreadsapi versionhelpers lmcons ntstatus bcrypt ntsecapi sspi unixlib stdafx afunix shlwapi imagehlp dbghelp kbd mmsystem wingdi',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `${name}.h`),
);
