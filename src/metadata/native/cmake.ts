import { joinPath } from '../python/file-paths.ts';
import { cmakeTokens, type Token } from './build-tokens.ts';
import { type CmakeVariables, cmakeTruth } from './cmake-conditions.ts';
import {
  type Certainty,
  counts,
  type NativeEvidence,
  type NativeFacts,
  type NativeTool,
  weaker,
} from './native-facts.ts';
import { type Branch, bothMarkers, elseOf, narrowed, type Outer, outerOf } from './truth.ts';

/** What the CMake files of a project ask for. */
export interface CmakeReading {
  readonly evidence: readonly NativeEvidence[];
  readonly tools: readonly NativeTool[];
  /** What is asked for by a name that is computed. */
  readonly unread: NativeFacts['unread'];
  readonly downloads: readonly {
    readonly what: string;
    readonly file: string;
    readonly line: number;
    readonly when: Certainty;
  }[];
}

interface Command {
  /** In lower case: CMake does not tell apart. */
  readonly name: string;
  readonly args: readonly string[];
  /** The arguments with the parentheses among them. */
  readonly words: readonly string[];
  readonly line: number;
}

type Text = (path: string) => string | null;

interface FileToRead {
  readonly path: string;
  /** What the conditions around its inclusion come to. */
  readonly when: Certainty;
  readonly marker: string | undefined;
}

const MAX_FILES = 300;

/**
 * Reads the CMakeLists.txt in `folder`, the root of the project, and the files that it enters with `add_subdirectory()` or takes in with `include()`. Conditions count as far as
 * they look at the system, at an `option()`, whose default is taken, or at what is `set()`. `defined` are variables that the backend defines, by name.
 */
export function readCmake(text: Text, defined: ReadonlyMap<string, string> = new Map(), folder = ''): CmakeReading {
  const evidence: NativeEvidence[] = [];
  const tools: NativeTool[] = [];
  const downloads: CmakeReading['downloads'][number][] = [];
  const unread: NativeFacts['unread'][number][] = [];
  const variables = new Map<string, string | null>(defined);
  const top = joinPath(folder, 'CMakeLists.txt');
  const open: FileToRead[] = [{ path: top, when: 'always', marker: undefined }];
  const seen = new Set<string>();
  for (let next = open.shift(); next !== undefined && seen.size < MAX_FILES; next = open.shift()) {
    const file = next.path;
    const content = seen.has(file) ? null : text(file);
    seen.add(file);
    if (content === null) continue;
    const base = next.when;
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
    walk(commandsOf(cmakeTokens(content)), { variables, defined }, ({ name, args, line }, outer) => {
      const when = weaker(outer.when, base);
      const place = { file, line };
      const marker = bothMarkers(outer.marker, next?.marker);
      const condition = {
        ...(outer.condition === null ? {} : { condition: outer.condition }),
        ...(marker === undefined ? {} : { marker }),
      };
      const [first = ''] = args;
      const has = (word: string) => args.includes(word);
      switch (name) {
        case 'add_subdirectory':
          if (isPlainPath(first)) open.push({ path: `${folder}${first}/CMakeLists.txt`, when, marker });
          return;
        case 'include':
          for (const path of [first, `${first}.cmake`, `cmake/${first}.cmake`, `cmake/Modules/${first}.cmake`])
            if (isPlainPath(path) && text(`${folder}${path}`) !== null)
              open.push({ path: `${folder}${path}`, when, marker });
          return;
        case 'find_package':
          if (first.startsWith('${') && counts(when))
            unread.push({ ...place, what: 'the name that find_package() asks for is computed' });
          if (isName(first))
            evidence.push({
              kind: 'cmake',
              name: first,
              when: weaker(when, has('REQUIRED') ? 'always' : 'optional'),
              ...place,
              ...condition,
            });
          return;
        case 'pkg_check_modules':
        case 'pkg_search_module': {
          const modules = args
            .slice(1)
            .filter((arg) => !PKG_WORDS.has(arg))
            .map((arg) => arg.replace(/[<>=].*$/u, ''))
            .filter(isName);
          const certainty = weaker(when, has('REQUIRED') ? 'always' : 'optional');
          // A search takes the first that is there.
          const taken = name === 'pkg_check_modules' ? modules : modules.slice(0, 1);
          for (const one of taken)
            evidence.push({ kind: 'pkg-config', name: one, when: certainty, ...place, ...condition });
          return;
        }
        case 'find_library': {
          const names = has('NAMES') ? args.slice(args.indexOf('NAMES') + 1) : args.slice(1);
          const certainty = weaker(when, has('REQUIRED') ? 'always' : 'optional');
          for (const one of names.slice(0, 1))
            if (isName(one)) evidence.push({ kind: 'link', name: one, when: certainty, ...place, ...condition });
          return;
        }
        case 'find_program': {
          const names = has('NAMES') ? args.slice(args.indexOf('NAMES') + 1) : args.slice(1);
          for (const one of names.slice(0, 1))
            tools.push({ name: one, when: weaker(when, has('REQUIRED') ? 'always' : 'optional'), ...place });
          return;
        }
        case 'project':
        case 'enable_language': {
          const languages = name === 'project' ? languagesOf(args) : args;
          for (const one of languages) if (isName(one)) tools.push({ name: one.toLowerCase(), when, ...place });
          return;
        }
        case 'fetchcontent_declare':
        case 'externalproject_add':
        case 'cpmaddpackage':
          downloads.push({
            what: `${name === 'externalproject_add' ? 'ExternalProject' : 'FetchContent'} of ${first}`.slice(0, 80),
            when,
            ...place,
          });
      }
    });
  }
  return { evidence, tools, unread, downloads };
}

