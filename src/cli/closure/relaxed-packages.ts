import { compareText, sortedUnique } from '../../base/text.ts';
import type { PackageFacts, PythonInput } from '../../classify/package-facts.ts';
import type { MarkerEnvironment } from '../../pep/marker.ts';
import { normalizeName } from '../../pep/name.ts';
import { parseSpecifierSet, specifierAllows } from '../../pep/specifier.ts';
import type { RunNames } from '../run/run-names.ts';
import { setVersions } from './set-versions.ts';

/** A bound of a run-time requirement that the version of the set does not meet. */
interface Relaxed {
  /** As the requirement spells the project, which is how the metadata of the build spells it. */
  readonly name: string;
  /** `wants rich<14, nixpkgs has 14.0.0`. */
  readonly reason: string;
}

/**
 * The packages with `pythonRelaxDeps` for exactly those run-time requirements that what comes from the set does not meet, each with a line that says why. What a rule relaxes or
 * removes already stays as it is.
 */
export function relaxedPackages(
  packages: readonly PackageFacts[],
  { names, environments }: { readonly names: RunNames; readonly environments: readonly MarkerEnvironment[] },
): readonly PackageFacts[] {
  const generated = new Set(packages.map(({ name }) => name));
  return packages.map((facts) => {
    const settled = new Set([...facts.relaxDeps, ...facts.removeDeps].map(normalizeName));
    const relaxed = facts.inputs.dependencies
      .flatMap((input): Relaxed[] => {
        if (input.kind !== 'python' || generated.has(input.name) || settled.has(input.name)) return [];
        const reason = unmetBound(input, { names, environments });
        return reason === null ? [] : [{ name: writtenName(input), reason }];
      })
      .sort((a, b) => compareText(a.name, b.name));
    if (relaxed.length === 0) return facts;
    const before = facts.reasons.pythonRelaxDeps;
    const reasons = [...(before === undefined ? [] : [before]), ...relaxed.map(({ reason }) => reason)];
    return {
      ...facts,
      relaxDeps: sortedUnique([...facts.relaxDeps, ...relaxed.map(({ name }) => name)]),
      reasons: { ...facts.reasons, pythonRelaxDeps: reasons.join('\n') },
      notes: [
        ...facts.notes,
        ...relaxed.map(
          ({ reason }) => ({ kind: 'fallback', text: `${reason}, which is used`, project: facts.name }) as const,
        ),
      ],
    };
  });
}

function unmetBound(
  input: PythonInput,
  { names, environments }: { readonly names: RunNames; readonly environments: readonly MarkerEnvironment[] },
): string | null {
  const entry = names.inSet(input.name);
  if (entry === null) return null;
  const bounds = [{ specifier: input.specifier, marker: input.marker }, ...(input.bounds ?? [])];
  for (const { specifier, marker } of bounds) {
    if (specifier === '') continue;
    const allowed = parseSpecifierSet(specifier);
    const unmet = setVersions(entry, { marker, environments }).find(
      ({ version }) => version !== null && !specifierAllows(allowed, version, { prereleases: true }),
    );
    if (unmet?.version != null) return `wants ${input.name}${specifier}, nixpkgs has ${unmet.version.text}`;
  }
  return null;
}

/** The hook looks for the name as the metadata has it: `python_dateutil` is not found by `python-dateutil`. */
function writtenName({ name, origins }: PythonInput): string {
  for (const { requirement } of origins) {
    const written = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?)/u.exec(requirement ?? '')?.[1];
    if (written !== undefined && normalizeName(written) === name) return written;
  }
  return name;
}
