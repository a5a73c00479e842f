/** What must not compile, each line with a mark above it; `workKinds.test.ts` takes the marks away. */
import type { WorkPool } from "../../../src/platform/compute/pool";
import type {} from "../../support/work.worker";

declare const pool: WorkPool;
const costMs = 1;

export const doubled: Promise<number> = pool.run({ kind: "test.double", input: 21, costMs });

// @ts-expect-error: no such kind
export const mistyped = pool.run({ kind: "test.dubble", input: 21, costMs });

// @ts-expect-error: this kind takes a number
export const misfed = pool.run({ kind: "test.double", input: "21", costMs });

// @ts-expect-error: this kind gives a number
export const misread: Promise<string> = pool.run({ kind: "test.double", input: 21, costMs });

// @ts-expect-error: a kind of this name takes another input
export const mixed = pool.run({ kind: "test.wait", input: 21, costMs });
