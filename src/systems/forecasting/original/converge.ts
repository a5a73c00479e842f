import type { Lifecycle } from "./lifecycle";
import { modelAt } from "./names";
import { isSameWanted, type Wanted } from "./wanted";
import type { WantedStore } from "./wantedStore";

/**
 * One turn of making this instance what the database asks for: models that are wanted are loaded, those that are no longer, or
 * in another way, are shut down. What failed here is tried again when it is asked for in another way.
 */
export function createConvergence(lifecycle: Lifecycle, store: WantedStore): () => Promise<void> {
  const failed = new Map<string, Wanted>();

  async function load(path: string, wanted: Wanted): Promise<void> {
    try {
      await lifecycle.load(modelAt(path), wanted);
      failed.delete(path);
    } catch {
      // The state of the model tells what went wrong.
      failed.set(path, wanted);
    }
  }

  return async () => {
    const before = lifecycle.changes();
    const wanted = await store.all();
    // Somebody initialised or shut down while the rows came: they may be old.
    if (lifecycle.changes() !== before) return;
    for (const [path, { ready }] of lifecycle.states()) {
      const asked = wanted.get(path);
      const isOther = ready !== undefined && (asked === undefined || !isSameWanted(asked, ready.wanted));
      if (isOther) await lifecycle.unload(modelAt(path));
    }
    for (const [path, asked] of wanted) {
      const { status } = lifecycle.state(modelAt(path));
      const before = failed.get(path);
      const isHopeless = before !== undefined && isSameWanted(before, asked);
      if (status !== "ready" && status !== "initializing" && !isHopeless) await load(path, asked);
    }
  };
}