const PKG_WORDS: ReadonlySet<string> = new Set([
  'REQUIRED',
  'QUIET',
  'IMPORTED_TARGET',
  'GLOBAL',
  'NO_CMAKE_PATH',
  'STATIC_TARGET',
]);

function isName(text: string): boolean {
  return /^[A-Za-z0-9][\w.+-]{0,60}$/u.test(text);
}

function isPlainPath(text: string): boolean {
  return /^[\w.+-]+(?:\/[\w.+-]+)*$/u.test(text) && !text.split('/').includes('..');
}

/** `project(name C CXX)`, `project(name VERSION 1 LANGUAGES C)`. */
function languagesOf(args: readonly string[]): readonly string[] {
  const at = args.indexOf('LANGUAGES');
  if (at >= 0) return args.slice(at + 1);
  return args.some((arg) => /^(?:VERSION|DESCRIPTION|HOMEPAGE_URL)$/u.test(arg)) ? [] : args.slice(1);
}

/** command = name "(" {argument} ")" */
function commandsOf(tokens: readonly Token[]): Command[] {
  const commands: Command[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind !== 'name' || tokens[i + 1]?.value !== '(') continue;
    const args: string[] = [];
    const words: string[] = [];
    let depth = 0;
    let end = i + 1;
    for (; end < tokens.length && end - i < 5000; end++) {
      const part = tokens[end];
      if (part === undefined || part.kind === 'line') continue;
      if (part.kind === 'mark' && part.value === '(' && depth++ === 0) continue;
      if (part.kind === 'mark' && part.value === ')' && --depth === 0) break;
      if (part.kind !== 'mark') args.push(part.value);
      words.push(part.value);
    }
    commands.push({ name: token.value.toLowerCase(), args, words, line: token.line });
    i = end;
  }
  return commands;
}

function walk(
  commands: readonly Command[],
  known: { readonly variables: Map<string, string | null>; readonly defined: ReadonlyMap<string, string> },
  visit: (command: Command, outer: Outer) => void,
): void {
  const branches: Branch[] = [];
  for (const command of commands) {
    const { name, args } = command;
    if (name === 'if') branches.push(branchOf(command, known.variables));
    else if (name === 'elseif') {
      const before = branches.pop();
      const own = branchOf(command, known.variables);
      branches.push(before === undefined ? own : narrowed(own, before));
    } else if (name === 'else') {
      const before = branches.pop();
      if (before !== undefined) branches.push(elseOf(before));
    } else if (name === 'endif') branches.pop();
    else if (name === 'option' || name === 'cmake_dependent_option') {
      const [option, , value = 'OFF'] = args;
      // What was set before stays (CMP0077), and what the backend defines is in the cache already.
      if (option !== undefined && !known.variables.has(option))
        known.variables.set(option, dereferenced(value, known.variables));
    } else if (name === 'set') setVariable(args, outerOf(branches).when, known);
    else visit(command, outerOf(branches));
  }
}

function branchOf({ args, words }: Command, variables: CmakeVariables): Branch {
  return { ...cmakeTruth(words, variables), condition: args.join(' ').slice(0, 100) };
}

/** `set(NAME value)`, `set(NAME value CACHE STRING "…")`. What is set only where something is found may be that or what it was. */
function setVariable(
  [name, value, next]: readonly string[],
  when: Certainty,
  {
    variables,
    defined,
  }: { readonly variables: Map<string, string | null>; readonly defined: ReadonlyMap<string, string> },
): void {
  if (name === undefined || defined.has(name) || !counts(when)) return;
  const isPlain = value !== undefined && (next === undefined || next === 'CACHE' || next === 'PARENT_SCOPE');
  const text = isPlain ? dereferenced(value, variables) : null;
  if (next === 'CACHE' && variables.has(name)) return;
  const isSure = when === 'always' || !variables.has(name) || variables.get(name) === text;
  variables.set(name, isSure ? text : null);
}

function dereferenced(value: string, variables: CmakeVariables): string | null {
  const name = /^\$\{(\w+)\}$/u.exec(value)?.[1];
  if (name !== undefined) return variables.get(name) ?? null;
  return value.includes('$') ? null : value;
}
