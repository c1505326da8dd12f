import parseSpdx from 'spdx-expression-parse';
import type { Licence } from '../classify/package-facts.ts';
import { PUBLIC_DOMAIN } from '../pep/public-domain.ts';

/**
 * The licences that an SPDX expression names, each once, in the order of the text. nixpkgs lists licences without saying whether
 * they are alternatives, and so does the result. Returns the fault of a text that is no expression.
 */
export function parseLicence(text: string): readonly Licence[] | { readonly fault: string } {
  let expression: parseSpdx.Info;
  try {
    expression = parseSpdx(text);
  } catch {
    return { fault: `\`${text}\` is no SPDX licence expression, such as BSD-3-Clause or MIT OR Apache-2.0` };
  }
  const ids = [...new Set(idsOf(expression))];
  const plus = ids.find((id) => id.endsWith('+'));
  if (plus !== undefined) return { fault: `\`${plus}\` is the old spelling of an -or-later licence` };
  return ids.map((id) => (/^(?:License|Document)Ref-/u.test(id) && id !== PUBLIC_DOMAIN ? { text: id } : { spdx: id }));
}

function idsOf(expression: parseSpdx.Info): string[] {
  if ('conjunction' in expression) return [...idsOf(expression.left), ...idsOf(expression.right)];
  const id = `${expression.license}${expression.plus === true ? '+' : ''}`;
  return [expression.exception === undefined ? id : `${id} WITH ${expression.exception}`];
}
