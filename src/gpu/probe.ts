import probeSource from "../../kernels/probe.wgsl" with { type: "text" };
import type { GpuProbe } from "../platform/doctor/probes";
import { openDevice } from "./device";

/** Not a multiple of the kernel's 64, so that its bound is tried too. */
const PROBE_VALUES = 1000;

/** Opens the device, runs `kernels/probe.wgsl` on known values and reads the result back. */
export async function probeGpu(): Promise<GpuProbe> {
  const began = performance.now();
  const opened = await openDevice();
  if (opened === undefined) return { adapter: null, values: 0, correct: 0, elapsedMs: performance.now() - began };
  const values = Float32Array.from({ length: PROBE_VALUES }, (_, index) => index);
  const results = await runProbe(opened.device, values);
  const correct = results.reduce((count, result, index) => count + Number(result === 2 * index + 1), 0);
  return { adapter: opened.identity, values: PROBE_VALUES, correct, elapsedMs: performance.now() - began };
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
