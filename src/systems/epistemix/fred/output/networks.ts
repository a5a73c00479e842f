import type { Network } from "../engine/network";
import { textOf } from "../text";

/** A network as a digraph in the DOT language, in the form that the client reads. */
export function networkText({ name, out, members }: Network): string[] {
  const nodes = new Set(members);
  const edges: string[] = [];
  for (const [from, targets] of out) {
    for (const [to, weight] of targets) {
      nodes.add(from).add(to);
      edges.push(`  ${from} -> ${to} [weight=${textOf(weight)}];`);
    }
  }
  return [`digraph ${name} {`, ...[...nodes].map((id) => `  ${id} [id=${id}];`), ...edges, "}"];
}
