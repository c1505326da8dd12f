import type { Marker, MarkerVariable } from './marker.ts';

/** Whether the marker compares one of the variables. */
export function mentionsVariable(marker: Marker, variables: ReadonlySet<MarkerVariable>): boolean {
  if (marker.kind !== 'compare') return marker.operands.some((part) => mentionsVariable(part, variables));
  return [marker.left, marker.right].some((side) => side.kind === 'variable' && variables.has(side.name));
}
