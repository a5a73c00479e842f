import type { AdapterIdentity } from "../platform/doctor/probes";
import { openDevice } from "./device";
import { type DeviceMemory, deviceMemory } from "./memory";
import { createPipelines, type Pipelines } from "./pipelines";
import { createSubmitter, type Submitter } from "./submit";

/** A device and what work on it needs. */
export interface Gpu {
  identity: AdapterIdentity;
  /** Largest storage buffer that a kernel can be given, bytes. */
  maxBindingBytes: number;
  memory: DeviceMemory;
  pipelines: Pipelines;
  submitter: Submitter;
}

let gpu: Promise<Gpu | undefined> | undefined;

/** The GPU of this process, opened once; undefined where there is no adapter. */
export function openGpu(): Promise<Gpu | undefined> {
  gpu ??= open();
  return gpu;
}

async function open(): Promise<Gpu | undefined> {
  const opened = await openDevice();
  if (opened === undefined) return undefined;
  const { device, identity } = opened;
  return {
    identity,
    maxBindingBytes: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
    memory: deviceMemory(device),
    pipelines: createPipelines(device),
    submitter: createSubmitter(device),
  };
}
