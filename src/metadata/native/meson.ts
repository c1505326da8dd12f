import { mesonTokens, type Token } from './build-tokens.ts';
import {
  type Certainty,
  counts,
  type NativeEvidence,
  type NativeFacts,
  type NativeTool,
  weaker,
} from './native-facts.ts';

/** What the meson.build files of a project ask for. */
export interface MesonReading {
  readonly evidence: readonly NativeEvidence[];
  readonly tools: readonly NativeTool[];
  /** What is asked for by a name that is computed, and files that were not kept. */
  readonly unread: NativeFacts['unread'];
}

/** A function call: its literal positional arguments, and the tokens of each keyword. */
interface Call {
  readonly name: string;
  readonly line: number;
  /** Null for one that is no literal. */
  readonly texts: readonly (string | null)[];
  readonly keywords: ReadonlyMap<string, readonly Token[]>;
}

type Text = (path: string) => string | null;

const MAX_FILES = 300;

/**
 * Reads the meson.build at the root and those below that it enters with `subdir()` or `subproject()`. Conditions count as far as they
 * look at the system or at an option of meson.options, whose default is taken.
 */
export function readMeson(text: Text): MesonReading {
  const options = mesonOptions(text('meson.options') ?? text('meson_options.txt') ?? '');
  const evidence: NativeEvidence[] = [];
  const tools: NativeTool[] = [];
  const unread: NativeFacts['unread'][number][] = [];
  const open: { readonly path: string; readonly when: Certainty }[] = [{ path: 'meson.build', when: 'always' }];
  const seen = new Set<string>();
  for (let next = open.shift(); next !== undefined && seen.size < MAX_FILES; next = open.shift()) {
    const file = next.path;
    if (seen.has(file) || /(?:^|\/)(?:tests?|docs?|examples?|benchmarks?)\//u.test(file)) continue;
    seen.add(file);
    const content = text(file);
    if (content === null) {
      if (!file.startsWith('subprojects/')) unread.push({ file, what: `${file} is not there or too large` });
      continue;
    }
    const folder = file.slice(0, -'meson.build'.length);
    walk(mesonTokens(content), options, (call, outer) => {
      const when = weaker(outer.when, next?.when ?? 'always');
      const place = { file, line: call.line };
      const condition = outer.condition === null ? {} : { condition: outer.condition };
      switch (call.name) {
        case 'subdir':
          for (const one of call.texts.slice(0, 1))
            if (one !== null && /^[\w.+-]+(?:\/[\w.+-]+)*$/u.test(one) && !one.includes('..'))
              open.push({ path: `${folder}${one}/meson.build`, when });
          return;
        case 'subproject':
          // One that is named outright is always built; as the fallback of a dependency it is not.
          for (const one of call.texts.slice(0, 1))
            if (one !== null && /^[\w+-][\w.+-]*$/u.test(one))
              open.push({
                path: `subprojects/${one}/meson.build`,
                when: weaker(when, requiredness(call.keywords.get('required'), options)),
              });
          return;
        case 'dependency':
        case 'find_library': {
          const required = requiredness(call.keywords.get('required'), options);
          const [kind, names] =
            call.name === 'dependency' ? (['meson', call.texts] as const) : (['link', call.texts.slice(0, 1)] as const);
          // Several names are spellings of one thing.
          if (names[0] === null && counts(weaker(when, required)))
            unread.push({ ...place, what: `the name that ${call.name}() asks for is computed` });
          for (const name of names.slice(0, 1))
            if (name !== null && name !== '')
              evidence.push({ kind, name, when: weaker(when, required), ...place, ...condition });
          return;
        }
        case 'find_program': {
          const required = requiredness(call.keywords.get('required'), options);
          for (const name of call.texts.slice(0, 1))
            if (name !== null) tools.push({ name, when: weaker(when, required), ...place });
          return;
        }
        case 'project':
        case 'add_languages':
          for (const name of call.name === 'project' ? call.texts.slice(1) : call.texts)
            if (name !== null) tools.push({ name: name.toLowerCase(), when, ...place });
      }
    });
  }
  return { evidence, tools, unread };
}

/** The state in which an option leaves what hangs on it, by name: `always` for true and enabled, `optional` for auto, `off` for false and disabled. */
function mesonOptions(text: string): ReadonlyMap<string, Certainty> {
  const options = new Map<string, Certainty>();
  walk(mesonTokens(text), new Map(), (call) => {
    if (call.name !== 'option') return;
    const [name] = call.texts;
    const value = call.keywords.get('value')?.[0]?.value;
    const type = call.keywords.get('type')?.[0]?.value;
    if (name === undefined || name === null) return;
    if (value === 'true' || value === 'enabled') options.set(name, 'always');
    else if (value === 'false' || value === 'disabled') options.set(name, 'off');
    else if (type === 'feature') options.set(name, 'optional');
    else if (type === 'boolean') options.set(name, 'always');
  });
  return options;
}

/** `required: true`, `required: false`, `required: get_option('x')`. */
function requiredness(tokens: readonly Token[] | undefined, options: ReadonlyMap<string, Certainty>): Certainty {
  if (tokens === undefined) return 'always';
  const [first] = tokens;
  if (tokens.length === 1 && first?.value === 'true') return 'always';
  if (tokens.length === 1 && first?.value === 'false') return 'optional';
  const option = optionOf(tokens);
  return option === null ? 'optional' : (options.get(option) ?? 'optional');
}

function optionOf(tokens: readonly Token[]): string | null {
  const at = tokens.findIndex(({ value }) => value === 'get_option');
  const name = at < 0 ? undefined : tokens[at + 2];
  return name?.kind === 'text' ? name.value : null;
}

interface Branch {
  readonly when: Certainty;
  readonly otherwise: Certainty;
  readonly condition: string;
}

interface Outer {
  readonly when: Certainty;
  readonly condition: string | null;
}

/** Calls `visit` for each call of a function or method, with what the conditions around it come to. */
function walk(
  tokens: readonly Token[],
  options: ReadonlyMap<string, Certainty>,
  visit: (call: Call, outer: Outer) => void,
): void {
  const branches: Branch[] = [];
  const variables = new Map<string, string>();
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind !== 'name') continue;
    const atStart = i === 0 || tokens[i - 1]?.kind === 'line';
    if (atStart && (token.value === 'if' || token.value === 'elif')) {
      const end = lineEnd(tokens, i);
      const before = token.value === 'elif' ? branches.pop() : undefined;
      const own = branchOf(tokens.slice(i + 1, end), options);
      branches.push(before === undefined ? own : { ...own, when: weaker(own.when, before.otherwise) });
    } else if (atStart && token.value === 'else') {
      const before = branches.pop();
      if (before !== undefined)
        branches.push({
          when: before.otherwise,
          otherwise: before.otherwise,
          condition: `else of ${before.condition}`,
        });
    } else if (atStart && token.value === 'endif') branches.pop();
    const following = tokens[i + 1];
    if (atStart && following?.value === '=') {
      const [value, end] = [tokens[i + 2], tokens[i + 3]];
      if (value?.kind === 'text' && (end === undefined || end.kind === 'line') && !variables.has(token.value))
        variables.set(token.value, value.value);
      else variables.set(token.value, '');
    }
    if (following?.value === '(') visit(readCall(tokens, i, variables), outerOf(branches));
  }
}

