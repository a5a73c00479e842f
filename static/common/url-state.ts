import { createStore, type Store, useStore } from "./store";

/**
 * The state of a view is in its address: each named value is one parameter of the query. A value at its default is
 * left out, so that the plain address is the plain view. See docs/pages.md, "State in the address".
 */

/** How a value is written into the address, and read from it; what cannot be read gives the default. */
export interface Codec<T> {
  fallback: T;
  read(text: string): T | undefined;
  write(value: T): string;
}

/** Changes that follow each other faster than this make one step of the history, so that Back undoes a whole drag. */
const ONE_STEP_MS = 1000;

/** Values longer than this stand behind the `#`: a server refuses long addresses, and is never sent what stands there. */
const LONG_VALUE_CHARS = 256;

/** The address is written this much later, since browsers limit how often that may be done. */
const WRITE_AFTER_MS = 150;

interface Parameter {
  /** What the components see: setting it writes the address. */
  store: Store<unknown>;
  /** Sets the value without writing the address, for what was read from it. */
  receive(value: unknown): void;
  codec: Codec<unknown>;
}

const parameters = new Map<string, Parameter>();
let changedAt = Number.NEGATIVE_INFINITY;
let changedName = "";
let writing: ReturnType<typeof setTimeout> | undefined;
let writesNewStep = false;

/** The value under that name, as a store that writes itself into the address. A name is used once in a page. */
export function urlStore<T>(name: string, codec: Codec<T>): Store<T> {
  const known = parameters.get(name);
  if (known !== undefined) return known.store as Store<T>;
  const held = createStore(valueIn(valuesInAddress(), name, codec));
  const store: Store<T> = {
    ...held,
    set(next) {
      if (Object.is(held.get(), next)) return;
      held.set(next);
      scheduleWrite(name);
    },
  };
  parameters.set(name, { store, receive: held.set, codec } as unknown as Parameter);
  return store;
}

/** The value under that name in the address, and how to change it. */
export function useUrlState<T>(name: string, codec: Codec<T>): [T, (next: T) => void] {
  const store = urlStore(name, codec);
  return [useStore(store), store.set];
}

export function textCodec(fallback = ""): Codec<string> {
  return { fallback, read: (text) => text, write: (value) => value };
}

/** A number between its limits; one outside them counts as none. */
export function numberCodec(fallback: number, min = -Infinity, max = Infinity): Codec<number> {
  return {
    fallback,
    read(text) {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    write: String,
  };
}

export function choiceCodec<const Name extends string>(names: readonly Name[], fallback: Name): Codec<Name> {
  return { fallback, read: (text) => names.find((name) => name === text), write: (value) => value };
}

/** A set of names, joined by commas. */
export function namesCodec(fallback: readonly string[] = []): Codec<readonly string[]> {
  return {
    fallback,
    read: (text) => (text === "" ? [] : text.split(",").map(decodeURIComponent)),
    write: (names) => names.map(encodeURIComponent).join(","),
  };
}

function valueIn<T>(query: URLSearchParams, name: string, codec: Codec<T>): T {
  const text = query.get(name);
  return text === null ? codec.fallback : (codec.read(text) ?? codec.fallback);
}

function scheduleWrite(name: string): void {
  const now = performance.now();
  writesNewStep ||= name !== changedName || now - changedAt > ONE_STEP_MS;
  changedAt = now;
  changedName = name;
  writing ??= setTimeout(writeAddress, WRITE_AFTER_MS);
}

/** Everything that the address says, before the `#` and behind it; a plain anchor such as `#main` says nothing. */
function valuesInAddress(): URLSearchParams {
  const query = new URLSearchParams(location.search);
  if (location.hash.includes("=")) {
    for (const [name, text] of new URLSearchParams(location.hash.slice(1))) query.set(name, text);
  }
  return query;
}

function writeAddress(): void {
  writing = undefined;
  const query = valuesInAddress();
  for (const [name, { store, codec }] of parameters) {
    const text = codec.write(store.get());
    if (text === codec.write(codec.fallback)) query.delete(name);
    else query.set(name, text);
  }
  const long = new URLSearchParams([...query].filter(([, text]) => text.length > LONG_VALUE_CHARS));
  for (const name of long.keys()) query.delete(name);
  const search = query.size === 0 ? "" : `?${query}`;
  const fragment = long.size === 0 ? "" : `#${long}`;
  const address = location.pathname + search + fragment;
  if (writesNewStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  writesNewStep = false;
}

globalThis.addEventListener?.("popstate", () => {
  clearTimeout(writing);
  writing = undefined;
  writesNewStep = false;
  changedName = "";
  const query = valuesInAddress();
  for (const [name, { store, receive, codec }] of parameters) {
    const next = valueIn(query, name, codec);
    // A list read anew is another object with the same content; only a change of content is a change.
    if (codec.write(next) !== codec.write(store.get())) receive(next);
  }
});
