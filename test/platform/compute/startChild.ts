import { expect } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../../src/platform/clock";
import { type Child, type ChildOptions, createChild } from "../../../src/platform/compute/child";
import { RequestError } from "../../../src/platform/errors";
import { atTestEnd } from "../../support/endings";

export const fixture = join(import.meta.dir, "child.fixture.ts");
export const timeoutMs = 20_000;

/** A child of the fixture, stopped when the test is over. */
export function start(options: Partial<ChildOptions> = {}, manner = "well"): Child {
  const command = [process.execPath, fixture, manner];
  const child = createChild({ name: "test", command, clock: systemClock, ...options });
  atTestEnd(() => child.stop());
  return child;
}

/** The refusal that the promise ends with. */
export async function refusal(promise: Promise<unknown>): Promise<RequestError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RequestError);
  return error as RequestError;
}

export async function pidOf(child: Child): Promise<number> {
  return (await child.run({ kind: "whoAmI", timeoutMs })).value as number;
}
