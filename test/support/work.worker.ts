import { serveWork } from "../../src/platform/compute/serveWork";
import type { WorkContext, WorkHandlers } from "../../src/platform/compute/work";
import { RequestError } from "../../src/platform/errors";

const thread = crypto.randomUUID();

/** Work that tests can steer: it waits on shared memory, so that no test depends on how fast it is. */
const testWork = {
  "test.double": (input: number) => input * 2,
  "test.length": (list: Float64Array) => list.length,
  "test.bytes": (size: number) => new Uint8Array(size).fill(7),
  "test.fail": (message: string) => {
    throw new Error(message);
  },
  "test.refuse": (sentence: string) => {
    throw new RequestError(422, sentence, { faults: [{ path: ["sky"], expected: "sun", got: "rain" }] });
  },
  "test.crash": () => {
    queueMicrotask(() => {
      throw new Error("outside of the work");
    });
    return new Promise(() => undefined);
  },
  "test.wait": (gate: SharedArrayBuffer) => {
    Atomics.wait(new Int32Array(gate), 0, 0);
    return "released";
  },
  "test.spin": () => {
    for (;;) Math.random();
  },
  "test.shared": (key: string, context: WorkContext) => context.shared(key),
  "test.thread": () => thread,
  "test.retire": (idleMs: number, context: WorkContext) => {
    context.retireAfter(idleMs);
    return thread;
  },
  "test.retireAndFail": (_: number, context: WorkContext) => {
    context.retireAfter(0);
    throw new Error(thread);
  },
  "test.parts": (count: number, context: WorkContext) => {
    for (let i = 0; i < count; i++) context.emit(i);
    return count;
  },
} satisfies WorkHandlers;

serveWork(testWork);

type TestWork = typeof testWork;

declare module "../../src/platform/compute/work" {
  interface WorkKinds extends TestWork {}
}
