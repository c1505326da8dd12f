import { evaluateMarker, type Marker, type MarkerComparison } from '../pep/marker.ts';

/**
 * A marker in which `extra` stands for a set of names, as uv and Poetry write it: `extra == "x"` holds where x is among the active ones,
 * `extra != "x"` where it is not. What is left of the marker without these comparisons; true or false where nothing is.
 */
export function withActiveExtras(marker: Marker, active: ReadonlySet<string>): Marker | boolean {
  if (marker.kind === 'compare') return isAboutExtra(marker) ? holds(marker, active) : marker;
  const isAnd = marker.kind === 'and';
  const operands: Marker[] = [];
  for (const operand of marker.operands) {
    const rest = withActiveExtras(operand, active);
    if (typeof rest !== 'boolean') operands.push(rest);
    else if (rest !== isAnd) return rest;
  }
  const [only, ...others] = operands;
  if (only === undefined) return isAnd;
  return others.length === 0 ? only : { kind: marker.kind, operands };
}

function isAboutExtra({ left, right }: MarkerComparison): boolean {
  return [left, right].some((operand) => operand.kind === 'variable' && operand.name === 'extra');
}

function holds(comparison: MarkerComparison, active: ReadonlySet<string>): boolean {
  const { left, right, operator } = comparison;
  const literal = [left, right].find((operand) => operand.kind === 'literal')?.value ?? '';
  if (operator === '==') return active.has(literal);
  if (operator === '!=') return !active.has(literal);
  return [...active].some((extra) => evaluateMarker(comparison, { extra }));
}
