/** A frame: request id and length of the payload, both u32 little endian, then the payload. */
const HEADER_BYTES = 8;

/** Written between two waits for the pipe: what does not fit into the pipe is copied, and this bounds the copy. */
const SLICE_BYTES = 256 * 1024;

/** One frame may be this long; a longer one means a fault on the other side. */
const MAX_FRAME_BYTES = 1024 * 1024 * 1024;

/** What a pipe's writing end can do, be it the parent's or the child's. */
export interface FrameSink {
  write(chunk: Uint8Array): unknown;
  /** Settles when the pipe has taken what was written. */
  flush(): unknown;
}

/** @throws RangeError when an array is too long for a frame. */
export function refuseTooLong(bulk: readonly ArrayBufferView[]): void {
  const longest = bulk.reduce((most, view) => Math.max(most, view.byteLength), 0);
  if (longest > MAX_FRAME_BYTES) throw new RangeError(`an array of ${longest} bytes; the limit is ${MAX_FRAME_BYTES}`);
}

/**
 * Writes one array after the other as frames of a request, waiting whenever the pipe is full. Nothing else may be
 * written to the sink meanwhile.
 */
export async function writeFrames(sink: FrameSink, id: number, bulk: readonly ArrayBufferView[]): Promise<void> {
  for (const view of bulk) {
    const header = new DataView(new ArrayBuffer(HEADER_BYTES));
    header.setUint32(0, id, true);
    header.setUint32(4, view.byteLength, true);
    await put(sink, new Uint8Array(header.buffer));
    for (let from = 0; from < view.byteLength; from += SLICE_BYTES) {
      const length = Math.min(SLICE_BYTES, view.byteLength - from);
      await put(sink, new Uint8Array(view.buffer, view.byteOffset + from, length));
    }
  }
}

/** Both calls may give a promise, and a broken pipe rejects both. */
async function put(sink: FrameSink, chunk: Uint8Array): Promise<void> {
  await Promise.all([sink.write(chunk), sink.flush()]);
}

/** Puts frames together from chunks that are cut anywhere. */
export interface FrameReader {
  /** @throws RangeError when a frame is announced that is longer than the limit. */
  push(chunk: Uint8Array): void;
}

export function createFrameReader(
  onFrame: (id: number, payload: Uint8Array<ArrayBuffer>) => void,
  maxFrameBytes = MAX_FRAME_BYTES,
): FrameReader {
  const header = new Uint8Array(HEADER_BYTES);
  const headerView = new DataView(header.buffer);
  let headerFilled = 0;
  let payload: Uint8Array<ArrayBuffer> | undefined;
  let payloadFilled = 0;

  function takeHeader(chunk: Uint8Array, from: number): number {
    const taken = Math.min(HEADER_BYTES - headerFilled, chunk.byteLength - from);
    header.set(chunk.subarray(from, from + taken), headerFilled);
    headerFilled += taken;
    if (headerFilled < HEADER_BYTES) return taken;
    const length = headerView.getUint32(4, true);
    if (length > maxFrameBytes) throw new RangeError(`a frame of ${length} bytes; the limit is ${maxFrameBytes}`);
    payload = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer, 0, length);
    return taken;
  }

  function takePayload(chunk: Uint8Array, from: number, into: Uint8Array): number {
    const taken = Math.min(into.byteLength - payloadFilled, chunk.byteLength - from);
    into.set(chunk.subarray(from, from + taken), payloadFilled);
    payloadFilled += taken;
    return taken;
  }

  function push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.byteLength; ) {
      from += payload === undefined ? takeHeader(chunk, from) : takePayload(chunk, from, payload);
      if (payload === undefined || payloadFilled < payload.byteLength) continue;
      const complete = payload;
      payload = undefined;
      [headerFilled, payloadFilled] = [0, 0];
      onFrame(headerView.getUint32(0, true), complete);
    }
  }

  return { push };
}

/** Gathers the frames of each request; the control message that says how many there are may come before or after. */
export interface Inbox {
  /** The next frames of that request, once there are so many: takes of one request are served in their order. */
  take(id: number, frames: number): Promise<Uint8Array<ArrayBuffer>[]>;
  frame(id: number, payload: Uint8Array<ArrayBuffer>): void;
}

export function createInbox(): Inbox {
  const arrived = new Map<number, Uint8Array<ArrayBuffer>[]>();
  const awaited = new Map<number, { frames: number; resolve: (bulk: Uint8Array<ArrayBuffer>[]) => void }[]>();

  function settle(id: number): void {
    const wants = awaited.get(id) ?? [];
    const bulk = arrived.get(id) ?? [];
    while (wants[0] !== undefined && bulk.length >= wants[0].frames) {
      const { frames, resolve } = wants.shift()!;
      resolve(bulk.splice(0, frames));
    }
    if (wants.length === 0) awaited.delete(id);
    if (bulk.length === 0) arrived.delete(id);
  }

  return {
    take(id, frames) {
      const { promise, resolve } = Promise.withResolvers<Uint8Array<ArrayBuffer>[]>();
      const wants = awaited.get(id);
      if (wants === undefined) awaited.set(id, [{ frames, resolve }]);
      else wants.push({ frames, resolve });
      settle(id);
      return promise;
    },
    frame(id, payload) {
      const bulk = arrived.get(id);
      if (bulk === undefined) arrived.set(id, [payload]);
      else bulk.push(payload);
      settle(id);
    },
  };
}
