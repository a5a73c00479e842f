import { expect, test } from "bun:test";
import { permits } from "../../../src/platform/database/permits";
import { RequestError } from "../../../src/platform/errors";
import { outcomes } from "./support";

test("so many run at a time, the others in the order of their coming", async () => {
  const { run } = permits(2, 10_000);
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const started: number[] = [];
  const done = gates.map(({ promise }, i) =>
    run(async () => {
      started.push(i);
      await promise;
      return i;
    }),
  );
  await Bun.sleep(0);
  expect(started).toEqual([0, 1]);
  gates[1]!.resolve();
  await done[1];
  await Bun.sleep(0);
  expect(started).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  expect(await Promise.all(done)).toEqual([0, 1, 2, 3, 4]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test("who waits too long is refused, takes no turn, and a failure gives its turn back", async () => {
  const { run } = permits(1, 20);
  const gate = Promise.withResolvers<void>();
  const holder = run(() => gate.promise);
  const [error] = await outcomes([run(async () => "never")]);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ status: 503, retryAfterS: 1 });
  expect(String(error)).toContain("All 1 connections to the database have been busy for 20 ms");
  gate.resolve();
  await holder;
  const fault = new Error("broken");
  expect((await outcomes([run(() => Promise.reject(fault))]))[0]).toBe(fault);
  expect(await run(async () => "free again")).toBe("free again");
});
