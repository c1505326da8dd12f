import type { SyntaxNode } from '@lezer/common';
import type { ImportStatement } from '../release-facts.ts';
import { type ImportedModule, importsOf } from './import-syntax.ts';
import { isStandardModule } from './stdlib-modules.ts';
import { childrenOf, type PythonSource, placeOf, textOf } from './syntax.ts';

/** The third-party imports that running a file's top level does; those in functions and classes' methods are not. */
export function topLevelImports(source: PythonSource): ImportStatement[] {
  return allImports(source, { isRun: true }).filter(({ optional }) => !optional);
}

/** Everything that the import statements of a file name, relative imports and the standard library too. */
export function importedModules(source: PythonSource): ImportedModule[] {
  return statementsIn(source).flatMap(({ node }) => (node.name === 'ImportStatement' ? importsOf(source, node) : []));
}

/** Of these, what reading the file imports whatever is installed: the statements at its top level that nothing guards. */
export function readModules(source: PythonSource): ImportedModule[] {
  return statementsIn(source).flatMap(({ node, guarded, optional, isMain }) =>
    node.name === 'ImportStatement' && !guarded && !optional && !isMain ? importsOf(source, node) : [],
  );
}

/**
 * All absolute imports of a file that are not of the standard library, with where they stand. `optional`: in a function, behind or in a call of
 * `pytest.importorskip` for it, or, unless the file is run as a program (`isRun`), where only that is asked for; `guarded`: in a `try` that catches the failure of an import, or under a condition.
 */
export function allImports(
  source: PythonSource,
  { isRun = false }: { readonly isRun?: boolean } = {},
): ImportStatement[] {
  const found: ImportStatement[] = [];
  // A file is left where one of these is absent, before it comes to what stands behind.
  const announced = new Set<string>();
  for (const { node, guarded, optional, isMain } of statementsIn(source)) {
    if (node.name === 'ImportStatement') {
      for (const { module, level } of importsOf(source, node)) {
        if (level !== 0 || module === '') continue;
        const isNeedless = optional || (isMain && !isRun) || announced.has(topOf(module));
        found.push({ ...placeOf(source, node), module, guarded, optional: isNeedless });
      }
    } else {
      const module = importorskip(source, node);
      if (module === null) continue;
      if (!optional && !guarded && !isMain) announced.add(topOf(module));
      found.push({ ...placeOf(source, node), module, guarded: false, optional: true });
    }
  }
  return found.filter(({ module }) => !isStandardModule(module));
}

interface Found {
  readonly node: SyntaxNode;
  readonly guarded: boolean;
  readonly optional: boolean;
  /** Under `if __name__ == "__main__"`. */
  readonly isMain: boolean;
}

function topOf(module: string): string {
  return module.split('.', 1)[0] ?? module;
}

/** The import statements of a file in order, and the calls that may be of importorskip. */
function statementsIn(source: PythonSource): Found[] {
  const found: Found[] = [];
  // Most of a tree are expressions, which hold no statement; only the rare call of importorskip stands among them.
  const looksAtCalls = source.text.includes('importorskip');
  // Iterative: test files can be nested deeper than the stack is.
  const open: Found[] = [{ node: source.root, guarded: false, optional: false, isMain: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, guarded, optional, isMain } = next;
    if (node.name === 'ImportStatement' || (looksAtCalls && node.name === 'CallExpression')) found.push(next);
    if (node.name === 'ImportStatement') continue;
    if (!looksAtCalls && !node.type.isError && !HOLDS_STATEMENTS.has(node.name)) continue;
    for (const child of childrenOf(node).toReversed()) {
      const isBody = child.name === 'Body';
      open.push({
        node: child,
        guarded: guarded || (isBody && guards(source, node, child)),
        optional: optional || (isBody && (node.name === 'FunctionDefinition' || node.name === 'LambdaExpression')),
        isMain: isMain || (isBody && node.name === 'IfStatement' && isMainGuard(source, node)),
      });
    }
  }
  return found;
}

/** Nodes of the grammar that statements can stand in. */
const HOLDS_STATEMENTS: ReadonlySet<string> = new Set([
  'Script',
  'Body',
  'StatementGroup',
  'IfStatement',
  'ForStatement',
  'WhileStatement',
  'TryStatement',
  'WithStatement',
  'MatchStatement',
  'MatchBody',
  'MatchClause',
  'FunctionDefinition',
  'ClassDefinition',
  'DecoratedStatement',
]);

/** Whether a block is run only where something is there, or only when something is not. */
function guards(source: PythonSource, statement: SyntaxNode, body: SyntaxNode): boolean {
  if (statement.name === 'IfStatement') return !isMainGuard(source, statement);
  if (statement.name !== 'TryStatement') return false;
  const isHandler = !['try', 'else', 'finally'].includes(keywordOf(statement, body));
  return isHandler || childrenOf(statement).some((child) => isImportHandler(source, child));
}

/** The last keyword before the block. */
function keywordOf(statement: SyntaxNode, body: SyntaxNode): string {
  let keyword = '';
  for (const child of childrenOf(statement)) {
    if (child.from === body.from && child.name === 'Body') return keyword;
    if (['try', 'except', 'else', 'finally'].includes(child.name)) keyword = child.name;
  }
  return keyword;
}

/** `except`, or `except ImportError` and the classes above it. */
function isImportHandler(source: PythonSource, node: SyntaxNode): boolean {
  if (node.name !== 'except') return false;
  const types = node.nextSibling;
  if (types === null || types.name === 'Body') return true;
  return /\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/u.test(textOf(source, types));
}

function isMainGuard(source: PythonSource, statement: SyntaxNode): boolean {
  const test = childrenOf(statement)[1];
  return test !== undefined && textOf(source, test).includes('__main__');
}

/** `pytest.importorskip("module")`: the module, else null. */
function importorskip(source: PythonSource, node: SyntaxNode): string | null {
  const [callee, list] = childrenOf(node);
  if (callee === undefined || list === undefined || !textOf(source, callee).endsWith('importorskip')) return null;
  return /^\(\s*["']([\w.]+)["']/u.exec(textOf(source, list))?.[1] ?? null;
}
