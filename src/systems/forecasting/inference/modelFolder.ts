import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UsageError } from "../../../platform/errors";
import type { Checkpoint } from "../checkpoint/checkpoint";
import { openCheckpoint } from "../checkpoint/openCheckpoint";
import { networkOf } from "../models/families";
import type { Network } from "../models/network";

/** Names under which weights are published, the best first. */
export const WEIGHT_FILES = ["model.safetensors", "torch_model.safetensors", "torch_model.ckpt"] as const;

export const CONFIG_FILE = "config.json";
const MAX_CONFIG_BYTES = 1024 * 1024;

/** A folder that holds one model: its weights, and `config.json` where it has one. */
export interface OpenedFolder {
  folder: string;
  checkpoint: Checkpoint;
  network: Network;
}

/**
 * Looks at a folder of a model; nothing is loaded yet.
 * @param weights the file of weights in it; where absent, the first of {@link WEIGHT_FILES} that is there
 * @throws UsageError when it holds no weights, or none that are understood.
 */
export function openModelFolder(folder: string, weights?: string): OpenedFolder {
  const file = weights ?? WEIGHT_FILES.find((name) => existsSync(join(folder, name)));
  if (file === undefined) {
    throw new UsageError(`${folder} holds no weights; expected one of ${WEIGHT_FILES.join(", ")}.`);
  }
  const checkpoint = openCheckpoint(join(folder, file));
  return { folder, checkpoint, network: networkOf(checkpoint, readConfig(join(folder, CONFIG_FILE))) };
}

function readConfig(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    const bytes = readFileSync(path);
    if (bytes.byteLength > MAX_CONFIG_BYTES)
      throw new Error(`${bytes.byteLength} bytes; the limit is ${MAX_CONFIG_BYTES}`);
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new UsageError(`${path} is not a configuration: ${messageOf(error)}`);
  }
}
