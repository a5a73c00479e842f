import { isHidden } from "./rules";

/** What a level takes that no other filter or topic shares, in this tree and in that of retained messages, as measured. */
export const LEVEL_BYTES = 300;

/** One level of the tree of filters. */
interface Node<T> {
  children: Map<string, Node<T>> | null;
  /** Values whose filter ends here. */
  values: Set<T> | null;
}

/**
 * Values filed under topic filters. Holds nothing for a filter without values: branches go when their last value does.
 */
export interface FilterTree<T> {
  /** How many values there are, and how many levels they take together. */
  readonly values: number;
  readonly levels: number;
  /** False where the value already stood under this filter. */
  add(levels: readonly string[], value: T): boolean;
  /** False where it did not stand there. */
  remove(levels: readonly string[], value: T): boolean;
  /** Calls `found` with every value whose filter matches the topic name; a value that is filed twice is found twice. */
  match(topic: string, found: (value: T) => void): void;
}

/** An empty tree. */
export function createFilterTree<T>(): FilterTree<T> {
  const root = emptyNode<T>();
  const count: Count = { values: 0, levels: 0 };
  return {
    get values() {
      return count.values;
    },
    get levels() {
      return count.levels;
    },
    add: (levels, value) => add(root, levels, value, count),
    remove: (levels, value) => remove(root, levels, 0, value, count),
    match(topic, found) {
      matchChildren(root, topic.split("/"), 0, isHidden(topic), found);
    },
  };
}

interface Count {
  values: number;
  levels: number;
}

function emptyNode<T>(): Node<T> {
  return { children: null, values: null };
}

function add<T>(root: Node<T>, levels: readonly string[], value: T, count: Count): boolean {
  let node = root;
  for (const level of levels) {
    node.children ??= new Map();
    let child = node.children.get(level);
    if (child === undefined) {
      child = emptyNode();
      node.children.set(level, child);
      count.levels++;
    }
    node = child;
  }
  node.values ??= new Set();
  if (node.values.has(value)) return false;
  node.values.add(value);
  count.values++;
  return true;
}

function remove<T>(node: Node<T>, levels: readonly string[], depth: number, value: T, count: Count): boolean {
  if (depth === levels.length) {
    const removed = node.values?.delete(value) ?? false;
    if (node.values?.size === 0) node.values = null;
    if (removed) count.values--;
    return removed;
  }
  const child = node.children?.get(levels[depth]!);
  if (child === undefined) return false;
  const removed = remove(child, levels, depth + 1, value, count);
  if (child.children === null && child.values === null) {
    node.children!.delete(levels[depth]!);
    count.levels--;
    if (node.children!.size === 0) node.children = null;
  }
  return removed;
}

function matchChildren<T>(
  node: Node<T>,
  names: readonly string[],
  depth: number,
  skipWildcards: boolean,
  found: (value: T) => void,
): void {
  const children = node.children;
  if (children === null) {
    if (depth === names.length) report(node, found);
    return;
  }
  // `a/#` matches `a` itself as well [MQTT-4.7.1-2 of 3.1.1].
  if (!skipWildcards) report(children.get("#"), found);
  if (depth === names.length) {
    report(node, found);
    return;
  }
  const exact = children.get(names[depth]!);
  if (exact !== undefined) matchChildren(exact, names, depth + 1, false, found);
  const plus = skipWildcards ? undefined : children.get("+");
  if (plus !== undefined) matchChildren(plus, names, depth + 1, false, found);
}

function report<T>(node: Node<T> | undefined, found: (value: T) => void): void {
  if (node === undefined || node.values === null) return;
  for (const value of node.values) found(value);
}
