import { RequestError } from "../platform/errors";
import type { Dispatch } from "./pipelines";

/** Runs dispatches one after another and waits for them. */
export interface Submitter {
  /**
   * Gives the milliseconds that the device took, by its own clock where it has one.
   * @param cleared buffers that are filled with zeros before
   * @throws RequestError 503 when the device lacks memory; Error when it refuses what it was given.
   */
  run(dispatches: readonly Dispatch[], cleared?: readonly GPUBuffer[]): Promise<number>;
}

const TIMESTAMP_BYTES = 16;
const NANOSECONDS_PER_MS = 1e6;

export function createSubmitter(device: GPUDevice): Submitter {
  const clock = device.features.has("timestamp-query") ? deviceClock(device) : undefined;

  async function run(dispatches: readonly Dispatch[], cleared: readonly GPUBuffer[] = []): Promise<number> {
    const began = performance.now();
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    const encoder = device.createCommandEncoder();
    for (const buffer of cleared) encoder.clearBuffer(buffer);
    const pass = encoder.beginComputePass(clock === undefined ? {} : { timestampWrites: clock.writes });
    for (const { kernel, buffers, workgroups } of dispatches) {
      pass.setPipeline(kernel.pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: kernel.layout,
          entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
        }),
      );
      pass.dispatchWorkgroups(workgroups);
    }
    pass.end();
    clock?.resolve(encoder);
    device.queue.submit([encoder.finish()]);
    const [outOfMemory, invalid] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    await device.queue.onSubmittedWorkDone();
    if (outOfMemory !== null) throw new RequestError(503, "The GPU has too little memory for this.");
    if (invalid !== null) throw new Error(`the GPU refuses the work: ${invalid.message}`);
    return clock === undefined ? performance.now() - began : await clock.elapsedMs();
  }

  return { run };
}

function deviceClock(device: GPUDevice) {
  const querySet = device.createQuerySet({ type: "timestamp", count: 2 });
  const resolved = device.createBuffer({
    size: TIMESTAMP_BYTES,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const readable = device.createBuffer({
    size: TIMESTAMP_BYTES,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  return {
    writes: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    resolve(encoder: GPUCommandEncoder): void {
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, readable, 0, TIMESTAMP_BYTES);
    },
    async elapsedMs(): Promise<number> {
      await readable.mapAsync(GPUMapMode.READ);
      const [began, ended] = new BigUint64Array(readable.getMappedRange());
      readable.unmap();
      return Number(ended! - began!) / NANOSECONDS_PER_MS;
    },
  };
}
