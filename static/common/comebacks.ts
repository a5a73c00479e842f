import { createStore, useStore } from "./store";

/**
 * How often the server has come back since the page was opened. What a page asked while the server was away has failed,
 * and what it shows may be old, so at each comeback everything is asked again: `useLoaded` does so by itself. What asks
 * by other means takes `useComebacks()` among the dependencies of the effect that asks, or subscribes here. See
 * docs/pages.md, "When the server comes back".
 */
export const comebacks = createStore(0);

/** For the one stream by which a page knows that the server is there: the shell's, or that of a page without a shell. */
export function noteComeback(): void {
  comebacks.set(comebacks.get() + 1);
}

/** A number that changes when the server has come back. */
export function useComebacks(): number {
  return useStore(comebacks);
}
