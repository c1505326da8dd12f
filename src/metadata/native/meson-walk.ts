import type { Token } from './build-tokens.ts';
import { lineEnd, mesonLoop } from './meson-loops.ts';
import { eitherValue, evaluateMeson, type MesonScope, type MesonValue, truthOf, UNKNOWN } from './meson-values.ts';
import { type Certainty, counts } from './native-facts.ts';
import { type Branch, elseOf, narrowed, type Outer, outerOf } from './truth.ts';

/** A function call: its literal positional arguments, and the tokens of each keyword. */
export interface MesonCall {
  readonly name: string;
  readonly line: number;
  /** Null for one that is no literal. */
  readonly texts: readonly (string | null)[];
  readonly keywords: ReadonlyMap<string, readonly Token[]>;
}

/** A project or subproject: variables are global in it, and its options have defaults. */
export interface MesonProject {
  readonly options: ReadonlyMap<string, MesonValue>;
  readonly variables: Map<string, MesonValue>;
}

/** Calls `visit` for each call of a function or method, with what the conditions around it come to. The body of a `foreach` is walked for each entry of a list that is known. */
export function walk(
  tokens: readonly Token[],
  project: MesonProject,
  visit: (call: MesonCall, outer: Outer) => void,
  around: { readonly branches: readonly Branch[]; readonly isInLoop: boolean } = { branches: [], isInLoop: false },
): void {
  const branches: Branch[] = [...around.branches];
  const { isInLoop } = around;
  const { variables } = project;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind !== 'name') continue;
    const atStart = i === 0 || tokens[i - 1]?.kind === 'line';
    if (atStart && (token.value === 'if' || token.value === 'elif')) {
      const end = lineEnd(tokens, i);
      const before = token.value === 'elif' ? branches.pop() : undefined;
      const own = branchOf(tokens.slice(i + 1, end), project);
      branches.push(before === undefined ? own : narrowed(own, before));
    } else if (atStart && token.value === 'else') {
      const before = branches.pop();
      if (before !== undefined) branches.push(elseOf(before));
    } else if (atStart && token.value === 'endif') branches.pop();
    const following = tokens[i + 1];
    if (atStart && token.value === 'foreach') {
      const { names, entries, body, end } = mesonLoop(tokens, i, project);
      // Loops in loops are walked once: a few lines must not become millions of calls.
      for (const entry of isInLoop ? [] : entries) {
        for (const [at, name] of names.entries()) variables.set(name, entry[at] ?? UNKNOWN);
        walk(body, project, visit, { branches, isInLoop: true });
      }
      if (entries.length > 0 && !isInLoop) i = end;
      for (const name of names) variables.set(name, UNKNOWN);
    }
    if (atStart && (following?.value === '=' || following?.value === '+=')) {
      const assigned = following.value === '=' ? tokens.slice(i + 2, lineEnd(tokens, i)) : [];
      const value = following.value === '=' ? evaluateMeson(assigned, project) : UNKNOWN;
      assign(variables, token.value, value, outerOf(branches).when);
    }
    if (following?.value === '(') visit(readCall(tokens, i, variables), outerOf(branches));
  }
}

/** What is set only where something is found leaves the value before it possible. */
function assign(variables: Map<string, MesonValue>, name: string, value: MesonValue, when: Certainty): void {
  if (!counts(when)) return;
  const before = variables.get(name);
  variables.set(name, when === 'always' || before === undefined ? value : eitherValue(before, value));
}

function branchOf(tokens: readonly Token[], scope: MesonScope): Branch {
  const condition = tokens
    .map(({ kind, value }) => (kind === 'text' ? `'${value}'` : value))
    .join(' ')
    .slice(0, 100);
  const truth = truthOf(evaluateMeson(tokens, scope));
  const { when, otherwise } = truth;
  if (when !== 'optional' || otherwise !== 'optional') return { ...truth, condition };
  const plain = tokens.map(({ value }) => value).join(' ');
  if (!SYSTEMS.test(plain)) return { when, otherwise, condition };
  return /\bnot\b|!=/u.test(plain)
    ? { when: 'always', otherwise: 'elsewhere', condition }
    : { when: 'elsewhere', otherwise: 'always', condition };
}

/** Words in a condition that is not understood by which it is about another system. */
const SYSTEMS =
  /\b(?:windows|darwin|cygwin|emscripten|freebsd|openbsd|netbsd|sunos|android|msvc|is_win\w*|is_mac\w*|is_darwin|is_mingw\w*)\b/iu;

function textOf(value: MesonValue | undefined): string | null {
  return value?.kind === 'text' && value.value !== '' ? value.value : null;
}

/** call = name "(" [[keyword ":"] value {"," [keyword ":"] value}] ")" */
function readCall(tokens: readonly Token[], at: number, variables: ReadonlyMap<string, MesonValue>): MesonCall {
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
    else if (argument.length === 1 && only?.kind === 'name') texts.push(textOf(variables.get(only.value)));
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
