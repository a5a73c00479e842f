import { defineTables } from "../../platform/database";

const JOB_STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;
const REPORT_STATUSES = ["PENDING", "GENERATING", "COMPLETED", "FAILED"] as const;
const DELIVERY_STATUSES = ["PENDING", "DELIVERED", "FAILED"] as const;

/** Jobs and what belongs to them. Keys, indexes and constraints are the migrations'. Times are milliseconds. */
export const jobTables = defineTables(({ table, text, integer, real }) => ({
  jobs: table("simulation_jobs", {
    id: text("id").notNull(),
    userId: text("user_id").notNull(),
    simulationType: text("simulation_type").notNull(),
    status: text("status", { enum: JOB_STATUSES }).notNull(),
    progress: real("progress"),
    /** 0 before the first; rises with each start after a failure. */
    attempt: integer("attempt").notNull(),
    failures: integer("failures").notNull(),
    losses: integer("losses").notNull(),
    /** The number of the lease that runs it, which rises with each start. */
    runNumber: integer("run_number").notNull(),
    maxAttempts: integer("max_attempts").notNull(),
    priority: integer("priority").notNull(),
    timeoutS: real("timeout_s"),
    startAfter: integer("start_after"),
    /** JSON; null where it is a blob under the key. */
    parameters: text("parameters"),
    parametersKey: text("parameters_key"),
    resultInline: text("result_inline"),
    resultKey: text("result_key"),
    resultSizeBytes: integer("result_size_bytes"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    jobMetadata: text("job_metadata").notNull(),
    callbackUrl: text("callback_url"),
    checkpoint: text("checkpoint"),
    eventCount: integer("event_count").notNull(),
    workerId: text("worker_id"),
    scheduleId: text("schedule_id"),
    /** The version of the program that ran it last. */
    engine: text("engine"),
    createdAt: integer("created_at").notNull(),
    startedAt: integer("started_at"),
    completedAt: integer("completed_at"),
  }),
  counts: table("job_counts", {
    userId: text("user_id").notNull(),
    simulationType: text("simulation_type").notNull(),
    status: text("status", { enum: JOB_STATUSES }).notNull(),
    jobs: integer("jobs").notNull(),
  }),
  events: table("job_events", {
    jobId: text("job_id").notNull(),
    number: integer("number").notNull(),
    at: integer("at").notNull(),
    type: text("type").notNull(),
    data: text("data").notNull(),
  }),
  idempotencyKeys: table("idempotency_keys", {
    userId: text("user_id").notNull(),
    key: text("key").notNull(),
    jobId: text("job_id").notNull(),
    bodyHash: text("body_hash").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
}));

/** Reports over jobs. */
export const reportTables = defineTables(({ table, text, integer }) => ({
  reports: table("reports", {
    id: text("id").notNull(),
    userId: text("user_id").notNull(),
    reportType: text("report_type").notNull(),
    outputFormat: text("output_format").notNull(),
    status: text("status", { enum: REPORT_STATUSES }).notNull(),
    /** A JSON list of ids. */
    simulationJobIds: text("simulation_job_ids").notNull(),
    parameters: text("parameters").notNull(),
    attempt: integer("attempt").notNull(),
    failures: integer("failures").notNull(),
    losses: integer("losses").notNull(),
    runNumber: integer("run_number").notNull(),
    blobKey: text("blob_key"),
    contentType: text("content_type"),
    filename: text("filename"),
    sizeBytes: integer("size_bytes"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    createdAt: integer("created_at").notNull(),
    completedAt: integer("completed_at"),
  }),
}));

/** What starts jobs by the clock. */
export const scheduleTables = defineTables(({ table, text, integer, boolean }) => ({
  schedules: table("schedules", {
    id: text("id").notNull(),
    userId: text("user_id").notNull(),
    name: text("name").notNull(),
    cron: text("cron").notNull(),
    zone: text("zone").notNull(),
    /** The body of the submission, as JSON. */
    job: text("job").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    nextAt: integer("next_at"),
    lastAt: integer("last_at"),
    lastJobId: text("last_job_id"),
    skipped: integer("skipped").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
}));

/** What is told to others, and who may watch. */
export const notificationTables = defineTables(({ table, text, integer }) => ({
  deliveries: table("callback_deliveries", {
    id: text("id").notNull(),
    userId: text("user_id").notNull(),
    jobId: text("job_id").notNull(),
    url: text("url").notNull(),
    body: text("body").notNull(),
    status: text("status", { enum: DELIVERY_STATUSES }).notNull(),
    tries: integer("tries").notNull(),
    httpStatus: integer("http_status"),
    error: text("error"),
    createdAt: integer("created_at").notNull(),
    completedAt: integer("completed_at"),
  }),
  tickets: table("stream_tickets", {
    hash: text("hash").notNull(),
    userId: text("user_id").notNull(),
    jobId: text("job_id").notNull(),
    expiresAt: integer("expires_at").notNull(),
  }),
}));

export type JobRow = (typeof jobTables)["postgres"]["jobs"]["$inferSelect"];
export type EventRow = (typeof jobTables)["postgres"]["events"]["$inferSelect"];
export type ReportRow = (typeof reportTables)["postgres"]["reports"]["$inferSelect"];
export type ScheduleRow = (typeof scheduleTables)["postgres"]["schedules"]["$inferSelect"];
export type DeliveryRow = (typeof notificationTables)["postgres"]["deliveries"]["$inferSelect"];

export type JobStatus = JobRow["status"];
export type ReportStatus = ReportRow["status"];
export type DeliveryStatus = DeliveryRow["status"];
