import { compareText, joinWords, sortedUnique } from '../../base/text.ts';
import type { ReadRelease } from '../../classify/classify.ts';
import { licencesOf } from '../../classify/licence.ts';
import { licenceEvidence, licenceEvidenceOfMetadata } from '../../classify/licence-evidence.ts';
import type { MarkerVariable } from '../../pep/marker.ts';
import { mentionsVariable } from '../../pep/marker-variables.ts';
import { formatRequirement } from '../../pep/requirement.ts';
import { formatSpecifierSet, tryParseSpecifierSet } from '../../pep/specifier.ts';
import type { ChangedFact, ReleaseChanges } from '../../repository/package-update.ts';

/** What differs between two releases of a project, as a reader of an update asks for it. Requirements of extras are left out. */
export function releaseChanges(before: ReadRelease, after: ReadRelease): ReleaseChanges {
  const old = requirementTexts(before);
  const now = requirementTexts(after);
  const names = sortedUnique([...old.keys(), ...now.keys()]);
  return {
    added: names.flatMap((name) => (old.has(name) ? [] : (now.get(name) ?? []))),
    removed: names.flatMap((name) => (now.has(name) ? [] : (old.get(name) ?? []))),
    bounds: names.flatMap((name) => {
      const texts = { before: joinWords(old.get(name) ?? []), after: joinWords(now.get(name) ?? []) };
      return texts.before === '' || texts.after === '' || texts.before === texts.after ? [] : [texts];
    }),
    requiresPython: changed(pythonOf(before), pythonOf(after)),
    licence: changed(licenceOf(before), licenceOf(after)),
    buildBackend: changed(backendOf(before), backendOf(after)),
  };
}

const EXTRA: ReadonlySet<MarkerVariable> = new Set(['extra']);

/** The requirements by name; of a project that is asked for under several conditions there are several. */
function requirementTexts({ requirements }: ReadRelease): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  for (const requirement of requirements) {
    const { name, marker } = requirement;
    if (marker !== null && mentionsVariable(marker, EXTRA)) continue;
    texts.set(
      name,
      [...(texts.get(name) ?? []), formatRequirement({ ...requirement, spelled: name })].sort(compareText),
    );
  }
  return texts;
}

function changed(before: string | null, after: string | null): ChangedFact | null {
  return before === after ? null : { before, after };
}

function pythonOf({ requiresPython }: ReadRelease): string | null {
  if (requiresPython === null || requiresPython.trim() === '') return null;
  const set = tryParseSpecifierSet(requiresPython);
  return set === null ? requiresPython : formatSpecifierSet(set);
}

function licenceOf({ facts }: ReadRelease): string | null {
  const evidence =
    facts.kind === 'sdist' ? licenceEvidence(facts.sdist) : licenceEvidenceOfMetadata(facts.wheel.coreMetadata);
  const names = licencesOf(evidence).licences.map((licence) => ('spdx' in licence ? licence.spdx : licence.text));
  return names.length === 0 ? null : joinWords(sortedUnique(names));
}

/** `setup.py` where none is named, so that setuptools builds by it; null for a wheel, which is not built. */
function backendOf({ facts }: ReadRelease): string | null {
  return facts.kind === 'sdist' ? (facts.sdist.pyproject?.buildBackend ?? 'setup.py') : null;
}
