import type { SyntaxNode } from '@lezer/common';
import { childrenOf, type PythonSource, textOf } from './syntax.ts';

/** One module that an import statement names. */
export interface ImportedModule {
  /** Dotted name; may be empty for `from . import x`. */
  readonly module: string;
  /** How many dots stand before it. */
  readonly level: number;
  /** The name after `as`. */
  readonly alias: string | null;
  /** What is taken out of it (`*` for all); null for `import module`. */
  readonly names: readonly { readonly name: string; readonly alias: string | null }[] | null;
}

/**
 * What an import statement imports.
 * statement = "import" module ["as" name] ("," module ["as" name])*
 *           | "from" "."* module "import" ("*" | ["("] name ["as" name] ("," name ["as" name])* [")"])
 */
export function importsOf(source: PythonSource, node: SyntaxNode): ImportedModule[] {
  const tokens = childrenOf(node)
    .map((child) => textOf(source, child))
    .filter((text) => text !== '(' && text !== ')');
  if (tokens[0] === 'import') {
    return entriesOf(tokens.slice(1)).map(({ name, alias }) => ({ module: name, level: 0, alias, names: null }));
  }
  const at = tokens.indexOf('import');
  if (tokens[0] !== 'from' || at < 0) return [];
  const path = tokens.slice(1, at);
  const start = path.findIndex((token) => token !== '.' && token !== '...');
  const module = start < 0 ? '' : path.slice(start).join('');
  const level = path.slice(0, start < 0 ? path.length : start).join('').length;
  return [{ module, level, alias: null, names: entriesOf(tokens.slice(at + 1)) }];
}

/** entries = name ("." name)* ["as" name] ("," ...)* */
function entriesOf(tokens: readonly string[]): { name: string; alias: string | null }[] {
  const entries: { name: string; alias: string | null }[] = [];
  let name = '';
  let alias: string | null = null;
  const end = () => {
    if (name !== '') entries.push({ name, alias });
    name = '';
    alias = null;
  };
  for (const [i, token] of tokens.entries()) {
    if (token === ',') end();
    else if (tokens[i - 1] === 'as') alias = token;
    else if (token !== 'as') name += token;
  }
  end();
  return entries;
}
