import type { SyntaxNode } from '@lezer/common';
import { tryParseRequirement } from '../pep/requirement.ts';
import { type NoxScope, namesIn, textsOfEntries } from './nox-values.ts';
import { callsIn, childrenOf, parsePython, placeOf, shortTextOf } from './python/syntax.ts';
import type { Place, Reading, RequirementGroups } from './release-facts.ts';
import { eggOf, readRequirementLines } from './requirement-files.ts';

/** What noxfile.py says about running the tests. */
export interface NoxReading {
  /** Requirements that the sessions which run tests install. */
  readonly deps: Reading<readonly string[]>;
  /** The commands that these sessions run, a line each. */
  readonly commands: string;
  /** What these sessions install beside that. */
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

interface NoxFiles {
  readonly text: (path: string) => string | null;
}

/** A call of a method of `session`. */
interface SessionCall {
  readonly method: string;
  readonly texts: readonly string[];
  /** The source of the arguments that are not known. */
  readonly open: readonly string[];
  readonly place: Place;
}

interface Installed {
  readonly requirements: readonly string[];
  readonly unread: readonly string[];
}

const OTHER_WORK =
  /lint|flake8|docs?|sphinx|mypy|typ(?:e|ing)|cover|style|format|black|isort|ruff|release|build|publish|bench|perf|dev|clean|security|audit/iu;

/**
 * Reads the sessions of a noxfile.py by its syntax tree: functions with the decorator `nox.session` that run pytest or unittest, with the functions of the
 * file that they call. Of what they install literal texts count, texts and lists of them that have a name, dependency groups of pyproject.toml, and files that are included with `-r`.
 */
export function readNox(files: NoxFiles, groups: RequirementGroups = {}): NoxReading {
  const text = files.text('noxfile.py');
  if (text === null) return { deps: { kind: 'absent' }, commands: '', unknowns: [] };
  const source = parsePython('noxfile.py', text);
  const nothing: NoxScope = { source, names: new Map(), groups };
  const scope: NoxScope = { ...nothing, names: namesIn(nothing, source.root) };
  const functions = topFunctions(scope);
  const deps = new Set<string>();
  const commands: string[] = [];
  const unknowns: NoxReading['unknowns'][number][] = [];
  let place: Place | null = null;
  for (const [name, { definition, isSession }] of functions) {
    if (!isSession || OTHER_WORK.test(name)) continue;
    const calls = sessionCalls(scope, definition, functions, new Set([name]));
    const runs = calls.filter(({ method }) => method === 'run').map(({ texts }) => texts.join(' '));
    if (!runs.some((command) => /\bpytest\b|\bunittest\b|\bpy\.test\b/u.test(command))) continue;
    commands.push(...runs);
    for (const call of calls) {
      const found = installedBy(call, files, groups);
      if (found === null) continue;
      place ??= call.place;
      for (const requirement of found.requirements) deps.add(requirement);
      for (const what of found.unread) unknowns.push({ ...call.place, what: 'nox sessions', why: what });
    }
  }
  return {
    deps: place === null ? { kind: 'absent' } : { kind: 'known', value: [...deps], place },
    commands: commands.join('\n'),
    unknowns,
  };
}

interface TopFunction {
  readonly definition: SyntaxNode;
  readonly isSession: boolean;
}

/** The functions at the top of the file, by name. */
function topFunctions({ source }: NoxScope): ReadonlyMap<string, TopFunction> {
  const functions = new Map<string, TopFunction>();
  for (const node of childrenOf(source.root)) {
    const parts = node.name === 'DecoratedStatement' ? childrenOf(node) : [node];
    const definition = parts.find((child) => child.name === 'FunctionDefinition');
    const name = definition === undefined ? undefined : childrenOf(definition).find(isName);
    if (definition === undefined || name === undefined) continue;
    const isSession = parts.some((part) => part.name === 'Decorator' && /\bsession\b/u.test(shortTextOf(source, part)));
    functions.set(shortTextOf(source, name), { definition, isSession });
  }
  return functions;
}

function isName({ name }: SyntaxNode): boolean {
  return name === 'VariableName';
}

/** `session.install("a", "b")`, `session.run("pytest", …)`, and the same in functions of the file that are given the session. */
function sessionCalls(
  scope: NoxScope,
  definition: SyntaxNode,
  functions: ReadonlyMap<string, TopFunction>,
  seen: Set<string>,
): SessionCall[] {
  const { source } = scope;
  const body = childrenOf(definition).find(({ name }) => name === 'Body');
  if (body === undefined) return [];
  const local: NoxScope = { ...scope, names: namesIn(scope, body) };
  return [...callsIn(body)].flatMap(({ node, callee, args }): SessionCall[] => {
    const name = shortTextOf(source, callee);
    const helper = functions.get(name);
    if (helper !== undefined && !seen.has(name) && /\bsession\b/u.test(shortTextOf(source, args))) {
      seen.add(name);
      return sessionCalls(scope, helper.definition, functions, seen);
    }
    const method = /^session\.(install|run|run_install|conda_install)$/u.exec(name)?.[1];
    return method === undefined ? [] : [{ method, ...textsOfEntries(local, args), place: placeOf(source, node) }];
  });
}

/** What a call installs; null for one that installs nothing. */
function installedBy(
  { method, texts, open }: SessionCall,
  files: NoxFiles,
  groups: RequirementGroups,
): Installed | null {
  if (method === 'conda_install') return { requirements: [], unread: [`installs with conda: ${texts.join(' ')}`] };
  const at = method === 'install' ? 0 : pipArguments(texts);
  if (at === null) return null;
  const found = installed(texts.slice(at), files, groups);
  return { ...found, unread: [...found.unread, ...open.map((text) => `installs ${text.slice(0, 80)}`)] };
}

/** Where the arguments of `pip install` begin; null for another command. */
function pipArguments(texts: readonly string[]): number | null {
  const at = texts.indexOf('pip');
  return at >= 0 && texts[at + 1] === 'install' ? at + 2 : null;
}

/** Options of pip that are given a value which is no requirement. */
const WITH_VALUE = /^(?:--(?:extra|constraint|index-url|extra-index-url|find-links|target|prefix)|-[cfit])$/u;

function installed(texts: readonly string[], files: NoxFiles, groups: RequirementGroups): Installed {
  const requirements: string[] = [];
  const unread: string[] = [];
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] ?? '';
    const [option = '', joinedValue] = text.startsWith('--') ? text.split('=', 2) : [text];
    const value = () => joinedValue ?? texts[++i] ?? '';
    if (option === '-r' || option === '--requirement') {
      const path = value();
      const content = files.text(path);
      const lines = content === null ? null : readRequirementLines(content, path, files.text);
      requirements.push(...(lines?.requirements ?? []));
      unread.push(...(lines?.unknowns ?? [{ why: `includes ${path}, which is not there` }]).map(({ why }) => why));
    } else if (option === '--group' || option === '--only-group') {
      const group = value();
      if (Object.hasOwn(groups, group)) requirements.push(...(groups[group] ?? []));
      else unread.push(`installs the group ${group.slice(0, 80)}, which is not there`);
    } else if (WITH_VALUE.test(option)) {
      value();
    } else if (!text.startsWith('-') && !text.startsWith('.') && text !== '') {
      const requirement = eggOf(text) ?? text;
      if (tryParseRequirement(requirement) !== null) requirements.push(requirement);
      else unread.push(`this is no requirement: ${text.slice(0, 80)}`);
    }
  }
  return { requirements, unread };
}
