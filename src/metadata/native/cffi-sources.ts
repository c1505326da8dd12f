import type { SyntaxNode } from '@lezer/common';
import { callsIn, childrenOf, type PythonSource, placeOf, shortTextOf } from '../python/syntax.ts';
import type { NativeEvidence } from './native-facts.ts';

/**
 * The `libraries` that a program which builds modules of cffi names: as a keyword of `ffi.set_source()` and `ffi.verify()`, or of its own functions that
 * hand it on. Texts and lists count, and names that stand for one.
 */
export function cffiLibraries(source: PythonSource): NativeEvidence[] {
  if (!/\b(?:set_source|verify)\b/u.test(source.text)) return [];
  const evidence: NativeEvidence[] = [];
  const texts = namedTexts(source);
  // A setup.py that also builds other extensions is read by evaluation.
  const isBuilder = /\bset_source\b/u.test(source.text) && source.path !== 'setup.py';
  for (const { callee, args } of callsIn(source.root)) {
    if (isBuilder || /\.(?:set_source|verify)$/u.test(shortTextOf(source, callee)))
      evidence.push(...librariesOf(source, args, texts));
  }
  return evidence;
}

function librariesOf(
  source: PythonSource,
  args: SyntaxNode,
  texts: ReadonlyMap<string, readonly string[]>,
): NativeEvidence[] {
  const nodes = childrenOf(args);
  const at = nodes.findIndex((node) => shortTextOf(source, node) === 'libraries');
  const value = nodes[at + 2];
  if (at < 0 || value === undefined) return [];
  const items = value.name === 'ArrayExpression' ? childrenOf(value) : [value];
  return items.flatMap((item): NativeEvidence[] => {
    const text = shortTextOf(source, item);
    const literal = value.name === 'ArrayExpression' ? (LITERAL.exec(text)?.[1] ?? null) : null;
    const names = literal === null ? (texts.get(text) ?? []) : [literal];
    return names.map((name) => ({ kind: 'link', name, when: 'always', ...placeOf(source, item) }));
  });
}

const LITERAL = /^["']([\w.+-]{1,60})["']$/u;

/**
 * Names at the start of a line that stand for a text, or a list of texts on one line, or for the first of two which all but Windows have. What is assigned
 * twice stands for nothing.
 * line = name "=" (text | "[" [text {"," text}] "]") ["if" condition "else" …]
 */
function namedTexts({ text }: PythonSource): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  for (const [, name = '', value = '', rest = ''] of text.matchAll(NAMED_TEXT)) {
    const isElsewhere = /^ if\b/u.test(rest) && /win/iu.test(rest) && !/\bnot\b|!=/u.test(rest);
    const items = [...value.matchAll(/["']([\w.+-]{1,60})["']/gu)].map(([, item = '']) => item);
    texts.set(name, texts.has(name) || isElsewhere ? [] : items);
  }
  return texts;
}

const NAMED_TEXT = /^([A-Za-z_]\w{0,60}) ?= ?(["'][\w.+-]{1,60}["']|\[[\w.+\-"', ]{0,300}\])([^\n]{0,200})/gmu;
