import { defineTables } from "../../platform/database";

const JOB_STATUSES = ["created", "submitted"] as const;
const RUN_STATUSES = ["Submitted", "Running", "Done", "Failed", "Cancelled"] as const;
const POD_PHASES = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const;

/**
 * Jobs and their runs, under the names that the original gives them. Keys, indexes and constraints are the
 * migrations'. Times are milliseconds.
 */
export const epistemixTables = defineTables(({ table, text, integer, real, json }) => ({
  jobs: table("jobs", {
    id: integer("id").notNull(),
    userId: integer("user_id").notNull(),
    tags: json<string[]>("tags").notNull(),
    /** Whether the upload of the input was asked for; what else a job is follows from its runs. */
    status: text("status", { enum: JOB_STATUSES }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Keys of blobs. */
    inputLocation: text("input_location"),
    configLocation: text("config_location"),
    jobMetadata: json<Record<string, unknown>>("job_metadata").notNull(),
  }),
  runs: table("runs", {
    id: integer("id").notNull(),
    jobId: integer("job_id").notNull(),
    userId: integer("user_id").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    request: json<Record<string, unknown>>("request").notNull(),
    podPhase: text("pod_phase", { enum: POD_PHASES }).notNull(),
    status: text("status", { enum: RUN_STATUSES }).notNull(),
    userDeleted: integer("user_deleted").notNull(),
    epxClientVersion: text("epx_client_version").notNull(),
    /** Keys of blobs. */
    configUrl: text("config_url"),
    resultsUrl: text("results_url"),
    resultsUploadedAt: integer("results_uploaded_at"),
    /** Of the days, from 0 to 1. */
    progress: real("progress").notNull(),
    /** Why it ended without a result. */
    error: text("error"),
    /** How often whoever ran it was gone. */
    losses: integer("losses").notNull(),
  }),
  /** The last id of each table that was given, so that none is given twice. */
  ids: table("epistemix_ids", {
    name: text("name", { enum: ["jobs", "runs"] }).notNull(),
    last: integer("last").notNull(),
  }),
}));

export type JobRow = (typeof epistemixTables)["postgres"]["jobs"]["$inferSelect"];
export type RunRow = (typeof epistemixTables)["postgres"]["runs"]["$inferSelect"];
export type PodPhase = RunRow["podPhase"];
export type RunStatus = RunRow["status"];
