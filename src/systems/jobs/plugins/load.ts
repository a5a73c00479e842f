import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Clock } from "../../../platform/clock";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import {
  jsonBytes,
  PermanentError,
  type SimulationContext,
  type SimulationHandler,
} from "../../../platform/simulations";
import type { ReportFile, ReportHandler, ReportOrder } from "../reporting/handler";
import type { PluginDescription, PluginEnd, PluginNote } from "./contract";
import { callPlugin } from "./process";

export interface Plugins {
  simulations: SimulationHandler[];
  reports: ReportHandler[];
}

export interface PluginsOptions {
  folder: string;
  memoryMb: number;
  clock: Clock;
  log: Log;
}

const DESCRIBE_TIMEOUT_MS = 20_000;

/** What the files of the folder offer; one that cannot be used is told in the log and left out. */
export async function loadPlugins(options: PluginsOptions): Promise<Plugins> {
  const plugins: Plugins = { simulations: [], reports: [] };
  for (const file of filesIn(options)) {
    try {
      const description = await describe(options, file);
      if (description.kind === "report") plugins.reports.push(reportOf(options, file, description));
      else plugins.simulations.push(simulationOf(options, file, description));
      options.log.write("info", "a plug-in is loaded", { file, type: description.type, kind: description.kind });
    } catch (error) {
      options.log.write("error", "a plug-in cannot be used", { file, error: messageOf(error) });
    }
  }
  return plugins;
}

function filesIn({ folder, log }: PluginsOptions): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.(ts|js|mjs)$/.test(name) && !name.endsWith(".d.ts"));
    return names.sort().map((name) => join(resolve(folder), name));
  } catch (error) {
    log.write("error", "the folder of plug-ins cannot be read", { folder, error: messageOf(error) });
    return [];
  }
}

async function describe({ memoryMb, clock }: PluginsOptions, file: string): Promise<PluginDescription> {
  const signal = AbortSignal.timeout(DESCRIBE_TIMEOUT_MS);
  const { bulk } = await callPlugin({ kind: "plugins.describe", input: { file }, bulk: [], signal, clock, memoryMb });
  return JSON.parse(new TextDecoder().decode(bulk[0])) as PluginDescription;
}

function simulationOf(options: PluginsOptions, file: string, description: PluginDescription): SimulationHandler {
  const { type, title, summary, example, timeoutS, parameters } = description;
  return {
    type,
    title,
    summary,
    example,
    ...(timeoutS === undefined ? {} : { timeoutS }),
    // The plug-in's own schema decides in its process; what JSON Schema can say is told at submission already.
    parameters: z.fromJSONSchema(parameters as Parameters<typeof z.fromJSONSchema>[0]),
    run: (given, context) => simulate(options, file, given, context),
  };
}

async function simulate(
  { memoryMb, clock }: PluginsOptions,
  file: string,
  parameters: unknown,
  context: SimulationContext,
): Promise<Uint8Array> {
  const { jobId, attempt, signal, checkpoint } = context;
  const saved: Promise<void>[] = [];
  const onNote = (told: unknown, [json]: readonly Uint8Array[]) => {
    const note = told as PluginNote;
    if (note.tells === "progress") context.progress(note.fraction, note.note);
    else if (note.tells === "log") context.log(note.line);
    else saved.push(context.saveCheckpoint(JSON.parse(new TextDecoder().decode(json))));
  };
  const { value, bulk } = await callPlugin({
    kind: "plugins.simulate",
    input: { file, jobId, attempt },
    bulk: [jsonBytes(parameters), ...(checkpoint === undefined ? [] : [jsonBytes(checkpoint)])],
    signal,
    clock,
    memoryMb,
    onNote,
  });
  await Promise.all(saved);
  refuseEnd(value as PluginEnd);
  return bulk[0]!;
}

function reportOf({ memoryMb, clock }: PluginsOptions, file: string, description: PluginDescription): ReportHandler {
  const { type, formats } = description;
  return {
    type,
    formats,
    fault: () => undefined,
    async generate(order, { signal }): Promise<ReportFile> {
      const request = jsonBytes(requestOf(type, order));
      const { value, bulk } = await callPlugin({
        kind: "plugins.report",
        input: { file },
        bulk: [request],
        signal,
        clock,
        memoryMb,
      });
      refuseEnd(value as PluginEnd);
      const { contentType, filename } = value as { contentType: string; filename: string };
      return { bytes: bulk[0]!, contentType, filename };
    },
  };
}

function requestOf(reportType: string, { reportId, format, generatedAt, parameters, simulations }: ReportOrder) {
  const parsedJson = (json: Uint8Array) => JSON.parse(new TextDecoder().decode(json)) as unknown;
  return {
    reportId,
    reportType,
    format,
    generatedAt,
    parameters,
    simulations: simulations.map(({ jobId, simulationType, parametersJson, resultJson, metadata }) => ({
      id: jobId,
      type: simulationType,
      parameters: parsedJson(parametersJson),
      metadata,
      result: parsedJson(resultJson),
    })),
  };
}

function refuseEnd(end: PluginEnd): void {
  if (end.ended === "refused") throw new PermanentError(end.message);
  if (end.ended !== "failed") return;
  throw end.isPermanent ? new PermanentError(end.message) : new Error(end.message);
}
