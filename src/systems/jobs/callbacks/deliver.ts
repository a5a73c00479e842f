import type { Accounts } from "../../../platform/auth/accounts";
import type { Clock } from "../../../platform/clock";
import type { StorageHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { Resolve } from "../../../platform/http/outside/checked";
import type { Lease } from "../../../platform/queue/entry";
import type { RunnerWork } from "../../../platform/queue/runner";
import type { Random } from "../../../platform/random";
import type { Records } from "../life/records";
import { retryDelayMs } from "../life/retry";
import { QUEUES } from "../states";
import type { DeliveryRow } from "../tables";
import { type Sent, sendPost } from "./send";
import { callbackSignature } from "./signature";

export interface DeliveryOptions {
  records: Records;
  accounts: Pick<Accounts, "byId" | "renewWebhookSecret">;
  clock: Clock;
  random: Random;
  allowPrivate: boolean;
  resolve?: Resolve | undefined;
}

const MAX_TRIES = 3;
const QUEUE = QUEUES.callbacks;

/** How the runner of the queue of call-backs does its pieces. */
export function deliveryWork(options: DeliveryOptions): RunnerWork {
  const { records } = options;
  const { storage, queue, deliveries } = records;

  async function run(lease: Lease): Promise<void> {
    const delivery = await deliveries.byId(lease.id);
    if (delivery?.status !== "PENDING") {
      await storage.transactConditional((db) => queue.settle(db, QUEUE, lease));
      return;
    }
    const sent = await send(options, delivery);
    await storage.transactConditional((db) => settle(db, options, lease, delivery, sent));
  }

  return {
    begin: async () => undefined,
    run,
    // Whether it arrived is not known; to be told twice does no harm, its X-Delivery-Id is the same.
    lost: async (db, lease) => {
      await queue.release(db, QUEUE, lease, 0);
    },
  };
}

async function send({ accounts, clock, allowPrivate, resolve }: DeliveryOptions, delivery: DeliveryRow): Promise<Sent> {
  const user = await accounts.byId(delivery.userId);
  const secret = user?.webhookSecret ?? (await accounts.renewWebhookSecret(delivery.userId));
  return sendPost({
    url: delivery.url,
    body: delivery.body,
    headers: {
      "content-type": "application/json",
      "user-agent": "Foresight",
      "x-delivery-id": delivery.id,
      "x-signature": callbackSignature(secret, clock.now(), delivery.body),
    },
    allowPrivate,
    ...(resolve === undefined ? {} : { resolve }),
  });
}

async function settle(
  db: StorageHandle,
  { records, random }: DeliveryOptions,
  lease: Lease,
  delivery: DeliveryRow,
  sent: Sent,
): Promise<void> {
  const { deliveries, queue, storage } = records;
  const tries = delivery.tries + 1;
  const httpStatus = sent.kind === "answered" ? sent.status : null;
  const isDelivered = httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
  const error = isDelivered ? null : sent.kind === "answered" ? `answered with ${sent.status}` : sent.error;
  const told = { tries, httpStatus, error };
  if (!isDelivered && sent.kind !== "refused" && tries < MAX_TRIES) {
    await deliveries.change(db, delivery.id, ["PENDING"], told);
    await queue.release(db, QUEUE, lease, retryDelayMs(tries, random));
    return;
  }
  const status = isDelivered ? "DELIVERED" : "FAILED";
  const completedAt = await storage.nowMs(db);
  await deliveries.change(db, delivery.id, ["PENDING"], { ...told, status, completedAt });
  await queue.settle(db, QUEUE, lease);
}

/** Plans a delivery once more, with three new tries. @throws RequestError 404 or 409 while it is under way. */
export async function sendAgain(records: Records, userId: string, jobId: string, id: string): Promise<void> {
  const { storage, deliveries, queue } = records;
  const known = await deliveries.byId(id);
  if (known?.userId !== userId || known.jobId !== jobId) throw new RequestError(404, `Delivery ${id} not found`);
  const isPlanned = await storage.transactConditional(async (db) => {
    const fresh = { status: "PENDING", tries: 0, httpStatus: null, error: null, completedAt: null } as const;
    if (!(await deliveries.change(db, id, ["DELIVERED", "FAILED"], fresh))) return false;
    await queue.add(db, { queue: QUEUE, id, owner: userId, priority: 0 });
    return true;
  });
  if (!isPlanned) throw new RequestError(409, `Delivery ${id} is under way.`);
}
