import type { Certainty } from './native-facts.ts';

/** One `#include` of a source. */
export interface Include {
  /** As it is written between the marks: `libxml/tree.h`. */
  readonly header: string;
  readonly line: number;
  readonly when: Certainty;
  /** The condition of the preprocessor that decides, where one does. */
  readonly condition?: string;
}

/** What the preprocessor's condition says where a line stands. */
interface Branch {
  readonly when: Certainty;
  readonly condition: string;
  /** What its `#elif` and `#else` are. */
  readonly otherwise: Certainty;
}

/**
 * The headers that a C or C++ source includes, with the conditions around them as far as they are told by macros that compilers define.
 * line = "#" ("include" ("<" header ">" | '"' header '"') | "if" … | "ifdef" name | "ifndef" name | "elif" … | "else" | "endif")
 */
export function includesOf(text: string): Include[] {
  if (!text.includes('include')) return [];
  const includes: Include[] = [];
  const branches: Branch[] = [];
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(DIRECTIVE)) {
    const [, directive = '', rest = ''] = match;
    if (directive === 'include') {
      const header = /^\s*[<"]([A-Za-z0-9_][\w.+/-]{0,100})[>"]/u.exec(rest)?.[1];
      if (header === undefined) continue;
      line += newlines(text, counted, match.index);
      counted = match.index;
      includes.push({ header, line, ...situation(branches) });
    } else if (directive === 'endif') branches.pop();
    else if (directive === 'else' || directive === 'elif') {
      const before = branches.pop();
      if (before !== undefined) branches.push(nextBranch(before, directive, rest.trim().slice(0, 80)));
    } else if (branches.length < MAX_DEPTH) branches.push(branchOf(directive, rest.trim().slice(0, 80)));
  }
  return includes;
}

const DIRECTIVE = /^[ \t]{0,20}#[ \t]{0,20}(include|ifdef|ifndef|if|elif|else|endif)\b([^\n]{0,200})/gmu;
const MAX_DEPTH = 100;

/** Macros of compilers and systems that no build on Linux or macOS has. */
const ELSEWHERE =
  /\b(?:_?WIN32|_WIN64|__WIN32__|WINDOWS|_?MSC_VER|MS_WIN(?:DOWS|32|64)|__CYGWIN__|__MINGW\w*|_AIX|__hpux|__sun|__sgi|__VMS|VMS|__BEOS__|__HAIKU__|__OS2__|__ANDROID__|__EMSCRIPTEN__|__wasi__|__(?:Free|Open|Net)BSD__|__DragonFly__|RISCOS|AMIGA|_ARCH_PPC|RDKAFKA_WIN)\b/u;
const ALWAYS =
  /^(?:__cplusplus|__linux__|__linux|__unix__|__GNUC__|__clang__|__GLIBC__|NDEBUG|Py\w+|PY_\w+|PYPY_\w+|CYTHON_\w+|__has_include\b.*|.*_VERSION\w*\b.*|1)$/u;

function branchOf(directive: string, rest: string): Branch {
  const condition = `#${directive} ${rest}`.trim();
  if (directive === 'ifndef') {
    // A guard against including twice is no condition.
    if (isElsewhere(rest)) return { when: 'always', condition, otherwise: 'elsewhere' };
    return /^(?:HAVE|NO|WITHOUT|USE|DISABLE)/iu.test(rest)
      ? { when: 'off', condition, otherwise: 'optional' }
      : { when: 'always', condition, otherwise: 'always' };
  }
  const isNegated = /!\s*(?:defined\b|\()/u.test(rest);
  if (isElsewhere(rest))
    return isNegated
      ? { when: 'always', condition, otherwise: 'elsewhere' }
      : { when: 'elsewhere', condition, otherwise: 'always' };
  if (rest === '0') return { when: 'off', condition, otherwise: 'always' };
  if (ALWAYS.test(rest)) return { when: 'always', condition, otherwise: 'always' };
  // What a macro HAVE_… stands for is looked for by the build; anything else somebody has to ask for.
  if (/\bHAVE_?\w/u.test(rest)) return { when: isNegated ? 'off' : 'optional', condition, otherwise: 'off' };
  return { when: 'off', condition, otherwise: 'off' };
}

/** What is for macOS alone comes with its SDK, so that it is as good as elsewhere. */
function isElsewhere(rest: string): boolean {
  return ELSEWHERE.test(rest) || (/\b(?:__APPLE__|__MACH__)/u.test(rest) && !/linux|unix|BSD|__GNUC__/iu.test(rest));
}

function nextBranch(before: Branch, directive: string, rest: string): Branch {
  const condition = directive === 'else' ? `#else of ${before.condition}` : `#elif ${rest}`;
  if (directive === 'else') return { when: before.otherwise, condition, otherwise: before.otherwise };
  const own = branchOf('if', rest);
  // The first of several that exclude each other is the one that counts.
  const when = before.otherwise === 'off' ? (own.when === 'elsewhere' ? 'elsewhere' : 'off') : own.when;
  return { when, condition, otherwise: before.otherwise === 'off' ? 'off' : own.otherwise };
}

function situation(branches: readonly Branch[]): { when: Certainty; condition?: string } {
  let decisive: Branch | null = null;
  for (const branch of branches)
    if (branch.when !== 'always' && (decisive === null || ORDER[branch.when] > ORDER[decisive.when])) decisive = branch;
  return decisive === null ? { when: 'always' } : { when: decisive.when, condition: decisive.condition };
}

const ORDER: Readonly<Record<Certainty, number>> = { always: 0, optional: 1, off: 2, elsewhere: 3 };

/**
 * The headers that a Cython file declares.
 * line = "cdef extern from" ["<"] quoted header [">"] …
 */
export function cythonIncludesOf(text: string): Include[] {
  const includes: Include[] = [];
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(EXTERN)) {
    const header = (match[1] ?? '').replace(/^<|>$/gu, '');
    if (!/^[A-Za-z0-9_][\w.+/-]*$/u.test(header)) continue;
    line += newlines(text, counted, match.index);
    counted = match.index;
    includes.push({ header, line, when: 'always' });
  }
  return includes;
}

const EXTERN = /^[ \t]{0,40}cdef[ \t]{1,10}extern[ \t]{1,10}from[ \t]{1,10}["']([^"'\n]{1,120})["']/gmu;

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
