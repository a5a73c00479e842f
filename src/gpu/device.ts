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

async function open(): Promise<OpenedDevice | undefined> {
  Object.assign(globalThis, globals);
  instance = create([]);
  const adapter = await instance.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) return undefined;
  const device = await adapter.requestDevice();
  void device.lost.then(({ reason, message }) => {
    if (reason === "destroyed") return;
    process.stderr.write(`The GPU was lost: ${message}\n`);
    process.exit(1);
  });
  const { vendor, architecture, description } = adapter.info;
  return { device, identity: { vendor, architecture, description } };
}
