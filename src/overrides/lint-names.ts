import { nearestName } from '../base/nearest-name.ts';
import type { LintKnowledge, RuleFinding } from './lint.ts';
import { listsIn } from './lint-order.ts';
import { parseEntry } from './list-entry.ts';
import { releaseWithin } from './nixpkgs-bounds.ts';
import { LISTS_OF_INPUTS, type OverrideRule } from './rule.ts';
import { isTable } from './rule-values.ts';
import { parseTextParts } from './text-parts.ts';

/**
 * Warnings for names that this program knows nothing of: system inputs of which it has no other use, or which a release that the rule is for does not have;
 * projects that the package set does not have.
 * It knows a part of nixpkgs only, so none of them fails. What a rule removes is not asked for.
 */
export function unknownNames(
  rule: OverrideRule,
  table: unknown,
  knowledge: Pick<LintKnowledge, 'knowsSystem' | 'systems' | 'isAbsent' | 'releases' | 'knowsProject'>,
): RuleFinding[] {
  const inLists = listsIn(table).flatMap(({ path, entries }) => {
    const [attribute = '', verb] = path;
    const isInputs = LISTS_OF_INPUTS.some((list) => list === attribute) || attribute === 'optional-dependencies';
    if (!isInputs || verb === 'remove' || path.at(-1) === 'remove') return [];
    const plain = attribute === 'buildInputs' || attribute === 'nativeBuildInputs' ? 'system' : 'python';
    return entries.flatMap((text, index): RuleFinding[] => {
      const entry = parseEntry(text, plain);
      if ('fault' in entry) return [];
      const at = [...path, index];
      return entry.kind === 'system' ? ofSystem(entry.attribute, at) : ofProject(entry.name, at);
    });
  });
  return [...inLists, ...textsIn(table).flatMap(({ path, text }) => inText(path, text))];

  function ofSystem(attribute: string, path: readonly (string | number)[]): RuleFinding[] {
    if (knowledge.knowsSystem(attribute)) return absentIn(attribute, path);
    const near = nearestName(attribute, knowledge.systems);
    const hint = near === null ? 'see that a current nixpkgs has it' : `did you mean \`${near}\`?`;
    return [warning(path, `\`${attribute}\` is no attribute of nixpkgs that is known here`, hint)];
  }

  function absentIn(attribute: string, path: readonly (string | number)[]): RuleFinding[] {
    const { nixpkgs } = rule.when;
    const release = knowledge.releases.find(
      (each) => (nixpkgs === null || releaseWithin(nixpkgs, each)) && knowledge.isAbsent(attribute, each) === true,
    );
    if (release === undefined) return [];
    const hint = 'limit the rule with when.nixpkgs to the releases that have it';
    return [warning(path, `nixpkgs ${release}, which the rule is for too, has no \`${attribute}\``, hint)];
  }

  function ofProject(project: string, path: readonly (string | number)[]): RuleFinding[] {
    if (knowledge.knowsProject(project)) return [];
    return [warning(path, `the package set is not known to have ${project}`, 'a run has to generate it too')];
  }

  function inText(path: readonly string[], text: string): RuleFinding[] {
    const parts = parseTextParts(text);
    if ('fault' in parts) return [];
    const attributes = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.attribute])));
    return [...attributes].flatMap((attribute) => ofSystem(attribute, path));
  }

  function warning(path: readonly (string | number)[], text: string, hint: string): RuleFinding {
    return { code: 'unknown-name', fails: false, rule, path, text, hint };
  }
}

/** Phases and variables, which are what can refer to inputs. */
function textsIn(table: unknown): { path: readonly string[]; text: string }[] {
  if (!isTable(table)) return [];
  const variables = isTable(table.env)
    ? Object.entries(table.env).map(([name, text]) => [['env', name], text] as const)
    : [];
  const phases = Object.entries(table)
    .filter(([key]) => /^(?:pre|post)[A-Z]/u.test(key))
    .map(([key, text]) => [[key], text] as const);
  return [...phases, ...variables].flatMap(([path, text]) => (typeof text === 'string' ? [{ path, text }] : []));
}
