import { choice, integer, list, port, text, toggle } from "../kinds";
import type { Settings } from "../setting";

const MIB = 1024 * 1024;

/** Jobs and reports, and the accounts that they belong to. */
export const jobsSettings = {
  JOBS_ADMIN: {
    kind: text,
    meaning: "The email of a superuser of jobs and reports; the account may be made before or afterwards.",
    flags: ["admin"],
  },
  JOBS_PORT: { kind: port, meaning: "A port of its own for jobs and reports, alone at the root." },
  FLOWER_PORT: { kind: port, meaning: "A port for the subset of Flower's API alone; it asks for FLOWER_BASIC_AUTH." },
  FLOWER_BASIC_AUTH: {
    kind: text,
    meaning: "USER:PASSWORD of the subset of Flower's API; unset, that API is not served.",
    secret: true,
  },
  API_V1_PREFIX: { kind: text, default: "/api/v1", meaning: "The path under which jobs and reports are served." },
  APP_NAME: { kind: text, default: "Simulation Service", meaning: "What the health of jobs and reports calls itself." },
  APP_VERSION: { kind: text, default: "1.0.0", meaning: "The version that jobs and reports tell of their contract." },
  ACCESS_TOKEN_EXPIRE_MINUTES: {
    kind: integer(1, 525_600),
    default: "30",
    unit: "min",
    meaning: "How long a bearer token of jobs and reports is good.",
  },
  JOBS_CONCURRENCY: {
    kind: integer(1, 256),
    meaning: "Simulations that run at a time; default the number of cores.",
    unit: "jobs",
  },
  JOBS_QUEUES: {
    kind: list,
    default: "simulations,reports",
    meaning: "The queues that this process takes work from: simulations, reports; none leaves the work to others.",
  },
  JOBS_MAX_ATTEMPTS: {
    kind: integer(1, 100),
    default: "3",
    unit: "attempts",
    meaning: "How often a job is tried; the pauses grow, 1 s, 4 s, 16 s at most, and are drawn by chance.",
  },
  JOBS_MAX_LOST: {
    kind: integer(1, 100),
    default: "3",
    unit: "losses",
    meaning: "How often the process that works at a job may die before the job has failed.",
  },
  JOBS_TIMEOUT_S: {
    kind: integer(1, 7 * 86_400),
    default: "3600",
    unit: "s",
    meaning: "The longest that one attempt may take; a job can ask for less.",
  },
  JOBS_MAX_RUNNING_PER_USER: {
    kind: integer(0, 10_000),
    default: "0",
    unit: "jobs",
    meaning: "Simulations of one user that run at a time; 0 sets no limit.",
  },
  JOBS_MAX_QUEUED_PER_USER: {
    kind: integer(1, 10_000_000),
    default: "100000",
    unit: "jobs",
    meaning: "Simulations of one user that may wait or run; further ones are refused with 429.",
  },
  JOBS_MAX_BODY_BYTES: {
    kind: integer(1024, 1024 * MIB),
    default: String(32 * MIB),
    unit: "bytes",
    meaning: "The largest body of a request to jobs and reports.",
  },
  JOBS_MAX_RESULT_BYTES: {
    kind: integer(1024, 1024 * MIB),
    default: String(256 * MIB),
    unit: "bytes",
    meaning: "The largest result of a simulation as JSON; a larger one fails the job.",
  },
  PARAMETERS_SIZE_THRESHOLD: {
    kind: integer(0, 64 * MIB),
    default: "102400",
    unit: "bytes",
    meaning: "Parameters and results larger than this are kept as blobs, smaller ones in the database.",
  },
  JOBS_UNKNOWN_TYPE: {
    kind: choice("fail", "echo"),
    default: "fail",
    meaning: "`echo` completes jobs and reports of unknown types with a placeholder, as the original does.",
  },
  JOBS_RETENTION_DAYS: {
    kind: integer(1, 36_500),
    default: "365",
    unit: "days",
    meaning: "How long finished jobs, reports and call-backs are kept, with their results and files.",
  },
  JOBS_EVENTS_RETENTION_DAYS: {
    kind: integer(1, 36_500),
    default: "30",
    unit: "days",
    meaning: "How long the events and logs of finished jobs are kept.",
  },
  CALLBACK_ALLOW_PRIVATE: {
    kind: toggle,
    default: "false",
    meaning: "Lets call-backs go to private and loopback addresses.",
  },
  PLUGINS_DIR: { kind: text, meaning: "A folder of handlers of one's own, *.ts and *.js (docs/plugins.md)." },
  PLUGIN_MEMORY_MB: {
    kind: integer(64, 1_048_576),
    default: "1024",
    unit: "MB",
    meaning: "Memory that a handler of one's own may take; then its process is ended.",
  },
  CELERY_RESULT_BACKEND: {
    kind: text,
    meaning: "Read so that an environment file of the original starts; results are kept in the database.",
    secret: true,
  },
} satisfies Settings;
