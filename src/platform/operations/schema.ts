import { z } from "zod";
import { textLike, textOf } from "../http/api/texts";

/** What `/metrics` and `/api/system/...` are asked and answer; the pages take their types from here. */

const MAX_LINES = 1000;

export const logQuery = z.object({
  request_id: z.string().max(64).optional().describe("Lines of this request alone."),
  level: z.enum(["debug", "info", "warn", "error"]).optional().describe("The least important level wanted."),
  limit: z.coerce.number().int().min(1).max(MAX_LINES).default(200).describe("Most lines, the newest first."),
});

export const findQuery = z.object({
  q: z.string().max(100).default("").describe("Words, all of which must occur."),
});

const count = z.int().min(0);
const bytes = count.meta({ examples: [4_194_304] });
const ms = z
  .number()
  .min(0)
  .meta({ examples: [2.5] });
const isoTime = z.iso.datetime();

export const prometheusText = textOf("text/plain", "# TYPE foresight_build_info gauge\nforesight_build_info 1\n");

const systemCard = z.strictObject({
  name: textLike("weather"),
  title: textLike("Weather"),
  figure: textLike("1013 hPa").nullable().describe("One live figure with its unit; null before there is one"),
  caption: textLike("air pressure on 2025-09-09"),
  action: z.strictObject({ label: textLike("Forecast"), href: textLike("/weather") }),
  href: textLike("/weather").nullable().describe("Its page; null where it has none"),
  ready: z.boolean(),
  status: z.enum(["healthy", "loading", "degraded", "unhealthy"]),
  notes: z.array(textLike("The history is three days old.")).optional().describe("Why it is not healthy"),
  statusLine: z.array(textLike("sample, to 2025-09-09")).readonly().describe("Its words in the status bar"),
});
export const statusAnswer = z.strictObject({
  version: textLike("0.1.0"),
  systems: z.array(systemCard).describe("Those that are switched on, in the order of the rail"),
  work: z.strictObject({ running: count, waiting: count }).describe("Pieces of work in the threads that calculate"),
});
export const statusEvents = textOf("text/event-stream", 'id: 1\ndata: {"version":"0.1.0","systems":[]}\n\n');

export const findAnswer = z
  .array(
    z.strictObject({
      kind: textLike("station").describe("What it is, in one word of the system's own"),
      title: textLike("Station 7"),
      hint: textLike("on the coast"),
      href: textLike("/weather?station=7"),
    }),
  )
  .describe("At most 20");

export const settingsAnswer = z.array(
  z.strictObject({
    name: textLike("MAX_BODY_BYTES"),
    value: textLike("1000000").nullable().describe("Of a secret the text `(secret)`; null where it is unset"),
    origin: z.enum(["flag", "environment", "file", "default"]),
    unit: textLike("bytes").nullable(),
    meaning: textLike("The largest body of a request."),
  }),
);

export const metricsAnswer = z.strictObject({
  uptimeS: z.number(),
  memoryBytes: bytes,
  cpuShare: z.number().describe("Of one core, 0 to 1 for each"),
  eventLoopDelayMs: z.strictObject({ p50: ms, p99: ms }),
  routes: z.array(
    z.strictObject({
      method: textLike("POST"),
      path: textLike("/simulate"),
      count,
      failed: count,
      p50Ms: ms.nullable(),
      p99Ms: ms.nullable(),
    }),
  ),
  others: z
    .array(
      z.strictObject({
        name: textLike("foresight_pool_waiting"),
        value: z.number(),
        meaning: textLike("Work that waits."),
      }),
    )
    .describe("Whatever else is counted, by its Prometheus name with labels"),
});

export const backupAnswer = z.strictObject({
  name: textLike("foresight-2025-09-09T12-00-00-000Z.tar.gz"),
  bytes,
  time: isoTime,
});
export const storageAnswer = z.strictObject({
  dataDir: textLike("/srv/foresight/data"),
  freeBytes: bytes,
  fsyncMs: ms.describe("Median time of one write that reaches the disk"),
  files: z.array(z.strictObject({ name: textLike("foresight.db"), bytes, meaning: textLike("the database") })),
  backups: z.array(backupAnswer).describe("The newest first"),
});

export const doctorAnswer = z.array(
  z.strictObject({
    name: textLike("disk"),
    outcome: z.enum(["works", "limited", "missing", "fails"]),
    found: textLike("41.2 GB are free where the data is kept."),
    advice: textLike("Make room on the disk.").nullable().describe("Null where nothing needs doing"),
    figures: z
      .record(textLike("freeBytes"), z.union([z.number(), z.string(), z.null()]))
      .describe("The figures again, for programs; units are in the names"),
  }),
);

export const logAnswer = z.array(
  z.strictObject({
    time: isoTime,
    level: z.enum(["debug", "info", "warn", "error"]),
    message: textLike("a request failed"),
    requestId: textLike("0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10").nullable(),
    details: z.record(textLike("route"), z.unknown()).describe("The other members of the line"),
  }),
);

export type Status = z.infer<typeof statusAnswer>;
export type SystemCard = Status["systems"][number];
export type Hit = z.infer<typeof findAnswer>[number];
export type SettingInForce = z.infer<typeof settingsAnswer>[number];
export type Statistics = z.infer<typeof metricsAnswer>;
export type BackupFile = z.infer<typeof backupAnswer>;
export type StorageReport = z.infer<typeof storageAnswer>;
export type DoctorCheck = z.infer<typeof doctorAnswer>[number];
export type ShownLine = z.infer<typeof logAnswer>[number];
