import type { SyntaxNode } from '@lezer/common';
import type { Place } from '../release-facts.ts';
import { childrenOf, type PythonSource, placeOf, textOf } from './syntax.ts';

/**
 * Where a class of setup.py touches the libraries of extensions (`self.libraries.append("pq")` in its own `build_ext`); null where none
 * does. Such classes work while the extension is built, so no reading of the call of `setup()` tells what they add.
 */
export function placeOfLibraryCode(source: PythonSource): Place | null {
  return find(source, (node, inClass) => inClass && isLibraries(source, node));
}

/** Where a module that setup.py imports speaks of `libraries`, as an attribute or as a key; null where it does not. */
export function placeOfLibraryWord(source: PythonSource): Place | null {
  return find(
    source,
    (node) =>
      isLibraries(source, node) || (node.name === 'String' && /^["']libraries["']$/u.test(textOf(source, node))),
  );
}

function isLibraries(source: PythonSource, node: SyntaxNode): boolean {
  return node.name === 'PropertyName' && textOf(source, node) === 'libraries';
}

function find(source: PythonSource, isIt: (node: SyntaxNode, inClass: boolean) => boolean): Place | null {
  const open: { node: SyntaxNode; inClass: boolean }[] = [{ node: source.root, inClass: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, inClass } = next;
    if (isIt(node, inClass)) return placeOf(source, node);
    for (const child of childrenOf(node).toReversed())
      open.push({ node: child, inClass: inClass || node.name === 'ClassDefinition' });
  }
  return null;
}
