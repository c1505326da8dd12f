import type { Marker } from '../pep/marker.ts';

// Variables that a target does not have: they speak of how the project is asked for.
const OF_THE_REQUEST: ReadonlySet<string> = new Set(['extra', 'extras', 'dependency_groups']);

/** Whether the marker speaks of `extra`, `extras` or `dependency_groups`. */
export function mentionsExtra(marker: Marker): boolean {
  if (marker.kind !== 'compare') return marker.operands.some(mentionsExtra);
  return [marker.left, marker.right].some((side) => side.kind === 'variable' && OF_THE_REQUEST.has(side.name));
}
