import { evaluateMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import type { Requirement } from '../pep/requirement.ts';

/** Whether a requirement with this marker holds on at least one target when `extra` (empty for none) is asked for. */
export function holdsSomewhere(marker: Marker | null, targets: readonly MarkerEnvironment[], extra: string): boolean {
  return marker === null || targets.some((target) => evaluateMarker(marker, { ...target, extra }));
}

/** Whether the marker says the same on every target with and without the extra. */
export function ignoresExtra(marker: Marker | null, targets: readonly MarkerEnvironment[], extra: string): boolean {
  return (
    marker === null ||
    targets.every((target) => evaluateMarker(marker, { ...target, extra }) === evaluateMarker(marker, target))
  );
}

/**
 * The requirement with its marker simplified relative to the targets, for a release of which `extras` are asked for:
 * a null marker means that it holds on all targets. Null when it holds on none.
 */
export function scopeRequirement(
  requirement: Requirement,
  targets: readonly MarkerEnvironment[],
  extras: readonly string[],
): Requirement | null {
  const marker = scopeMarker(requirement.marker, targets, extras);
  if (marker === false) return null;
  return marker === requirement.marker ? requirement : { ...requirement, marker };
}

function scopeMarker(
  marker: Marker | null,
  targets: readonly MarkerEnvironment[],
  extras: readonly string[],
): Marker | null | false {
  if (marker === null) return null;
  const operands: Marker[] = [];
  for (const extra of ['', ...extras]) {
    const part = simplifyMarker(
      marker,
      targets.map((target) => ({ ...target, extra })),
    );
    if (part === true) return null;
    if (part !== false) operands.push(part);
  }
  const [first, ...others] = operands;
  if (first === undefined) return false;
  if (others.length === 0) return first;
  const whole = simplifyMarker({ kind: 'or', operands }, targets);
  return whole === true ? null : whole;
}
