/** Memory of the device, by name: asked for again, the same memory serves, made larger where it must be. */
export interface DeviceMemory {
  /** At least `bytes` of storage, with whatever was in it. */
  storage(name: string, bytes: number): GPUBuffer;
  /** Storage that holds `data` from its begin on. */
  filled(name: string, data: ArrayBufferView<ArrayBuffer>): GPUBuffer;
  /** A uniform that holds `data`. */
  uniform(name: string, data: ArrayBufferView<ArrayBuffer>): GPUBuffer;
  /** Reads `bytes` from the begin of a buffer. */
  read(source: GPUBuffer, bytes: number): Promise<ArrayBuffer>;
  /** Gives all of it back. */
  release(): void;
}

const LEAST_BYTES = 16;

export function deviceMemory(device: GPUDevice): DeviceMemory {
  const held = new Map<string, GPUBuffer>();

  function hold(name: string, bytes: number, usage: number): GPUBuffer {
    const size = Math.max(LEAST_BYTES, Math.ceil(bytes / 4) * 4);
    const known = held.get(name);
    if (known !== undefined && known.size >= size) return known;
    known?.destroy();
    const buffer = device.createBuffer({ size, usage });
    held.set(name, buffer);
    return buffer;
  }

  const storage = (name: string, bytes: number) =>
    hold(name, bytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC);

  function write(buffer: GPUBuffer, data: ArrayBufferView<ArrayBuffer>): GPUBuffer {
    device.queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
    return buffer;
  }

  async function read(source: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const readable = hold("read", bytes, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, readable, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ, 0, bytes);
    const copy = readable.getMappedRange(0, bytes).slice(0);
    readable.unmap();
    return copy;
  }

  return {
    storage,
    filled: (name, data) => write(storage(name, data.byteLength), data),
    uniform: (name, data) => write(hold(name, data.byteLength, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST), data),
    read,
    release() {
      for (const buffer of held.values()) buffer.destroy();
      held.clear();
    },
  };
}
