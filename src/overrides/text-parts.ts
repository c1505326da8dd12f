import type { TextPart } from '../classify/package-facts.ts';
import { SYSTEM_ATTRIBUTE } from './list-entry.ts';

/** What is wrong with a text of a rule. */
export interface TextFault {
  /** A clause. */
  readonly fault: string;
  /** Where in the text, in UTF-16 units from 0. */
  readonly at: number;
}

// A bare name of this form is far more often a variable of the shell than an attribute of nixpkgs.
const SHELL_VARIABLE = /^(?:[A-Z_][A-Z0-9_]*|out|dev|lib|bin|man|doc|src|name|pname|version)$/u;

/**
 * A text with references to system inputs, in parts for a Nix string.
 *
 *     text      = { character | "$${" | reference }       "$${" stands for "${"
 *     reference = "${" [ output ":" ] attribute "}"
 *     output    = "out" | "lib" | "dev"                   out without one
 *
 * Adjacent literal text is one part; an empty text has no parts.
 */
export function parseTextParts(text: string): readonly TextPart[] | TextFault {
  const parts: TextPart[] = [];
  let literal = '';
  let index = 0;
  while (index < text.length) {
    if (text.startsWith('$${', index)) {
      literal += '${';
      index += 3;
    } else if (text.startsWith('${', index)) {
      const end = text.indexOf('}', index);
      const inside = end < 0 ? text.slice(index + 2) : text.slice(index + 2, end);
      const reference = end < 0 ? { fault: '`${` is not closed' } : parseReference(inside);
      if ('fault' in reference) return { ...reference, at: index };
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push(reference);
      index = end + 1;
    } else {
      literal += text[index];
      index += 1;
    }
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

function parseReference(inside: string): Exclude<TextPart, string> | Omit<TextFault, 'at'> {
  const colon = inside.indexOf(':');
  const output = colon < 0 ? 'out' : inside.slice(0, colon);
  const attribute = inside.slice(colon + 1);
  if ((output !== 'out' && output !== 'lib' && output !== 'dev') || !SYSTEM_ATTRIBUTE.test(attribute)) {
    return {
      fault: `\`\${${inside}}\` is no system input: write \${NAME}, \${lib:NAME} or \${dev:NAME}, and $\${ for a literal \${`,
    };
  }
  if (colon < 0 && SHELL_VARIABLE.test(attribute)) {
    return {
      fault: `\`\${${inside}}\` looks like a variable of the shell: write $${inside} or $\${${inside}} for it, \${out:${inside}} for the system input`,
    };
  }
  return { attribute, output };
}
