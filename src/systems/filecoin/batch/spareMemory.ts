/**
 * Shared memory of jobs that are over. The garbage collectors of all threads must let go of it before it is free, which
 * takes its time while the next job asks for as much again; so a job takes what a former one has left.
 */
const spare = new Set<WeakRef<SharedArrayBuffer>>();

/** Memory of at least so many bytes, with whatever a former job has written into it. */
export function borrowShared(bytes: number): SharedArrayBuffer {
  for (const reference of spare) {
    const buffer = reference.deref();
    if (buffer !== undefined && buffer.byteLength < bytes) continue;
    spare.delete(reference);
    if (buffer !== undefined) return buffer;
  }
  return new SharedArrayBuffer(bytes);
}

/** For memory that nobody reads or writes any more. */
export function giveBackShared(buffer: SharedArrayBuffer): void {
  spare.add(new WeakRef(buffer));
}
