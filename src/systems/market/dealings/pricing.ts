import type { SqliteDatabase } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { LiveState } from "../live/state";
import { nanoOf } from "../rules/money";
import { type Pricing, pricingFault } from "../rules/pricing";
import { savePricing } from "../store/workers";

/**
 * Sets what a known worker asks for and for how long it is let.
 * @throws RequestError 400 for prices and limits that cannot be.
 */
export async function setPricing(
  { database, live }: { database: SqliteDatabase; live: LiveState },
  workerId: string,
  { pricePerMin, ...limits }: Pricing,
): Promise<void> {
  const fault = pricingFault({ pricePerMin, ...limits });
  if (fault !== undefined) throw new RequestError(400, fault);
  const pricing = { pricePerMin: nanoOf(pricePerMin), ...limits };
  await database.transact((db) => savePricing(db, workerId, pricing));
  live.workerChanged(workerId, pricing);
}
