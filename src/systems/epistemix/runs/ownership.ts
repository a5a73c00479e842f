import type { StorageHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { Records } from "../records";
import type { JobRow } from "../tables";
import type { TokenHolder } from "../tokens/token";

/** Whether users reach their own jobs alone. */
export type Ownership = "own" | "all";

export function isAllowed(ownership: Ownership, { userId }: TokenHolder, owner: { userId: number }): boolean {
  return ownership === "all" || owner.userId === userId;
}

/** @throws RequestError 400, or with `absent` another status, where there is no such job; 403 for somebody else's. */
export async function reachableJob(
  records: Records,
  db: StorageHandle,
  ownership: Ownership,
  holder: TokenHolder,
  id: number,
  absent = 400,
): Promise<JobRow> {
  const job = await records.jobs.find(db, id);
  if (job === undefined) throw new RequestError(absent, `Job ${id} not found`);
  if (isAllowed(ownership, holder, job)) return job;
  throw new RequestError(403, `Job ${id} belongs to another user`);
}
