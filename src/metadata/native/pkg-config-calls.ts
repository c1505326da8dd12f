import type { SyntaxNode } from '@lezer/common';
import { childrenOf, nodesOf, type PythonSource, placeOf, shortTextOf, textOf } from '../python/syntax.ts';
import type { NativeEvidence, NativeTool } from './native-facts.ts';

/**
 * The modules that a Python program asks pkg-config for: texts of a list or tuple that begins with pkg-config (or a variable of that name), arguments of
 * `pkgconfig.parse()` and its like, a command in one text, and texts that a function is called with whose body runs pkg-config.
 */
export function pkgConfigModules(source: PythonSource): NativeEvidence[] {
  if (!/pkg[-_]?config/iu.test(source.text)) return [];
  const evidence: NativeEvidence[] = [];
  const isOff = optionsThatAreOff(source.text);
  const add = (node: SyntaxNode, text: string) => {
    const name = text.trim().replace(/\s*[<>=].*$/u, '');
    if (!/^[A-Za-z0-9][\w.+-]{0,60}$/u.test(name)) return;
    const condition = conditionsAround(source, node).find(isOff);
    const when = condition === undefined ? 'always' : 'off';
    evidence.push({
      ...{ kind: 'pkg-config', name, when, ...placeOf(source, node) },
      ...(condition === undefined ? {} : { condition: condition.slice(0, 100) }),
    });
  };
  const helpers = new Set<string>();
  for (const node of nodesOf(source.root)) {
    if (node.name === 'FunctionDefinition' && node.to - node.from < 6000 && RUNS.test(textOf(source, node))) {
      const name = childrenOf(node).find((child) => child.name === 'VariableName');
      if (name !== undefined) helpers.add(textOf(source, name));
    }
  }
  for (const node of nodesOf(source.root)) {
    if (node.name === 'ArrayExpression' || node.name === 'TupleExpression') {
      const items = childrenOf(node).filter((child) => !/^[()[\],]$/u.test(child.name));
      const [first, ...rest] = items;
      if (
        first === undefined ||
        !/^(?:["']|\w*$)/u.test(shortTextOf(source, first)) ||
        !NAME.test(shortTextOf(source, first))
      )
        continue;
      for (const item of rest) {
        const text = literal(source, item);
        if (text !== null && !text.startsWith('-')) add(item, text);
      }
    } else if (node.name === 'CallExpression') {
      const [callee, args] = childrenOf(node);
      if (callee === undefined || args === undefined) continue;
      const name = shortTextOf(source, callee);
      const last = name.slice(name.lastIndexOf('.') + 1);
      if (
        /^pkgconfig\.(?:parse|exists|libs|cflags|installed|variables|modversion|configure_extension)$/u.test(name) ||
        helpers.has(last)
      )
        for (const item of argumentTexts(source, args)) if (!item.text.startsWith('-')) add(item.node, item.text);
    } else if (node.name === 'String') {
      const text = literal(source, node);
      const command = text === null ? null : /^pkg-config((?:\s+\S+){1,8})$/u.exec(text.trim());
      for (const word of command?.[1]?.trim().split(/\s+/u) ?? []) if (!/^[-{%$]/u.test(word)) add(node, word);
    }
  }
  return evidence;
}

/** The tests of the `if` statements whose first block a node stands in. */
function conditionsAround(source: PythonSource, node: SyntaxNode): string[] {
  const tests: string[] = [];
  for (let child: SyntaxNode | null = node; child?.parent != null; child = child.parent) {
    const [keyword, test, body] = child.parent.name === 'IfStatement' ? childrenOf(child.parent) : [];
    if (keyword?.name === 'if' && test !== undefined && body?.from === child.from)
      tests.push(shortTextOf(source, test));
  }
  return tests;
}

/**
 * Tells the conditions that hold only where somebody asks for it: a flag on the command line, a variable of the environment, or a name that the program
 * sets to nothing but False, None or 0.
 */
function optionsThatAreOff(text: string): (condition: string) => boolean {
  const values = new Map<string, boolean>();
  for (const [, name = '', value = ''] of text.matchAll(
    /^[ \t]{0,40}(?:self\.)?(\w{1,60})[ \t]*(?:[-+|]?=)[ \t]*([^=\n].{0,80})/gmu,
  ))
    values.set(name, (values.get(name) ?? true) && /^(?:False|None|0)[ \t]*(?:#.*)?$/u.test(value));
  return (condition) => {
    const plain = condition.trim();
    if (/^["'][\w-]+["'] in sys\.argv$/u.test(plain)) return true;
    if (/^os\.(?:getenv|environ\.get)\(\s*["']\w+["']\s*\)$/u.test(plain)) return true;
    const name = /^(?:self\.)?(\w+)$/u.exec(plain)?.[1];
    return name !== undefined && values.get(name) === true;
  };
}

const NAME = /pkg[-_]?config/iu;
const RUNS = /["']pkg-config|pkg_config|PKG_CONFIG|pkgconfig\.(?:parse|exists)/u;

/** The texts of a call's arguments, also those in lists. */
function argumentTexts(source: PythonSource, args: SyntaxNode): { node: SyntaxNode; text: string }[] {
  return childrenOf(args).flatMap((child) => {
    if (child.name === 'ArrayExpression' || child.name === 'TupleExpression') return argumentTexts(source, child);
    const text = literal(source, child);
    return text === null ? [] : [{ node: child, text }];
  });
}

function literal(source: PythonSource, node: SyntaxNode): string | null {
  return node.name === 'String'
    ? (/^[bru]?(["'])([^"'\\\n]{0,200})\1$/iu.exec(textOf(source, node))?.[2] ?? null)
    : null;
}

/** The text of `f"..."`, what it takes in left as it is. */
function formatted(source: PythonSource, node: SyntaxNode): string | null {
  return /^f(["'])([^\n]{0,200})\1$/iu.exec(textOf(source, node))?.[2] ?? null;
}

/** The programs that tell how a library is linked which a Python program names: pkg-config itself, `curl-config`, `pg_config`. */
export function configPrograms(source: PythonSource): NativeTool[] {
  if (!/pkg-config|[_-]config\b/u.test(source.text)) return [];
  const tools = new Map<string, NativeTool>();
  for (const node of nodesOf(source.root)) {
    const text = node.name === 'FormatString' ? formatted(source, node) : literal(source, node);
    const name =
      text === null ? undefined : /^(pkg-config|[a-z][\w-]{0,30}[_-]config)(?: .*|\{.*)?$/u.exec(text.trim())?.[1];
    if (name !== undefined && !tools.has(name)) tools.set(name, { name, when: 'always', ...placeOf(source, node) });
  }
  return [...tools.values()];
}
