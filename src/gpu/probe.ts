import probeSource from "../../kernels/probe.wgsl" with { type: "text" };
import { type AdapterIdentity, openDevice } from "./device";

/** What the GPU of this machine can do; `adapter` is null where there is none. */
export interface GpuProbe {
  adapter: AdapterIdentity | null;
  /** From the first call to the result, compilation included. */
  elapsedMs: number;
  /** Values that came back as they should, of {@link PROBE_VALUES}. */
  correct: number;
}

/** Not a multiple of the kernel's 64, so that its bound is tried too. */
export const PROBE_VALUES = 1000;

/** Opens the device, runs `kernels/probe.wgsl` on known values and reads the result back. */
export async function probeGpu(): Promise<GpuProbe> {
  const began = performance.now();
  const opened = await openDevice();
  if (opened === undefined) return { adapter: null, elapsedMs: performance.now() - began, correct: 0 };
  const values = Float32Array.from({ length: PROBE_VALUES }, (_, index) => index);
  const results = await runProbe(opened.device, values);
  const correct = results.reduce((count, result, index) => count + Number(result === 2 * index + 1), 0);
  return { adapter: opened.identity, elapsedMs: performance.now() - began, correct };
}

async function runProbe(device: GPUDevice, values: Float32Array<ArrayBuffer>): Promise<Float32Array> {
  const size = values.byteLength;
  const storage = device.createBuffer({
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  const readable = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const module = device.createShaderModule({ code: probeSource });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: storage } }],
  });
  device.queue.writeBuffer(storage, 0, values);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  pass.dispatchWorkgroups(Math.ceil(values.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(storage, 0, readable, 0, size);
  device.queue.submit([encoder.finish()]);
  await readable.mapAsync(GPUMapMode.READ);
  const results = new Float32Array(readable.getMappedRange().slice(0));
  for (const buffer of [readable, storage]) buffer.destroy();
  return results;
}
