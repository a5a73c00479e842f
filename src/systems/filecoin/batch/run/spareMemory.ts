/**
 * Shared memory that jobs lend each other. When one is over, the garbage collectors of all threads must let go of its
 * memory before it is free, which takes its time while the next job asks for as much again.
 */
export interface SpareMemory {
  /** Memory of at least so many bytes, with whatever a former job has written into it. */
  borrow(bytes: number): SharedArrayBuffer;
  /** For memory that nobody reads or writes any more. It stays collectable. */
  giveBack(buffer: SharedArrayBuffer): void;
}

export function createSpareMemory(): SpareMemory {
  const spare = new Set<WeakRef<SharedArrayBuffer>>();

  function borrow(bytes: number): SharedArrayBuffer {
    for (const reference of spare) {
      const buffer = reference.deref();
      if (buffer !== undefined && buffer.byteLength < bytes) continue;
      spare.delete(reference);
      if (buffer !== undefined) return buffer;
    }
    return new SharedArrayBuffer(bytes);
  }

  return { borrow, giveBack: (buffer) => void spare.add(new WeakRef(buffer)) };
}
