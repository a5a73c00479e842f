/** Edges between agents, each with a weight. */
export interface Network {
  readonly name: string;
  readonly directed: boolean;
  /** Days from one output to the next; 0 for none. */
  readonly outputInterval: number;
  readonly members: Set<number>;
  /** By agent, the agents that its edges lead to, with weights. */
  readonly out: Map<number, Map<number, number>>;
  readonly into: Map<number, Map<number, number>>;
}

export function createNetwork(named: Pick<Network, "name" | "directed" | "outputInterval">): Network {
  return { ...named, members: new Set(), out: new Map(), into: new Map() };
}

function link(edges: Network["out"], from: number, to: number, weight: number): void {
  const own = edges.get(from);
  if (own === undefined) edges.set(from, new Map([[to, weight]]));
  else own.set(to, weight);
}

/** Adds an edge, or gives one that is there another weight; both ways where the network has no direction. */
export function setEdge({ directed, out, into }: Network, from: number, to: number, weight: number): void {
  link(out, from, to, weight);
  link(into, to, from, weight);
  if (directed) return;
  link(out, to, from, weight);
  link(into, from, to, weight);
}

export function deleteEdge({ directed, out, into }: Network, from: number, to: number): void {
  out.get(from)?.delete(to);
  into.get(to)?.delete(from);
  if (directed) return;
  out.get(to)?.delete(from);
  into.get(from)?.delete(to);
}
