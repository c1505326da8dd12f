import { nearestName } from '../base/nearest-name.ts';
import type { TextKey } from '../pep/toml-text.ts';
import { LISTS_OF_INPUTS, TEXT_LISTS } from './rule.ts';
import { RULE_KEYS } from './rule-schema.ts';
import { isTable } from './rule-values.ts';

/** A key that an override file may not have. */
export interface UnknownKey {
  readonly path: readonly TextKey[];
  readonly text: string;
  /** What was probably meant. */
  readonly hint: string | null;
}

const CONDITIONS = ['version', 'nixpkgs', 'marker'];
const VERBS = ['add', 'remove', 'replace'];

// Names that other releases of nixpkgs have for what a rule calls by its modern name.
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['propagatedBuildInputs', 'dependencies'],
  ['checkInputs', 'nativeCheckInputs'],
  ['passthru', 'optional-dependencies'],
  ['extras', 'optional-dependencies'],
  ['licence', 'license'],
]);

/** The unknown keys of one rule, with their paths inside the rule. The schema does not report them because it would stop at the first. */
export function unknownKeys(rule: unknown): UnknownKey[] {
  if (!isTable(rule)) return [];
  const found = keysBeside(rule, { known: RULE_KEYS, path: [], what: 'attribute' });
  found.push(...keysBeside(rule.when, { known: CONDITIONS, path: ['when'], what: 'condition' }));
  for (const list of [...LISTS_OF_INPUTS, ...TEXT_LISTS]) {
    found.push(...keysBeside(rule[list], { known: VERBS, path: [list], what: 'verb' }));
  }
  const extras = rule['optional-dependencies'];
  for (const [extra, verbs] of isTable(extras) ? Object.entries(extras) : []) {
    found.push(...keysBeside(verbs, { known: VERBS, path: ['optional-dependencies', extra], what: 'verb' }));
  }
  return found;
}

/** The keys of a table that are not known; none for what is no table. */
export function keysBeside(
  table: unknown,
  {
    known,
    path,
    what,
  }: { readonly known: readonly string[]; readonly path: readonly TextKey[]; readonly what: string },
): UnknownKey[] {
  if (!isTable(table)) return [];
  return Object.keys(table)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = OTHER_NAMES.get(key) ?? nearestName(key, known);
      return {
        path: [...path, key],
        text: `unknown ${what} \`${key}\``,
        hint:
          meant !== null && known.includes(meant) ? `did you mean \`${meant}\`?` : `known here: ${known.join(', ')}`,
      };
    });
}
