import { formatRequirement, type Requirement } from '../../pep/requirement.ts';
import { parseTarget } from '../../pep/requirements-target.ts';
import type { Specifier } from '../../pep/specifier.ts';
import type { Version } from '../../pep/version.ts';
import { rangeHas, rangeOfSpecifiers } from '../../pep/version-range.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../../repository/manifest.ts';
import { editList } from '../../repository/manifest-edit.ts';

/** The manifest without the bounds that keep `selected` projects (PEP 503 names) from their newest versions. Pins stay. */
export function withoutBounds(manifest: Manifest, selected: ReadonlySet<string>): Manifest {
  return edited(manifest, selected, (requirement) => ({
    ...requirement,
    specifier: requirement.specifier.filter(isLowerBound),
  }));
}

/** The manifest with the bounds of `selected` projects changed where they exclude the versions that were chosen: what named one version names the new one. */
export function withNewBounds(
  manifest: Manifest,
  selected: ReadonlySet<string>,
  chosen: ReadonlyMap<string, Version>,
): Manifest {
  return edited(manifest, selected, (requirement) => {
    const version = chosen.get(requirement.name);
    if (version === undefined || rangeHas(rangeOfSpecifiers(requirement.specifier), version)) return requirement;
    return { ...requirement, specifier: newBounds(requirement, version) };
  });
}

function newBounds({ specifier }: Requirement, version: Version): readonly Specifier[] {
  const isExact = specifier.some(
    ({ operator, version: text }) => operator === '===' || (operator === '==' && !text.endsWith('.*')),
  );
  if (isExact) return [{ operator: '==', version: version.text }];
  const lower = specifier.filter(isLowerBound);
  const isSeries = specifier.some(({ operator }) => operator === '~=' || operator === '==');
  return lower.length === 0 && isSeries ? [{ operator: '>=', version: version.text }] : lower;
}

function isLowerBound({ operator }: Specifier): boolean {
  return operator === '>=' || operator === '>' || operator === '!=';
}

function edited(
  manifest: Manifest,
  selected: ReadonlySet<string>,
  change: (requirement: Requirement) => Requirement,
): Manifest {
  const changed = new Map<number, string>();
  for (const [index, text] of manifest.requirements.entries()) {
    const target = parseTarget(text);
    if (target.kind !== 'requirement' || !selected.has(target.requirement.name)) continue;
    const next = change(target.requirement);
    const isSame = formatRequirement(next) === formatRequirement(target.requirement);
    if (!isSame) changed.set(index, formatRequirement(next));
  }
  if (changed.size === 0) return manifest;
  return parseManifest(editList(manifest.text, { key: 'requirements', changed, added: [] }), MANIFEST_PATH);
}
