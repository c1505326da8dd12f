import type { Note } from '../base/note.ts';
import { joinWords, oneLine } from '../base/text.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { requiresPythonAdmits, withoutUpperBounds } from '../pep/requires-python.ts';
import { tryParseSpecifierSet } from '../pep/specifier.ts';
import type { PackageFacts } from './package-facts.ts';

/**
 * `disabled` where requires-python excludes interpreters of the targets, with a note that names them. By the rule by which releases are chosen:
 * upper bounds do not count, so they are left out of what is printed as well. A text that cannot be read excludes nothing; who lists the releases says so.
 */
export function excludedInterpreters(
  requiresPython: string | null,
  targets: readonly MarkerEnvironment[],
): { readonly disabled: PackageFacts['disabled']; readonly notes: readonly Note[] } {
  const set = requiresPython === null ? null : tryParseSpecifierSet(requiresPython);
  if (requiresPython === null || set === null) return { disabled: null, notes: [] };
  const pythons = new Set(targets.flatMap((target) => target.python_version ?? target.python_full_version ?? []));
  const excluded = [...pythons].filter((python) => requiresPythonAdmits(requiresPython, python) === false);
  if (excluded.length === 0) return { disabled: null, notes: [] };
  const counting = withoutUpperBounds(set).map(({ operator, version }) => `${operator}${version}`);
  return {
    disabled: { requiresPython: counting.join(',') },
    notes: [
      {
        kind: 'omitted',
        text: `is disabled on Python ${joinWords(excluded)}, which requires-python ${oneLine(requiresPython)} excludes`,
      },
    ],
  };
}
