/**
 * Strongly connected components (Tarjan 1972) of a graph given by its nodes and their successors, in reverse topological order:
 * a component comes after all that it leads to has come. Successors that are no nodes are passed over.
 * Iterative, because chains of dependencies can be longer than the stack.
 */
export function components<Node>(nodes: Iterable<Node>, successors: (node: Node) => Iterable<Node>): Node[][] {
  const known = new Set(nodes);
  const indexOf = new Map<Node, number>();
  const low = new Map<Node, number>();
  const open: Node[] = [];
  const isOpen = new Set<Node>();
  const found: Node[][] = [];

  for (const root of known) {
    if (indexOf.has(root)) continue;
    const frames: { node: Node; rest: Iterator<Node> }[] = [];
    const enter = (node: Node): void => {
      indexOf.set(node, indexOf.size);
      low.set(node, indexOf.size - 1);
      open.push(node);
      isOpen.add(node);
      frames.push({ node, rest: successors(node)[Symbol.iterator]() });
    };
    enter(root);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const { node, rest } = frame;
      const next = rest.next();
      if (next.done !== true) {
        if (!known.has(next.value)) continue;
        if (!indexOf.has(next.value)) enter(next.value);
        else if (isOpen.has(next.value)) low.set(node, Math.min(low.get(node) ?? 0, indexOf.get(next.value) ?? 0));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined) low.set(parent.node, Math.min(low.get(parent.node) ?? 0, low.get(node) ?? 0));
      if (low.get(node) === indexOf.get(node)) found.push(closeComponent(node, open, isOpen));
    }
  }
  return found;
}

function closeComponent<Node>(root: Node, open: Node[], isOpen: Set<Node>): Node[] {
  const component: Node[] = [];
  for (;;) {
    const node = open.pop();
    if (node === undefined) return component;
    isOpen.delete(node);
    component.push(node);
    if (node === root) return component.reverse();
  }
}
