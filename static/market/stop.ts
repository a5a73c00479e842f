import { type Action, useAction } from "../common/action";
import { postJson } from "../common/api";
import { toast } from "../common/toast";

/** Ending a lease at once. `stopped` is called whatever came of it: the lease may have ended by itself. */
export function useStop(stopped: () => void): Action<[leaseId: string]> {
  return useAction("POST /api/stop", async (leaseId) => {
    try {
      await postJson("/api/stop", { lease_id: leaseId });
      toast("Stopped and settled");
    } finally {
      stopped();
    }
  });
}
