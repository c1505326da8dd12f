import { evaluateMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';

/** A requirement between nodes of a graph. */
export interface ReachEdge<Node> {
  readonly to: Node;
  /** Null: always. */
  readonly marker: Marker | null;
}

/** When a node is reached. */
export interface Reach {
  /** For each target. */
  readonly on: readonly boolean[];
  /** True exactly on these targets, simplified relative to all of them; null: all. */
  readonly marker: Marker | null;
}

interface State {
  on: boolean[];
  marker: Marker | null;
}

/**
 * When each node of a graph is reached from `roots`, in the order of discovery: the fixpoint of "one of those who lead to it is reached, and
 * the marker of the edge holds". Cycles are fine. Markers grow only when a node is reached on further targets, so there are at most as many
 * rounds as targets for each node.
 */
export function reachMarkers<Node>(
  roots: readonly ReachEdge<Node>[],
  edgesOf: (node: Node) => readonly ReachEdge<Node>[],
  targets: readonly MarkerEnvironment[],
): ReadonlyMap<Node, Reach> {
  const states = new Map<Node, State>();
  const waiting: Node[] = [];
  const isWaiting = new Set<Node>();
  const edges = new Map<Node, readonly ReachEdge<Node>[]>();
  const follow = (from: State, { to, marker }: ReachEdge<Node>): void => {
    const state = states.get(to) ?? { on: targets.map(() => false), marker: null };
    const on = targets.map(
      (target, index) => from.on[index] === true && (marker === null || evaluateMarker(marker, target)),
    );
    if (!on.some((isOn, index) => isOn && state.on[index] === false)) return;
    const isFirst = !states.has(to);
    const path = joined('and', from.marker, marker);
    const whole = isFirst ? path : joined('or', state.marker, path);
    state.marker = whole === null ? null : simplified(whole, targets);
    state.on = state.on.map((isOn, index) => isOn || on[index] === true);
    states.set(to, state);
    if (!isWaiting.has(to)) waiting.push(to);
    isWaiting.add(to);
  };
  const start: State = { on: targets.map(() => true), marker: null };
  for (const root of roots) follow(start, root);
  for (let next = 0; next < waiting.length; next += 1) {
    const node = waiting[next];
    const state = node === undefined ? undefined : states.get(node);
    if (node === undefined || state === undefined) continue;
    isWaiting.delete(node);
    const known = edges.get(node) ?? edgesOf(node);
    edges.set(node, known);
    for (const edge of known) follow(state, edge);
  }
  return states;
}

function joined(kind: 'and' | 'or', a: Marker | null, b: Marker | null): Marker | null {
  if (a === null || b === null) return kind === 'or' ? null : (a ?? b);
  return { kind, operands: [a, b].flatMap((part) => (part.kind === kind ? part.operands : [part])) };
}

// What is reached on some target is never false there.
function simplified(marker: Marker, targets: readonly MarkerEnvironment[]): Marker | null {
  const simple = simplifyMarker(marker, targets);
  return typeof simple === 'boolean' ? null : simple;
}
