import type { Note } from '../base/note.ts';
import { joinWords, oneLine } from '../base/text.ts';
import type { SetupScriptFacts } from '../metadata/release-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { requiresPythonAdmits, withoutUpperBounds } from '../pep/requires-python.ts';
import { tryParseSpecifierSet } from '../pep/specifier.ts';
import { parseWheelName } from '../pep/wheel-name.ts';
import type { PackageFacts, Source } from './package-facts.ts';

/** PyPy where it is among the targets and setup.py does not get to setup() there, with a note that says so. */
export function excludedPyPy(
  setupScript: SetupScriptFacts | null,
  targets: readonly MarkerEnvironment[],
): { readonly facts: Pick<PackageFacts, 'disabledOnPyPy'>; readonly notes: readonly Note[] } {
  const place = setupScript?.unreachedOnPyPy;
  if (place === undefined || !targets.some(isPyPy)) return { facts: {}, notes: [] };
  const text = 'is disabled on PyPy, where setup.py ends before it calls setup()';
  return { facts: { disabledOnPyPy: true }, notes: [{ kind: 'omitted', text, ...place }] };
}

/**
 * PyPy where it is among the targets and the wheel is compiled for CPython alone, with a note that says so: the wheels of a release are chosen for CPython, and PyPy
 * calls itself by the same version.
 */
export function withoutPyPyWheel(
  source: Source,
  targets: readonly MarkerEnvironment[],
): ReturnType<typeof excludedPyPy> {
  if (source.kind !== 'wheel' || !targets.some(isPyPy)) return { facts: {}, notes: [] };
  const files = source.wheels?.map(({ filename }) => filename) ?? [source.filename];
  if (!files.some(isForCPython)) return { facts: {}, notes: [] };
  const text = 'is disabled on PyPy, since its wheels are compiled for CPython';
  return { facts: { disabledOnPyPy: true }, notes: [{ kind: 'omitted', text }] };
}

/** Files of other interpreters name no ABI, or one of their own. */
function isForCPython(filename: string): boolean {
  const name = parseWheelName(filename);
  return name !== null && (name.abi.every((tag) => /^(?:abi3$|cp)/.test(tag)) || name.python.every(isCPythonTag));
}

function isCPythonTag(tag: string): boolean {
  return tag.startsWith('cp');
}

function isPyPy(target: MarkerEnvironment): boolean {
  return target.platform_python_implementation === 'PyPy';
}

/**
 * `disabled` where requires-python excludes interpreters of the targets, with a note that names them. By the rule by which releases are chosen:
 * upper bounds do not count, so they are left out of what is printed as well, like bounds that exclude no target. A text that cannot be read excludes nothing; who lists the releases says so.
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
  // What excludes nothing that the release has would only be noise.
  const counting = withoutUpperBounds(set)
    .map(({ operator, version }) => `${operator}${version}`)
    .filter((specifier) => excluded.some((python) => requiresPythonAdmits(specifier, python) === false));
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
