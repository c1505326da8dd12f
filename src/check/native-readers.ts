import type { LibraryLanguage } from './finding.ts';
import type { LogLine } from './log-lines.ts';
import type { Found, Reader } from './reader.ts';

type Told = Omit<Found, 'line'>;

/** Headers, libraries and programs that are not there: compilers, linkers, pkg-config, Meson, CMake, shells, and packages that look themselves. */
export const NATIVE_READERS: readonly Reader[] = [
  // gcc and clang
  {
    pattern: /fatal error: '?([\w.+/-]{1,200}?)'?(?:: No such file or directory| file not found)/u,
    read: ([, header = '']) => library('header', header),
  },
  // GNU ld, gold, lld, Apple's ld
  {
    pattern: /cannot find -l:?([\w.+-]{1,100}?)(?:: No such file or directory)?$/u,
    read: ([, name = '']) => library('link', stem(name)),
  },
  {
    pattern: /(?:library not found for|unable to find library|library) '?-l([\w.+-]{1,100}?)'?(?: not found)?$/u,
    read: ([, name = '']) => library('link', name),
  },
  // The dynamic linker, at import, and autoPatchelfHook
  {
    pattern: /(?:ImportError|OSError): (lib[\w.+-]{1,100}?\.so[\w.]*): cannot open shared object file/u,
    read: ([, soname = '']) => library('link', libraryOfSoname(soname)),
  },
  {
    pattern: /auto-patchelf could not satisfy dependency (lib[\w.+-]{1,100}?\.so[\w.]*) wanted by/u,
    read: ([, soname = '']) => library('link', libraryOfSoname(soname)),
  },
  {
    pattern: /^\s*(lib[\w.+-]{1,100}?\.so[\w.]*) => not found$/u,
    read: ([, soname = '']) => library('link', libraryOfSoname(soname)),
  },
  {
    pattern: /^\s*(lib[\w.+-]{1,100}?\.so[\w.]*), needed by \S/u,
    read: ([, soname = '']) => library('link', libraryOfSoname(soname)),
  },
  // ctypes and cffi, which load by name
  {
    pattern: /OSError: cannot load library '(?:lib)?([\w.+-]{1,100}?)(?:\.so[\d.]*|\.dylib)?'/u,
    read: ([, name = '']) => library('load', name),
  },
  // pkg-config
  {
    pattern: /Package '?([\w.+-]{1,100}?)'? was not found in the pkg-config search path/u,
    read: ([, name = '']) => library('pkg-config', name),
  },
  {
    pattern: /Package '([\w.+-]{1,100})'(?:, required by '[^']{1,200}',)? not found/u,
    read: ([, name = '']) => library('pkg-config', name),
  },
  { pattern: /No package '([\w.+-]{1,100})' found/u, read: ([, name = '']) => library('pkg-config', name) },
  // Meson
  {
    pattern: /ERROR: (?:Subproject .{1,100}: )?Dependency "([\w.+-]{1,100})" not found/u,
    read: ([, name = '']) => library('meson', name),
  },
  {
    pattern: /ERROR: Dependency '([\w.+-]{1,100})' (?:is required but )?not found/u,
    read: ([, name = '']) => library('meson', name),
  },
  {
    pattern: /ERROR: Dependency lookup for ([\w.+-]{1,100}) with method/u,
    read: ([, name = '']) => library('meson', name),
  },
  {
    pattern: /ERROR: C(?:\+\+)? (?:shared or static |static |shared )?library '([\w.+-]{1,100})' not found/u,
    read: ([, name = '']) => library('link', name),
  },
  {
    pattern: /ERROR: C(?:\+\+)? header '([\w.+/-]{1,200})' not found/u,
    read: ([, name = '']) => library('header', name),
  },
  {
    pattern: /ERROR: Program '([\w.+ -]{1,100})' not found/u,
    read: ([, name = '']) => program(name.split(' ')[0] ?? name),
  },
  { pattern: /ERROR: Unknown compiler\(s\): \[\['([\w.+-]{1,60})'/u, read: ([, name = '']) => program(name) },
  {
    pattern: /(?:Found pkg-config: NO|Did not find pkg-config by name|Pkg-config for machine .{1,60} not found)/u,
    read: () => program('pkg-config'),
  },
  // CMake: with `-- ` before it, it was optional
  {
    pattern: /^\s+Could NOT find ([\w.+-]{1,100})\b/u,
    read: ([, name = '']) => (name === 'PkgConfig' ? program('pkg-config') : library('cmake', name)),
  },
  {
    pattern: /^\s+Could not find a package configuration file provided by "([\w.+-]{1,100})"/u,
    read: ([, name = '']) => library('cmake', name),
  },
  {
    pattern: /^\s+- ([\w.+-]{1,100})$/u,
    stages: ['build'],
    read: ([, name = ''], { lines, at }) => (isPkgCheckModules(lines, at) ? library('pkg-config', name) : null),
  },
  // Crates
  {
    pattern: /The system library `([\w.+-]{1,100})` required by crate/u,
    read: ([, name = '']) => library('pkg-config', name),
  },
  // Shells, make, and Python where it starts a program
  {
    pattern: /(?:^|\s)(?:line )?\d+: ([\w.+-]{1,60}): (?:command )?not found$/u,
    read: ([, name = '']) => program(name),
  },
  {
    pattern: /^(?:\/\S{1,200}\/)?(?:ba|da)?sh: ([\w.+-]{1,60}): (?:command )?not found$/u,
    read: ([, name = '']) => program(name),
  },
  {
    pattern: /^make(?:\[\d+\])?: ([\w.+-]{1,60}): (?:No such file or directory|Command not found)/u,
    read: ([, name = '']) => program(name),
  },
  {
    pattern: /(?:FileNotFoundError|OSError): \[Errno 2\] No such file or directory: '([\w.+-]{1,60})'$/u,
    stages: ['build', 'tests'],
    read: ([, name = '']) => programOrFile(name),
  },
  {
    pattern: /(?:unable to execute|error: command) '([\w.+-]{1,60})'(?: failed)?: No such file or directory/u,
    read: ([, name = '']) => program(name),
  },
  {
    pattern: /error: \[Errno 2\] No such file or directory: '([\w.+-]{1,60})'$/u,
    stages: ['build'],
    read: ([, name = '']) => programOrFile(name),
  },
  {
    pattern:
      /\b([\w.+-]{1,40}[-_]config)\b.{0,40}? (?:executable )?(?:not found|is (?:required|not (?:found|available|installed)))/u,
    read: ([, name = '']) => program(name),
  },
  {
    pattern: /(?:Could not|Unable to|cannot) (?:run|find|execute) `?'?(?:the )?([\w.+-]{1,40}[-_]config)\b/iu,
    read: ([, name = '']) => program(name),
  },
  {
    pattern:
      /(?:Could not find|CMakeNotFoundError: Could not find) CMake\b|CMake must be installed|Cannot find cmake|Problem with the CMake installation/iu,
    read: () => program('cmake'),
  },
  { pattern: /(?:NinjaNotFoundError|Could not find Ninja|Could not detect Ninja)/iu, read: () => program('ninja') },
  {
    pattern: /can't find Rust compiler|Cargo, the Rust package manager, is not installed/u,
    read: () => [...list(program('cargo')), ...list(program('rustc'))],
  },
  // Packages that look for their libraries themselves
  {
    pattern: /The headers or library files could not be found for (\w{1,40}),/u,
    read: ([, name = '']) => library('meson', name),
  },
  { pattern: /RequiredDependencyException: (\w{1,40})$/u, read: ([, name = '']) => library('meson', name) },
  {
    pattern: /Please make sure the libxml2 and libxslt development packages are installed/u,
    read: () => [...list(library('pkg-config', 'libxml-2.0')), ...list(library('pkg-config', 'libxslt'))],
  },
];

function library(language: LibraryLanguage, name: string): Told {
  return { cause: { kind: 'library', language, name }, stage: null };
}

function program(name: string): Told {
  return { cause: { kind: 'program', name }, stage: null };
}

/** A name with a dot is a file that the build reads, most often. */
function programOrFile(name: string): Told | null {
  return /\.(?:\w*[a-z]\w*)$/iu.test(name) && !/\.exe$/iu.test(name) ? null : program(name);
}

function list(told: Told): readonly Told[] {
  return [told];
}

/** `libz.so.1` gives `z`. */
function libraryOfSoname(soname: string): string {
  return soname.replace(/^lib/u, '').replace(/\.so[\w.]*$/u, '');
}

/** `-l:libz.a` gives `z`. */
function stem(name: string): string {
  return /^lib.+\.(?:a|so[\d.]*)$/u.test(name) ? name.replace(/^lib/u, '').replace(/\.(?:a|so[\d.]*)$/u, '') : name;
}

/** Whether a line is an entry of the list that `pkg_check_modules()` of CMake gives. */
function isPkgCheckModules(lines: readonly LogLine[], at: number): boolean {
  return lines
    .slice(Math.max(0, at - 12), at)
    .some(({ text }) => /following required packages were not found/u.test(text));
}
