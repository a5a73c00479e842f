import { readFileSync } from "node:fs";
import { ownCommand } from "../../../platform/compute/childProcess";
import { messageOf } from "../../../platform/errors";
import { int8Weights, isWritten, safeBits } from "../checkpoint/int8";
import type { Warning } from "../model";
import type { GraphForm } from "../models/network";
import type { Int8Input } from "../work";
import { findCard } from "./adapter";
import type { OpenedFolder } from "./modelFolder";
import { createNeuralModel, type NeuralModel, type NeuralModelOptions } from "./neuralModel";
import { deviationBetween } from "./selfCheck";

/** Where a model is computed: `gpu` where there is a card that gives the processor's numbers. */
export type Backend = "cpu" | "gpu";

/** `int8` is faster and takes a quarter of the memory; what it costs is in docs/forecasting.md, "Eight bits". */
export type Precision = "f32" | "int8";

export interface LoadOptions
  extends Omit<NeuralModelOptions, "network" | "folder" | "provider" | "form" | "batchTokens"> {
  backend: Backend;
  precision: Precision;
  /** Writes weights of 8 bits, in a thread. */
  writeInt8: (input: Int8Input) => Promise<void>;
}

export interface LoadedModel {
  model: NeuralModel;
  backend: Backend;
  precision: Precision;
  /** What computes it: the card's name, or `CPU`. */
  device: string;
  loadMs: number;
  layers: number;
  /** Where something else than was asked for is used, and why. */
  warnings: Warning[];
}

/** Tokens of the batches that are computed fastest (test/bench/forecasting.ts). */
const CPU_BATCH_TOKENS = 512;
const GPU_BATCH_TOKENS = 2048;

/** So many layers are looked at: further ones run the same kernels on the same sizes. */
const CHECKED_LAYERS = 2;

/** The largest difference between card and processor that is rounding, as a share of the range. */
const MAX_DEVIATION = 1e-4;

/**
 * Loads a model into a child of its own.
 * @throws RequestError 503 when its child crashes; UsageError when weights are missing.
 */
export async function loadNeuralModel(opened: OpenedFolder, options: LoadOptions): Promise<LoadedModel> {
  const warnings: Warning[] = [];
  const form = options.precision === "int8" ? await int8Form(opened, options) : {};
  const place = await placeOf(opened, options, warnings);
  const model = modelOn(opened, options, place.backend, form);
  try {
    const { loadMs } = await model.load();
    const { precision } = options;
    return { model, ...place, precision, loadMs, layers: opened.network.layers, warnings };
  } catch (error) {
    await model.unload();
    throw error;
  }
}

async function int8Form({ checkpoint, network }: OpenedFolder, { writeInt8 }: LoadOptions): Promise<GraphForm> {
  const bits = safeBits(cpuFlags());
  const names = network.int8Weights;
  const int8 = int8Weights(checkpoint, names, bits);
  if (!isWritten(checkpoint, int8)) await writeInt8({ path: checkpoint.path, names, bits });
  return { int8 };
}

function cpuFlags(): string {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "";
  } catch {
    // Elsewhere nothing is known, and the safe form is taken.
    return "";
  }
}

interface Place {
  backend: Backend;
  device: string;
}

const ON_CPU: Place = { backend: "cpu", device: "CPU" };

/** The card where it was asked for, is there, and gives the processor's numbers; else the processor, with a warning. */
async function placeOf(opened: OpenedFolder, options: LoadOptions, warnings: Warning[]): Promise<Place> {
  if (options.backend === "cpu") return ON_CPU;
  const onCpu = (reason: string) => {
    warnings.push({ code: "backend_fallback", message: `The CPU is used in place of a graphics card: ${reason}.` });
    return ON_CPU;
  };
  if (options.precision === "int8") return onCpu("eight bits run on the CPU alone");
  const { clock, command = ownCommand(), environment } = options;
  const finding = await findCard({ clock, command, environment });
  if (finding.card === null) return onCpu(finding.reason);
  const deviation = await checkCard(opened, options);
  if (typeof deviation === "string") return onCpu(`${finding.card} failed: ${deviation}`);
  if (deviation <= MAX_DEVIATION) return { backend: "gpu", device: finding.card };
  return onCpu(`${finding.card} is off by ${deviation.toExponential(1)} of the range`);
}

/** How far the card is from the processor over the first layers; a sentence where it does not run them. */
export async function checkCard(opened: OpenedFolder, options: LoadOptions): Promise<number | string> {
  const form = { layers: CHECKED_LAYERS };
  const [reference, candidate] = [modelOn(opened, options, "cpu", form), modelOn(opened, options, "gpu", form)];
  try {
    return await deviationBetween(reference, candidate);
  } catch (error) {
    return messageOf(error);
  } finally {
    await Promise.all([reference.unload(), candidate.unload()]);
  }
}

function modelOn(
  { network, folder }: OpenedFolder,
  options: LoadOptions,
  backend: Backend,
  form: GraphForm,
): NeuralModel {
  return createNeuralModel({
    ...options,
    network,
    folder,
    form,
    provider: backend === "gpu" ? "webgpu" : "cpu",
    batchTokens: backend === "gpu" ? GPU_BATCH_TOKENS : CPU_BATCH_TOKENS,
  });
}
