import { z } from "zod";
import type { ChildModule, ChildReply, EmitPartial } from "../../../platform/compute/childProtocol";
import { messageOf } from "../../../platform/errors";
import { checkpointText, jsonBytes } from "../../../platform/simulations";
import {
  type PluginContext,
  type PluginDescription,
  type PluginEnd,
  type PluginFactory,
  type PluginHandler,
  type PluginNote,
  type PluginReportRequest,
  pluginReport,
  pluginShape,
} from "./contract";

/** Runs in a process of its own, one for each piece: whatever a plug-in does to it, it does to nobody else. */

interface SimulateInput {
  file: string;
  jobId: string;
  attempt: number;
}

const MAX_LINE_CHARACTERS = 8192;

export const pluginChild: ChildModule = {
  handlers: {
    "plugins.describe": async ({ file }: { file: string }): Promise<ChildReply> => {
      const handler = await handlerIn(file);
      return { value: { ended: "well" } satisfies PluginEnd, bulk: [jsonBytes(descriptionOf(handler))] };
    },
    "plugins.simulate": (input: SimulateInput, bulk, signal, emit) => simulate(input, bulk, signal, emit),
    "plugins.report": (input: { file: string }, bulk) => report(input.file, bulk),
  },
  release: () => undefined,
};

async function handlerIn(file: string): Promise<PluginHandler> {
  const module = (await import(file)) as { default?: PluginFactory };
  if (typeof module.default !== "function") {
    throw new Error("it must export as default a function that is given { z } and returns a handler");
  }
  const parsed = pluginShape.safeParse(await module.default({ z }));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}

function descriptionOf(handler: PluginHandler): PluginDescription {
  if (handler.kind === "report") {
    const { type, formats } = handler;
    return {
      kind: "report",
      type,
      formats,
      title: type,
      summary: "",
      parameters: {},
      example: {},
      timeoutS: undefined,
    };
  }
  const { type, title = type, summary = "", params, example = {}, timeoutS } = handler;
  const parameters = z.toJSONSchema(params, { io: "input", unrepresentable: "any" });
  return { kind: "simulation", type, title, summary, parameters, example, timeoutS, formats: [] };
}

async function simulate(
  { file, jobId, attempt }: SimulateInput,
  [parametersJson, checkpointJson]: readonly Uint8Array[],
  signal: AbortSignal,
  emit: EmitPartial,
): Promise<ChildReply> {
  const handler = await handlerIn(file);
  if (handler.kind !== "simulation") return ending({ ended: "failed", message: "no simulation", isPermanent: true });
  const read = await handler.params.safeParseAsync(parsedJson(parametersJson!));
  if (!read.success) return ending({ ended: "refused", message: z.prettifyError(read.error) });
  const note = (told: PluginNote) => emit({ value: told });
  const context: PluginContext = {
    jobId,
    attempt,
    signal,
    checkpoint: checkpointJson === undefined ? undefined : parsedJson(checkpointJson),
    progress: (fraction, text) => note({ tells: "progress", fraction, note: text }),
    log: (line) => note({ tells: "log", line: String(line).slice(0, MAX_LINE_CHARACTERS) }),
    saveCheckpoint(value) {
      const bytes = new TextEncoder().encode(checkpointText(value));
      emit({ value: { tells: "checkpoint" } satisfies PluginNote, bulk: [bytes] });
    },
  };
  try {
    const result = await handler.run(read.data, context);
    return { value: { ended: "well" } satisfies PluginEnd, bulk: [jsonBytes(result ?? null)] };
  } catch (error) {
    const isPermanent = error instanceof Error && error.name === "PermanentError";
    return ending({ ended: "failed", message: messageOf(error), isPermanent });
  }
}

async function report(file: string, [requestJson]: readonly Uint8Array[]): Promise<ChildReply> {
  const handler = await handlerIn(file);
  if (handler.kind !== "report") return ending({ ended: "failed", message: "no report", isPermanent: true });
  try {
    const request = parsedJson(requestJson!) as PluginReportRequest;
    const { bytes, contentType, filename } = pluginReport.parse(await handler.generate(request));
    const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    return { value: { ended: "well", contentType, filename }, bulk: [content] };
  } catch (error) {
    return ending({ ended: "failed", message: messageOf(error), isPermanent: false });
  }
}

function ending(value: PluginEnd): ChildReply {
  return { value };
}

function parsedJson(json: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(json));
}
