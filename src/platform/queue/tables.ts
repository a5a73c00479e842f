import { defineTables } from "../database";

/**
 * Work that waits or is being done, by whom and until when; keys and constraints are the migrations'. Times are
 * milliseconds of the database's clock.
 */
export const queueTables = defineTables(({ table, text, integer }) => ({
  entries: table("work_queue", {
    queue: text("queue").notNull(),
    id: text("id").notNull(),
    owner: text("owner").notNull(),
    state: text("state", { enum: ["ready", "delayed", "leased"] }).notNull(),
    priority: integer("priority").notNull(),
    queuedAt: integer("queued_at").notNull(),
    dueAt: integer("due_at").notNull(),
    /** Rises whenever somebody takes the entry: what an earlier holder writes is told from what the present one does. */
    leaseNumber: integer("lease_number").notNull(),
    leasedBy: text("leased_by"),
    leaseUntil: integer("lease_until"),
  }),
  /** Owners with something in the queue, and when each was served last or came. */
  turns: table("work_queue_turns", {
    queue: text("queue").notNull(),
    owner: text("owner").notNull(),
    servedAt: integer("served_at").notNull(),
  }),
}));
