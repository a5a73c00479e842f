import { useEffect, useState } from "preact/hooks";

/** A value that many parts of a page look at, and that tells them when it changes. */
export interface Store<T> {
  get(): T;
  /** Setting the value it holds already tells nobody. */
  set(next: T): void;
  /** Calls `listener` after each change; the returned function ends it. */
  subscribe(listener: (value: T) => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value; the component is drawn anew when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState({});
  const drawn = store.get();
  useEffect(() => {
    const end = store.subscribe(() => redraw({}));
    // A change between the drawing and this effect would else be missed.
    if (!Object.is(drawn, store.get())) redraw({});
    return end;
  }, [store]);
  return drawn;
}
