import type { SyntaxNode } from '@lezer/common';
import { stringLiteral } from './python/string-literal.ts';
import { childrenOf, itemsOf, nodesOf, type PythonSource, shortTextOf } from './python/syntax.ts';
import type { RequirementGroups } from './release-facts.ts';

/** What an expression of a noxfile stands for: its texts, and what of it cannot be told. */
export interface NoxTexts {
  readonly texts: readonly string[];
  /** The source of each part whose text is not known. */
  readonly open: readonly string[];
}

/** Names that stand for texts and lists of texts. */
export type NoxNames = ReadonlyMap<string, NoxTexts>;

export interface NoxScope {
  readonly source: PythonSource;
  readonly names: NoxNames;
  /** The dependency groups of pyproject.toml. */
  readonly groups: RequirementGroups;
}

/**
 * The texts of the entries of a list or of the arguments of a call, keyword arguments left out.
 * entries = ["*"] expression | name "=" expression, with commas between them
 */
export function textsOfEntries(scope: NoxScope, list: SyntaxNode): NoxTexts {
  const nodes = itemsOf(list);
  const parts: NoxTexts[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node === undefined) continue;
    if (nodes[i + 1]?.name === 'AssignOp') {
      i += 2;
      continue;
    }
    const spread = shortTextOf(scope.source, node) === '*' ? nodes[++i] : undefined;
    // What users give on the command line is nothing where nobody gives anything.
    if (spread !== undefined && shortTextOf(scope.source, spread) === 'session.posargs') continue;
    parts.push(textsOf(scope, spread ?? node));
  }
  return joined(parts);
}

/** The names that assignments below the node give to texts, beside those that are known. One that is assigned or changed twice is not known. */
export function namesIn(scope: NoxScope, root: SyntaxNode): NoxNames {
  const names = new Map(scope.names);
  const changed = new Set<string>();
  for (const statement of assignmentsBelow(root)) {
    const [target, , ...rest] = childrenOf(statement);
    const [value] = rest;
    const name = target?.name === 'VariableName' ? shortTextOf(scope.source, target) : '';
    if (name === '' || value === undefined) continue;
    const isPlain = statement.name === 'AssignStatement' && rest.length === 1 && !changed.has(name);
    names.set(name, isPlain ? textsOf({ ...scope, names }, value) : { texts: [], open: [name] });
    changed.add(name);
  }
  return names;
}

function assignmentsBelow(root: SyntaxNode): SyntaxNode[] {
  // A function has names of its own.
  const into = (node: SyntaxNode): boolean => node === root || !CLOSED.has(node.name);
  return [...nodesOf(root, into)].filter((node) => node !== root && ASSIGNING.has(node.name));
}

const ASSIGNING: ReadonlySet<string> = new Set(['AssignStatement', 'UpdateStatement']);
const CLOSED: ReadonlySet<string> = new Set([...ASSIGNING, 'FunctionDefinition', 'ClassDefinition']);

function textsOf(scope: NoxScope, node: SyntaxNode): NoxTexts {
  const { source } = scope;
  const text = shortTextOf(source, node);
  const open = [text === '' ? 'a long expression' : text.replace(/\s+/gu, ' ')];
  const unread: NoxTexts = { texts: projectBefore(text), open };
  switch (node.name) {
    case 'String': {
      const literal = stringLiteral(text);
      return literal === null ? unread : { texts: [literal], open: [] };
    }
    case 'ContinuedString': {
      const parts = childrenOf(node).map((part) => textsOf(scope, part));
      return parts.some(({ open }) => open.length > 0)
        ? unread
        : { texts: [parts.flatMap(({ texts }) => texts).join('')], open: [] };
    }
    case 'FormatString':
      return formatted(scope, node) ?? unread;
    case 'VariableName':
      return scope.names.get(text) ?? unread;
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
      return textsOfEntries(scope, node);
    case 'ParenthesizedExpression': {
      const [inner] = itemsOf(node);
      return inner === undefined ? unread : textsOf(scope, inner);
    }
    case 'CallExpression':
      return groupsOfCall(scope, node) ?? unread;
    default:
      return unread;
  }
}

/** An f-string whose fields are names of texts alone; null for any other. */
function formatted(scope: NoxScope, node: SyntaxNode): NoxTexts | null {
  const text = shortTextOf(scope.source, node);
  const fields = childrenOf(node).filter(({ name }) => name === 'FormatReplacement');
  let plain = '';
  let from = node.from;
  for (const field of fields) {
    const [expression, ...layout] = itemsOf(field);
    const value = expression?.name === 'VariableName' ? textsOf(scope, expression) : null;
    const [only] = value?.texts ?? [];
    if (only === undefined || value?.texts.length !== 1 || value.open.length > 0 || layout.length > 0) return null;
    if (/["'\\{}\n]/u.test(only)) return null;
    plain += text.slice(from - node.from, field.from - node.from) + only;
    from = field.to;
  }
  const literal = stringLiteral((plain + text.slice(from - node.from)).replace(/^[A-Za-z]+/u, ''));
  return literal === null || /[{}]/u.test(literal) ? null : { texts: [literal], open: [] };
}

/** Of `f"django~={version}.0"` and `"django~=%s" % version` the project is known, whatever its version. */
function projectBefore(text: string): string[] {
  const name = /^[A-Za-z]{0,2}["']{1,3}([A-Za-z0-9][\w.-]{0,100}(?:\[[\w,.-]{1,100}\])?)\s*(?:[=~!]=|[<>]=?)/u.exec(
    text,
  )?.[1];
  return name === undefined ? [] : [name];
}

/** `nox.project.dependency_groups(pyproject, "test")`: what the groups ask for; null for another call, or a group that is not there. */
function groupsOfCall(scope: NoxScope, node: SyntaxNode): NoxTexts | null {
  const [callee, args] = childrenOf(node);
  if (callee === undefined || args === undefined) return null;
  if (!/(?:^|\.)dependency_groups$/u.test(shortTextOf(scope.source, callee))) return null;
  const [, ...names] = itemsOf(args);
  const parts = names.map((name) => textsOf(scope, name));
  if (parts.some(({ open }) => open.length > 0)) return null;
  const wanted = parts.flatMap(({ texts }) => texts);
  if (!wanted.every((name) => Object.hasOwn(scope.groups, name))) return null;
  return { texts: wanted.flatMap((name) => scope.groups[name] ?? []), open: [] };
}

function joined(parts: readonly NoxTexts[]): NoxTexts {
  return { texts: parts.flatMap(({ texts }) => texts), open: parts.flatMap(({ open }) => open) };
}
