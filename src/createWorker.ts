/** A Worker of the program. It stands beside `worker.ts`: in the executable the address is taken from this folder. */
export function createWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url));
}
