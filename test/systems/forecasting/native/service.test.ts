import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createWorker } from "../../../../src/createWorker";
import { createPool } from "../../../../src/platform/compute/pool";
import { RequestError } from "../../../../src/platform/errors";
import { classicalModels } from "../../../../src/systems/forecasting/classical/classicalModels";
import { createAdmission } from "../../../../src/systems/forecasting/native/admission";
import { createNativeService, wholeAnswer } from "../../../../src/systems/forecasting/native/service";
import { pooledThreads } from "../../../../src/systems/forecasting/native/threads";

setDefaultTimeout(60_000);

const pool = createPool({
  workers: 1,
  maxWaitMs: 60_000,
  maxWaiting: 1000,
  createWorker,
  onCrash: (error) => process.stderr.write(`a Worker crashed: ${error}\n`),
});
afterAll(() => pool.stop());

const threads = pooledThreads(pool);
const models = classicalModels((inputs, conditions) =>
  pool.run({ kind: "forecasting.classical", input: inputs, costMs: 10, ...conditions }),
);

function serviceOf(maxWaitS: number) {
  return createNativeService({
    threads,
    admission: createAdmission(() => 1, maxWaitS),
    openModel: async (id) => ({
      model: models.find(({ traits }) => traits.id === id)!,
      stamp: { digest: null, device: "CPU", precision: "f64" },
      warnings: [],
    }),
    readFile: () => Promise.reject(new Error("no request of this test names a file")),
  });
}

const values = Array.from({ length: 120 }, (_, t) => 50 + 10 * Math.sin((t * Math.PI) / 6) + ((t * 7) % 5));
const bodyOf = (count: number, model = "ensemble") =>
  new TextEncoder().encode(JSON.stringify({ model, series: Array(count).fill({ values }), horizon: 6 }));

const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RequestError);
  return error as RequestError;
};

describe("a batch", () => {
  test("that its caller hangs up on leaves no thread at work, and lets the next one in", async () => {
    const service = serviceOf(1);
    const caller = new AbortController();
    const { parts } = await service.forecast(bodyOf(2000), caller.signal);
    expect((await parts.next()).done).toBe(false);
    caller.abort();
    const rest = async () => {
      for await (const _ of parts);
    };
    expect((await refusal(rest())).status).toBe(499);
    expect(pool.load()).toMatchObject({ running: 0, waiting: 0 });
    const next = await service.forecast(bodyOf(2000, "drift"), new AbortController().signal);
    expect((await wholeAnswer(next, "forecasts")).length).toBeGreaterThan(2);
  });

  test("that would wait too long behind another is refused with the seconds until a new try makes sense", async () => {
    const service = serviceOf(1);
    const caller = new AbortController();
    const first = await service.forecast(bodyOf(2000), caller.signal);
    const { status, detail, retryAfterS } = await refusal(service.forecast(bodyOf(2000), caller.signal));
    expect([status, detail]).toEqual([503, expect.stringContaining("the limit is 1 s (COMPUTE_MAX_WAIT_S)")]);
    expect(retryAfterS).toBeGreaterThan(1);
    // What is small goes between the packs of a batch.
    const small = await service.forecast(bodyOf(1), new AbortController().signal);
    expect((await wholeAnswer(small, "forecasts")).length).toBeGreaterThan(2);
    caller.abort();
    await first.parts.return(undefined);
  });
});
