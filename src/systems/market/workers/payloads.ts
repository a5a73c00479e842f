import { JSON_LEVELS, tooDeepAt } from "../../../platform/jsonDepth";

/**
 * What workers send, read as leniently as the miners need and with a limit on everything (docs/market.md, Messages).
 * A value of the wrong type counts as missing.
 */

export type Payload = Readonly<Record<string, unknown>>;

/** The largest payload that is read. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;
const MAX_GPUS = 64;
const MAX_GPU_BYTES = 16 * 1024;
const MAX_NAME_LENGTH = 128;
const MAX_KEY_LENGTH = 1024;
const MAX_HASH_LENGTH = 4096;
const MAX_MEMORY_GB = 1e6;
const MAX_HASHRATE = 1e15;

const decoder = new TextDecoder();

/** The members of a payload: none when it is not JSON, undefined when it is JSON but no object, or is too deep. */
export function readPayload(bytes: Uint8Array): Payload | undefined {
  if (bytes.byteLength > MAX_PAYLOAD_BYTES) return undefined;
  const json = decoder.decode(bytes);
  if (tooDeepAt(JSON_LEVELS, json) !== undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return {};
  }
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  return isObject ? (value as Payload) : undefined;
}

export interface SelfDescription {
  ethAddress: string;
  gpuCount: number;
  totalMemoryGb: number;
  gpus: unknown[];
  version: string;
}

/** What a worker says of itself, or why it cannot be taken. */
export function readRegistration(payload: Payload): SelfDescription | { refused: string } {
  const gpus = Array.isArray(payload["gpus"]) ? (payload["gpus"] as unknown[]) : [];
  if (gpus.length > MAX_GPUS) return { refused: `more than ${MAX_GPUS} GPUs` };
  if (JSON.stringify(gpus).length > MAX_GPU_BYTES) return { refused: `the GPUs take more than ${MAX_GPU_BYTES} bytes` };
  return {
    ethAddress: text(payload["eth_address"], MAX_NAME_LENGTH),
    gpuCount: count(payload["gpu_count"]),
    totalMemoryGb: amount(payload["total_memory_gb"], MAX_MEMORY_GB),
    gpus,
    version: text(payload["version"], MAX_NAME_LENGTH) || "unknown",
  };
}

export interface Heartbeat {
  hashrate: number;
  activeGpus: number;
  currentAddress: string;
  currentPrefix: string;
  currentBlockPattern: string;
}

export function readHeartbeat(payload: Payload): Heartbeat {
  return {
    hashrate: amount(payload["hashrate"], MAX_HASHRATE),
    activeGpus: count(payload["active_gpus"]),
    currentAddress: text(payload["address"], MAX_NAME_LENGTH),
    currentPrefix: text(payload["prefix"], MAX_NAME_LENGTH),
    currentBlockPattern: text(payload["block_pattern"], MAX_NAME_LENGTH),
  };
}

/** What a heartbeat shows of the worker's work: undefined for what it does not say. */
export function readWork(payload: Payload): {
  hashrate: number | undefined;
  activeGpus: number | undefined;
  prefix: string;
} {
  return {
    hashrate: payload["hashrate"] === undefined ? undefined : amount(payload["hashrate"], MAX_HASHRATE),
    activeGpus: payload["active_gpus"] === undefined ? undefined : count(payload["active_gpus"]),
    prefix: text(payload["prefix"], MAX_NAME_LENGTH),
  };
}

/** The lease that a message names; empty where it names none. */
export function leaseNamed(payload: Payload): string {
  return text(payload["lease_id"], MAX_NAME_LENGTH);
}

export interface BlockReport {
  /** Empty for a block that the worker mined for itself. */
  leaseId: string;
  blockHash: string;
  key: string;
  account: string;
  attempts: number;
  /** As text, the way miners send it. */
  hashrate: string;
}

/** A block, or undefined when it has no key. */
export function readBlock(payload: Payload): BlockReport | undefined {
  const key = text(payload["key"], MAX_KEY_LENGTH);
  if (key === "") return undefined;
  const hashrate = payload["hashrate"];
  return {
    leaseId: text(payload["lease_id"], MAX_NAME_LENGTH),
    blockHash: text(payload["hash"], MAX_HASH_LENGTH),
    key,
    account: text(payload["account"], MAX_NAME_LENGTH),
    attempts: count(payload["attempts"]),
    hashrate: typeof hashrate === "number" ? String(hashrate) : text(hashrate, MAX_NAME_LENGTH) || "0",
  };
}

/** The state that a status tells: miners say `state`, their will and goodbye `status`. */
export function readState(payload: Payload): unknown {
  return payload["state"] ?? payload["status"];
}

function text(value: unknown, longest: number): string {
  return typeof value === "string" && value.length <= longest ? value : "";
}

function amount(value: unknown, most: number): number {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return 0;
  return Math.max(0, Math.min(number, most));
}

function count(value: unknown): number {
  return Math.floor(amount(value, Number.MAX_SAFE_INTEGER));
}
