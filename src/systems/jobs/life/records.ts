import type { BlobStore } from "../../../platform/blobs/blobs";
import type { Storage } from "../../../platform/database";
import { createQueue, type Queue } from "../../../platform/queue/queue";
import { type CountStore, createCountStore } from "../store/counts";
import { createDeliveryStore, type DeliveryStore } from "../store/deliveries";
import { createEventStore, type EventStore } from "../store/events";
import { createIdempotencyStore, type IdempotencyStore } from "../store/idempotency";
import { createJobStore, type JobStore } from "../store/jobs";
import { createReportStore, type ReportStore } from "../store/reports";
import { createScheduleStore, type ScheduleStore } from "../store/schedules";
import { createTicketStore, type TicketStore } from "../store/tickets";
import { createUsageStore, type UsageStore } from "../store/usage";
import { createEventHub, type EventHub } from "./eventHub";

/** Where everything about jobs stands. */
export interface Records {
  storage: Storage;
  blobs: BlobStore;
  queue: Queue;
  hub: EventHub;
  jobs: JobStore;
  counts: CountStore;
  events: EventStore;
  idempotency: IdempotencyStore;
  reports: ReportStore;
  schedules: ScheduleStore;
  deliveries: DeliveryStore;
  tickets: TicketStore;
  usage: UsageStore;
}

export function openRecords(storage: Storage, blobs: BlobStore): Records {
  return {
    storage,
    blobs,
    queue: createQueue(storage),
    hub: createEventHub(),
    jobs: createJobStore(storage),
    counts: createCountStore(storage),
    events: createEventStore(storage),
    idempotency: createIdempotencyStore(storage),
    reports: createReportStore(storage),
    schedules: createScheduleStore(storage),
    deliveries: createDeliveryStore(storage),
    tickets: createTicketStore(storage),
    usage: createUsageStore(storage),
  };
}
