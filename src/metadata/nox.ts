import type { SyntaxNode } from '@lezer/common';
import { tryParseRequirement } from '../pep/requirement.ts';
import { callsIn, childrenOf, type PythonSource, parsePython, placeOf, shortTextOf, textOf } from './python/syntax.ts';
import type { Place, Reading } from './release-facts.ts';
import { readRequirementLines } from './requirement-files.ts';

/** What noxfile.py says about running the tests. */
export interface NoxReading {
  /** Requirements that the sessions which run tests install. */
  readonly deps: Reading<readonly string[]>;
  /** The commands that these sessions run, a line each. */
  readonly commands: string;
}

const OTHER_WORK =
  /lint|flake8|docs?|sphinx|mypy|typ(?:e|ing)|cover|style|format|black|isort|ruff|release|build|publish|bench|perf|dev|clean|security|audit/iu;

/**
 * Reads the sessions of a noxfile.py by its syntax tree: functions with the decorator `nox.session` that run pytest or unittest. Of what they install
 * literal texts count, lists of them that have a name at the top of the file, and files that are included with `-r`.
 */
export function readNox(files: { readonly text: (path: string) => string | null }): NoxReading {
  const text = files.text('noxfile.py');
  if (text === null) return { deps: { kind: 'absent' }, commands: '' };
  const source = parsePython('noxfile.py', text);
  const lists = namedLists(source);
  const deps = new Set<string>();
  const commands: string[] = [];
  let place: Place | null = null;
  for (const node of childrenOf(source.root)) {
    if (node.name !== 'DecoratedStatement') continue;
    const [decorator] = childrenOf(node);
    const definition = childrenOf(node).find((child) => child.name === 'FunctionDefinition');
    if (decorator === undefined || definition === undefined || !/\bsession\b/u.test(shortTextOf(source, decorator)))
      continue;
    const name = childrenOf(definition).find((child) => child.name === 'VariableName');
    if (name !== undefined && OTHER_WORK.test(textOf(source, name))) continue;
    const calls = sessionCalls(source, definition, lists);
    const runs = calls.filter(({ method }) => method === 'run').map(({ texts }) => texts.join(' '));
    if (!runs.some((command) => /\bpytest\b|\bunittest\b|\bpy\.test\b/u.test(command))) continue;
    commands.push(...runs);
    for (const { method, texts, place: at } of calls) {
      if (method !== 'install') continue;
      place ??= at;
      for (const requirement of installed(texts, files)) deps.add(requirement);
    }
  }
  return {
    deps: place === null ? { kind: 'absent' } : { kind: 'known', value: [...deps], place },
    commands: commands.join('\n'),
  };
}

function installed(texts: readonly string[], files: { readonly text: (path: string) => string | null }): string[] {
  return texts.flatMap((text, i) => {
    const before = texts[i - 1];
    if (before === '-r' || before === '--requirement') {
      const content = files.text(text);
      return content === null ? [] : readRequirementLines(content, text, files.text).requirements;
    }
    return text.startsWith('-') || text.startsWith('.') || text.includes('/') || tryParseRequirement(text) === null
      ? []
      : [text];
  });
}

/** `session.install("a", "b")`, `session.run("pytest", …)`. */
function sessionCalls(
  source: PythonSource,
  root: SyntaxNode,
  lists: ReadonlyMap<string, readonly string[]>,
): { method: string; texts: string[]; place: Place }[] {
  const calls: { method: string; texts: string[]; place: Place }[] = [];
  for (const { node, callee, args } of callsIn(root)) {
    const method = /^session\.(install|run)$/u.exec(shortTextOf(source, callee))?.[1];
    if (method === undefined) continue;
    const texts = childrenOf(args).flatMap((child, index, all) =>
      all[index - 1]?.name === 'ArithOp' || shortTextOf(source, all[index - 1] ?? child) === '*'
        ? (lists.get(shortTextOf(source, child)) ?? [])
        : (textIn(source, child) ?? []),
    );
    calls.push({ method, texts, place: placeOf(source, node) });
  }
  return calls;
}

/** Lists and tuples of texts that have a name at the top level of the file. */
function namedLists(source: PythonSource): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const node of childrenOf(source.root)) {
    const [name, , list] = node.name === 'AssignStatement' ? childrenOf(node) : [];
    if (name === undefined || (list?.name !== 'ArrayExpression' && list?.name !== 'TupleExpression')) continue;
    lists.set(
      shortTextOf(source, name),
      childrenOf(list).flatMap((child) => textIn(source, child) ?? []),
    );
  }
  return lists;
}

function textIn(source: PythonSource, node: SyntaxNode): string | null {
  return /^["']([^"'\\\n]{1,200})["']$/u.exec(shortTextOf(source, node))?.[1] ?? null;
}
