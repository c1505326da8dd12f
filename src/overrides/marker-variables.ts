import type { Marker, MarkerVariable } from '../pep/marker.ts';
import { mentionsVariable } from '../pep/marker-variables.ts';

// Variables that a target does not have: they speak of how the project is asked for.
const OF_THE_REQUEST: ReadonlySet<MarkerVariable> = new Set(['extra', 'extras', 'dependency_groups']);

/** Whether the marker speaks of `extra`, `extras` or `dependency_groups`. */
export function mentionsExtra(marker: Marker): boolean {
  return mentionsVariable(marker, OF_THE_REQUEST);
}
