import type { Store, StoredState } from "../state/store";

/** A store that keeps nothing: sessions and retained messages last as long as the broker. */
export function memoryStore(): Store {
  const nothing = (): void => undefined;
  return {
    load: (): StoredState => ({ sessions: [], messages: new Map(), retained: [], moment: null, eachWaiting: nothing }),
    putMoment: nothing,
    putSession: nothing,
    dropSession: nothing,
    putWill: nothing,
    dropWill: nothing,
    putSubscription: nothing,
    dropSubscription: nothing,
    putQueued: nothing,
    markSent: nothing,
    markReleased: nothing,
    dropQueued: nothing,
    putInbound: nothing,
    dropInbound: nothing,
    putRetained: nothing,
    dropRetained: nothing,
    hasWork: () => false,
    commit: nothing,
    close: nothing,
  };
}
