import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { lineAt, lineStartsOf } from '../line-starts.ts';
import type { Place } from '../release-facts.ts';

/** A Python file with its syntax tree. The grammar takes Python 2 and 3, and text that is wrong in places. */
export interface PythonSource {
  readonly path: string;
  readonly text: string;
  readonly root: SyntaxNode;
  readonly lineStarts: readonly number[];
  /** Why the tree is that of an empty file; null for a file that was parsed. */
  readonly failure: string | null;
}

/** Parses a Python file; never throws: what is no Python becomes an error node (see isErrorNode), and see `failure`. */
export function parsePython(path: string, text: string): PythonSource {
  const plain = text.replace(/^\ufeff/u, '');
  const lineStarts = lineStartsOf(plain);
  try {
    return { path, text: plain, root: parser.parse(plain).topNode, lineStarts, failure: null };
  } catch (error) {
    // The parser recurses over its tree: thousands of nested brackets are more than its stack.
    if (!(error instanceof RangeError)) throw error;
    return { path, text: plain, root: parser.parse('').topNode, lineStarts, failure: 'it is nested too deeply' };
  }
}

/** Where a node stands; lines count from 1. */
export function placeOf(source: PythonSource, node: SyntaxNode): Place & { readonly line: number } {
  return { file: source.path, line: lineAt(source.lineStarts, node.from) };
}

export function textOf(source: PythonSource, node: SyntaxNode): string {
  return source.text.slice(node.from, node.to);
}

/** The text of a node that is short, as names are; empty for a longer one, so that nested ones are not copied again and again. */
export function shortTextOf(source: PythonSource, node: SyntaxNode): string {
  return node.to - node.from > 300 ? '' : textOf(source, node);
}

/** The nodes below, without comments. Error nodes stay, so that nothing wrong is passed over. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

/** A call: what is called, and its arguments with their parentheses. */
export interface Call {
  readonly node: SyntaxNode;
  readonly callee: SyntaxNode;
  readonly args: SyntaxNode;
}

/**
 * A node and all below it, in the order of the text, each before what it holds; of one for which `into` is false nothing below. However deep
 * or wide the tree is, the stack does not grow.
 */
export function* nodesOf(root: SyntaxNode, into: (node: SyntaxNode) => boolean = () => true): Generator<SyntaxNode> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    if (into(node)) for (const child of childrenOf(node).toReversed()) open.push(child);
  }
}

/** The calls at and below a node, in the order of the text, a call before those in its arguments. */
export function* callsIn(root: SyntaxNode): Generator<Call> {
  for (const node of nodesOf(root)) {
    if (node.name !== 'CallExpression') continue;
    const [callee, args] = childrenOf(node);
    if (callee !== undefined && args !== undefined) yield { node, callee, args };
  }
}

export function isErrorNode(node: SyntaxNode): boolean {
  return node.type.isError;
}

/** The nodes between punctuation: those of `a, b` or of `(a, b)`. */
export function itemsOf(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter((child) => !PUNCTUATION.has(child.name));
}

/** The statements of a block or file, those of `a; b` one by one. */
export function statementsOf(block: SyntaxNode): SyntaxNode[] {
  return childrenOf(block).flatMap((child) =>
    child.name === 'StatementGroup' ? statementsOf(child) : PUNCTUATION.has(child.name) ? [] : [child],
  );
}

/** The comment block at the top of a file, after `#!` and coding lines, without `#`. */
export function leadingComment(source: PythonSource): string {
  const lines: string[] = [];
  for (const line of source.text.split('\n')) {
    const text = line.trim();
    if (text !== '' && !text.startsWith('#')) break;
    if (!text.startsWith('#!') && !/^#.*coding[:=]/u.test(text)) lines.push(text.replace(/^#+\s?/u, ''));
  }
  return lines.join('\n').trim();
}

const PUNCTUATION = new Set([',', ';', ':', '(', ')', '[', ']', '{', '}']);
