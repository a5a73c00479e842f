import { z } from "zod";

/** What a file of PLUGINS_DIR exports as default, and what its process says to the server; docs/plugins.md. */
export type PluginFactory = (tools: { z: typeof z }) => unknown;

const type = z.string().min(1).max(255);

/** What is checked of a plug-in's handler. Its functions are called where they are. */
export const pluginShape = z.union([
  z.looseObject({
    kind: z.literal("simulation").default("simulation"),
    type,
    title: z.string().max(255).optional(),
    summary: z.string().max(1000).optional(),
    params: z.custom<z.ZodType>((value) => value instanceof z.ZodType, "a schema made with the z that was handed over"),
    example: z.record(z.string(), z.unknown()).optional(),
    timeoutS: z.number().positive().optional(),
    run: z.custom<PluginRun>((value) => typeof value === "function", "a function"),
  }),
  z.looseObject({
    kind: z.literal("report"),
    type,
    formats: z.array(z.enum(["PDF", "HTML", "JSON", "CSV"])).min(1),
    generate: z.custom<PluginGenerate>((value) => typeof value === "function", "a function"),
  }),
]);

export type PluginHandler = z.output<typeof pluginShape>;

export type PluginRun = (params: unknown, context: PluginContext) => unknown;

/** What a plug-in's run is given. */
export interface PluginContext {
  jobId: string;
  attempt: number;
  signal: AbortSignal;
  /** What the attempt before saved. */
  checkpoint: unknown;
  progress(fraction: number, note?: string): void;
  log(line: string): void;
  /** Keeps a JSON value of 64 KiB at most for an attempt to come; a larger one fails the job. */
  saveCheckpoint(value: unknown): void;
}

export type PluginGenerate = (request: PluginReportRequest) => unknown;

export interface PluginReportRequest {
  reportId: string;
  reportType: string;
  format: string;
  generatedAt: string;
  parameters: Record<string, unknown>;
  simulations: { id: string; type: string; parameters: unknown; metadata: unknown; result: unknown }[];
}

/** What a report's function gives. */
export const pluginReport = z.object({
  bytes: z.union([z.instanceof(Uint8Array), z.string()]),
  contentType: z.string().min(1).max(255),
  filename: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\w. -]+$/, "letters, digits, blanks and . _ -"),
});

/** How the server knows a plug-in whose code it never runs. */
export interface PluginDescription {
  kind: "simulation" | "report";
  type: string;
  title: string;
  summary: string;
  /** JSON Schema. */
  parameters: unknown;
  example: Record<string, unknown>;
  timeoutS: number | undefined;
  formats: ("PDF" | "HTML" | "JSON" | "CSV")[];
}

/** What a run tells on its way. A checkpoint comes as bytes beside its note: a note is a small message. */
export type PluginNote =
  | { tells: "progress"; fraction: number; note: string | undefined }
  | { tells: "log"; line: string }
  | { tells: "checkpoint" };

/** How a run in a child ends, when it ends by itself. */
export type PluginEnd =
  | { ended: "well" }
  | { ended: "refused"; message: string }
  | { ended: "failed"; message: string; isPermanent: boolean };
