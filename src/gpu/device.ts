import { create, globals } from "webgpu";
import type { AdapterIdentity } from "../platform/doctor/probes";

/** An adapter with its device. */
export interface OpenedDevice {
  device: GPUDevice;
  identity: AdapterIdentity;
}

/**
 * Held for the life of the process: once the instance is collected, its device crashes the process some milliseconds
 * later (docs/native.md, "The GPU").
 */
let instance: GPU | undefined;
let opened: Promise<OpenedDevice | undefined> | undefined;

/** Asked for where the adapter has them. */
const WANTED_FEATURES: readonly GPUFeatureName[] = ["timestamp-query"];

/**
 * The GPU of this machine, opened once per process; undefined where there is no adapter. For children alone: a fault in
 * a driver ends the process, and so does the loss of the device, so that the parent starts a new child.
 */
export function openDevice(): Promise<OpenedDevice | undefined> {
  opened ??= open();
  return opened;
}

/** Gives the device back. Nothing may use it afterwards. */
export async function closeDevice(): Promise<void> {
  const { device } = (await opened) ?? {};
  device?.destroy();
}

/** Whether an adapter computes on the CPU. The engine of 64 bits is faster than any of these. */
export function isSoftware({ vendor, architecture, description }: AdapterIdentity): boolean {
  return /swiftshader|llvmpipe|lavapipe|software/i.test(`${vendor} ${architecture} ${description}`);
}

async function open(): Promise<OpenedDevice | undefined> {
  Object.assign(globalThis, globals);
  instance = create(["disable-dawn-features=timestamp_quantization"]);
  const adapter = await instance.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) return undefined;
  const requiredFeatures = WANTED_FEATURES.filter((feature) => adapter.features.has(feature));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits: storageLimits(adapter) });
  void device.lost.then(({ reason, message }) => {
    if (reason === "destroyed") return;
    process.stderr.write(`The GPU was lost: ${message}\n`);
    process.exit(1);
  });
  const { vendor, architecture, description } = adapter.info;
  return { device, identity: { vendor, architecture, description } };
}

/** The adapter's own limits: a device that asks for none gets 128 MiB a binding and eight storage buffers. */
function storageLimits({ limits }: GPUAdapter): Record<string, number> {
  return {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  };
}
