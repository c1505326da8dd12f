import parseSpdx from 'spdx-expression-parse';

/** The ids of an SPDX expression in order of appearance; null when it is none. */
export function idsOfExpression(expression: string): string[] | null {
  try {
    return collect(parseSpdx(expression.trim()));
  } catch {
    // Free text where an expression should stand: other evidence decides.
    return null;
  }
}

function collect(node: parseSpdx.Info): string[] {
  if ('conjunction' in node) return [...new Set([...collect(node.left), ...collect(node.right)])];
  return [node.plus === true ? `${node.license}-or-later` : node.license];
}
