/** Values that Workers must know, such as a history: pools that share them tell each of their Workers, now and later. */
export interface SharedValues {
  set(key: string, value: unknown): void;
  /** All of them, in the order in which they were set first. */
  entries(): Iterable<[key: string, value: unknown]>;
  onSet(listener: (key: string, value: unknown) => void): void;
}

export function createSharedValues(): SharedValues {
  const values = new Map<string, unknown>();
  const listeners: ((key: string, value: unknown) => void)[] = [];
  return {
    set(key, value) {
      values.set(key, value);
      for (const listener of listeners) listener(key, value);
    },
    entries: () => values.entries(),
    onSet: (listener) => listeners.push(listener),
  };
}
