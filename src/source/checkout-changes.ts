import { type GitTree, treeText } from './git-tree.ts';

/**
 * Why a working copy of a commit has other files than the commit itself, so that its hash cannot be told from the commit: submodules, or attributes (gitattributes(5))
 * that convert contents. Null where it has not. `export-subst` and `export-ignore` do not matter to a working copy, nor does `text` without `eol=crlf` outside of Windows.
 */
export async function checkoutChange(tree: GitTree): Promise<string | null> {
  if (tree.entries.some(({ kind }) => kind === 'submodule')) return 'it has submodules';
  for (const { path } of tree.entries) {
    if (path !== '.gitattributes' && !path.endsWith('/.gitattributes')) continue;
    const conversion = conversionIn((await treeText(tree, path)) ?? '');
    if (conversion !== null) return `its .gitattributes has ${conversion}`;
  }
  return null;
}

/** line = pattern *( blank attribute ); attribute = name / "-" name / "!" name / name "=" value */
export function conversionIn(attributes: string): string | null {
  for (const line of attributes.split(/\r?\n/u)) {
    const [pattern, ...settings] = line.trim().split(/[ \t]+/u);
    if (pattern === undefined || pattern === '' || pattern.startsWith('#')) continue;
    const found = settings.find((setting) => /^(?:filter=|working-tree-encoding=|eol=crlf$|ident$)/iu.test(setting));
    if (found !== undefined) return found.replace(/[^\w=.-]/gu, '?').slice(0, 60);
  }
  return null;
}
