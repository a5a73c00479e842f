import { Waits } from "../state/connection";
import type { Core } from "../state/core";
import { letGoRetained } from "../state/holding";
import type { Limits } from "../state/limits";
import { createMessage, isExpired, type Message, ownBytes } from "../state/message";
import type { RetainedMessages, RetainedSteps } from "../state/retained";
import { isHidden } from "../topic/rules";
import { LEVEL_BYTES } from "../topic/tree";

interface Node {
  children: Map<string, Node> | null;
  message: Message | null;
}

/** How much there is in a tree. */
interface Held {
  count: number;
  bytes: number;
}

/** No retained messages. */
export function createRetained(): RetainedMessages {
  const root: Node = { children: null, message: null };
  const held: Held = { count: 0, bytes: 0 };

  function put(core: Core, node: Node, message: Message | null): void {
    const before = node.message;
    held.count += (message === null ? 0 : 1) - (before === null ? 0 : 1);
    held.bytes += (message?.size ?? 0) - (before?.size ?? 0);
    node.message = message;
    if (message !== null) message.holders++;
    if (before !== null) letGoRetained(core, before);
  }

  function place(core: Core, message: Message): void {
    const { node, made } = makeNode(root, message.topic.name);
    held.bytes += made * LEVEL_BYTES;
    put(core, node, message);
  }

  function remove(core: Core, topic: string): void {
    if (nodeAt(root, topic)?.message == null) return;
    const removedLevels = removeAt(root, topic.split("/"), 0, (node) => put(core, node, null));
    held.bytes -= removedLevels * LEVEL_BYTES;
    core.store.dropRetained(topic);
    core.turn.reached |= Waits.store;
  }

  function set(core: Core, message: Message): void {
    if (message.payload.length === 0) {
      remove(core, message.topic.name);
      return;
    }
    if (!hasPlaceFor(root, held, core.limits, message)) {
      core.counters.dropped.retained_full++;
      core.emit("dropped", { clientId: message.publisher.clientId, reason: "retained_full" });
      // What was there is not the last message any more.
      remove(core, message.topic.name);
      return;
    }
    const kept = keptCopy(message);
    place(core, kept);
    core.store.putRetained(kept);
    core.turn.reached |= Waits.store;
  }

  return {
    get count() {
      return held.count;
    },
    get bytes() {
      return held.bytes;
    },
    set,
    restore: place,
    walk: (levels) => createWalk(root, levels),
    *each(levels) {
      const step = createWalk(root, levels);
      for (let message = step(); message !== undefined; message = step()) if (message !== null) yield message;
    },
    expire(core) {
      for (const topic of expiredTopics(root, core.clock.now())) remove(core, topic);
    },
  };
}

function hasPlaceFor(root: Node, held: Held, limits: Limits, message: Message): boolean {
  const { retainedMessages, retainedBytes } = limits;
  const old = nodeAt(root, message.topic.name)?.message ?? null;
  if (old === null && held.count >= retainedMessages) return false;
  const missing = old === null ? missingLevels(root, message.topic.name) : 0;
  return held.bytes + message.size - (old?.size ?? 0) + missing * LEVEL_BYTES <= retainedBytes;
}

/** A message of its own, so that what is sent later neither holds a read buffer nor keeps encodings for ever. */
function keptCopy(message: Message): Message {
  const { topic, qos, payload, properties, expiresAtMs, publisher } = message;
  const kept = createMessage(topic, qos, true, payload, properties, expiresAtMs, publisher);
  ownBytes(kept);
  return kept;
}

function nodeAt(root: Node, topic: string): Node | undefined {
  let node: Node | undefined = root;
  for (const level of topic.split("/")) node = node?.children?.get(level);
  return node;
}

/** How many levels of a topic the tree does not have. */
function missingLevels(root: Node, topic: string): number {
  let node: Node | undefined = root;
  let missing = 0;
  for (const level of topic.split("/")) {
    node = node?.children?.get(level);
    if (node === undefined) missing++;
  }
  return missing;
}

/** The node of a topic, and how many were made for it. */
function makeNode(root: Node, topic: string): { node: Node; made: number } {
  let node = root;
  let made = 0;
  for (const level of topic.split("/")) {
    node.children ??= new Map();
    let child = node.children.get(level);
    if (child === undefined) {
      child = { children: null, message: null };
      node.children.set(level, child);
      made++;
    }
    node = child;
  }
  return { node, made };
}

/** Takes a message that is there out of the tree; gives how many levels went with it. */
function removeAt(node: Node, levels: readonly string[], depth: number, empty: (node: Node) => void): number {
  if (depth === levels.length) {
    empty(node);
    return 0;
  }
  const child = node.children!.get(levels[depth]!)!;
  const removed = removeAt(child, levels, depth + 1, empty);
  if (child.children !== null || child.message !== null) return removed;
  node.children!.delete(levels[depth]!);
  if (node.children!.size === 0) node.children = null;
  return removed + 1;
}

/** Children of a node that a walk has still to visit, and the level of the filter that stands against them. */
interface Unvisited {
  children: Iterator<[string, Node]>;
  depth: number;
  isBelowRoot: boolean;
}

/**
 * A walk through what matches the levels; at the root, wildcards match nothing that begins with `$` [MQTT-4.7.2-1]. A
 * tree that changes between two steps gives what is still there when its turn comes.
 */
function createWalk(root: Node, levels: readonly string[]): RetainedSteps {
  const unvisited: Unvisited[] = [];
  let isBegun = false;

  function visit(from: Node, fromDepth: number, isBelowRoot: boolean): Message | null {
    let node = from;
    let depth = fromDepth;
    while (depth < levels.length && levels[depth] !== "+" && levels[depth] !== "#") {
      const child = node.children?.get(levels[depth]!);
      if (child === undefined) return null;
      node = child;
      depth++;
    }
    const level = levels[depth];
    if (level !== undefined && node.children !== null) {
      const next = level === "#" ? depth : depth + 1;
      unvisited.push({ children: node.children.entries(), depth: next, isBelowRoot: isBelowRoot || depth > 0 });
    }
    return level === undefined || level === "#" ? node.message : null;
  }

  return () => {
    if (!isBegun) {
      isBegun = true;
      return visit(root, 0, false);
    }
    const last = unvisited.at(-1);
    if (last === undefined) return undefined;
    const { done, value } = last.children.next();
    if (done === true) {
      unvisited.pop();
      return null;
    }
    return last.isBelowRoot || !isHidden(value[0]) ? visit(value[1], last.depth, true) : null;
  };
}

function expiredTopics(root: Node, nowMs: number): string[] {
  const topics: string[] = [];
  const look = ({ message, children }: Node): void => {
    if (message !== null && isExpired(message, nowMs)) topics.push(message.topic.name);
    for (const child of children?.values() ?? []) look(child);
  };
  look(root);
  return topics;
}