function outerOf(branches: readonly Branch[]): Outer {
  let outer: Outer = { when: 'always', condition: null };
  for (const { when, condition } of branches)
    if (when !== 'always' && weaker(outer.when, when) === when) outer = { when, condition };
  return outer;
}

function branchOf(tokens: readonly Token[], options: ReadonlyMap<string, Certainty>): Branch {
  const condition = tokens
    .map(({ kind, value }) => (kind === 'text' ? `'${value}'` : value))
    .join(' ')
    .slice(0, 100);
  const plain = tokens.map(({ value }) => value).join(' ');
  const isNegated = /\bnot\b|!=/u.test(plain);
  if (
    /\b(?:windows|darwin|cygwin|emscripten|freebsd|openbsd|netbsd|sunos|android|msvc|is_win\w*|is_mac\w*|is_darwin|is_mingw\w*)\b/iu.test(
      plain,
    )
  )
    return isNegated
      ? { when: 'always', otherwise: 'elsewhere', condition }
      : { when: 'elsewhere', otherwise: 'always', condition };
  const option = optionOf(tokens);
  if (option !== null) {
    const value = options.get(option) ?? 'optional';
    const opposite: Certainty = value === 'always' ? 'off' : value === 'off' ? 'always' : 'optional';
    // `and` with something that is not known leaves it open.
    const open: Certainty = tokens.some((token) => token.value === 'and' || token.value === 'or')
      ? 'optional'
      : 'always';
    return isNegated
      ? { when: weaker(opposite, open), otherwise: weaker(value, open), condition }
      : { when: weaker(value, open), otherwise: weaker(opposite, open), condition };
  }
  // `if not x.found()` looks for the next choice.
  if (/\bfound\b/u.test(plain))
    return isNegated
      ? { when: 'off', otherwise: 'optional', condition }
      : { when: 'optional', otherwise: 'off', condition };
  return { when: 'optional', otherwise: 'optional', condition };
}

function lineEnd(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind === 'mark') depth += '([{'.includes(token.value) ? 1 : ')]}'.includes(token.value) ? -1 : 0;
    if (token?.kind === 'line' && depth <= 0) return i;
  }
  return tokens.length;
}

/** call = name "(" [[keyword ":"] value {"," [keyword ":"] value}] ")" */
function readCall(tokens: readonly Token[], at: number, variables: ReadonlyMap<string, string>): Call {
  const name = tokens[at]?.value ?? '';
  const line = tokens[at]?.line ?? 0;
  const texts: (string | null)[] = [];
  const keywords = new Map<string, Token[]>();
  let depth = 0;
  let keyword: string | null = null;
  let argument: Token[] = [];
  const finish = () => {
    const [only] = argument;
    if (keyword !== null) keywords.set(keyword, argument);
    else if (argument.length === 1 && only?.kind === 'text') texts.push(only.value);
    else if (argument.length === 1 && only?.kind === 'name') texts.push(variables.get(only.value) || null);
    else if (only?.value === '[')
      texts.push(...argument.flatMap((token) => (token.kind === 'text' ? token.value : [])));
    else if (argument.length > 0) texts.push(null);
    argument = [];
    keyword = null;
  };
  for (let i = at + 1; i < tokens.length && i - at < 2000; i++) {
    const token = tokens[i];
    if (token === undefined || token.kind === 'line') continue;
    if (token.kind === 'mark') {
      if ('([{'.includes(token.value) && depth++ === 0) continue;
      if (')]}'.includes(token.value) && --depth === 0) break;
      if (depth === 1 && token.value === ',') {
        finish();
        continue;
      }
      if (depth === 1 && token.value === ':' && argument.length === 1) {
        keyword = argument[0]?.value ?? '';
        argument = [];
        continue;
      }
    }
    argument.push(token);
  }
  finish();
  return { name, line, texts, keywords };
}
