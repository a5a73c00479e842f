import arithmetic from "../../kernels/arithmetic.wgsl" with { type: "text" };
import functions from "../../kernels/functions.wgsl" with { type: "text" };
import twoFloat from "../../kernels/twoFloat.wgsl" with { type: "text" };
import { seededRandom } from "../platform/random";
import type { Gpu } from "./gpu";
import { fillTemplate } from "./template";

/** What a device's arithmetic is worth; docs/gpu.md, "Self-test". */
export interface ArithmeticTest {
  /** Errors of a sum of 4,096 numbers near 6e8, relative: with the fence, without it, and in plain 32 bits. */
  fenced: number;
  unfenced: number;
  plain: number;
  /** Largest relative errors of the exponential and the logarithm over their range. */
  exponential: number;
  logarithm: number;
}

const ADDENDS = 4096;
const ARGUMENTS = 256;
const START = 6e8;
const FLOAT_BYTES = 4;
const RESULTS = 5;

/** Sums of two floats keep this much at least, where a plain sum is off by 1e-6. */
export const MAX_FENCED_ERROR = 1e-12;
/** Four units in the last place. */
export const MAX_FUNCTION_ERROR = 2.4e-7;

/** Does known sums and functions on the device. */
export async function testArithmetic({ memory, pipelines, submitter }: Gpu): Promise<ArithmeticTest> {
  const random = seededRandom(5);
  const addends = Float32Array.from({ length: ADDENDS }, () => 1000 * (random.next() - 0.3));
  const kernel = await pipelines.compiled(fillTemplate(arithmetic, { twoFloat, functions }, new Set()), "arithmetic");
  const results = memory.storage("results", FLOAT_BYTES * (RESULTS + 2 * ARGUMENTS));
  const uniform = memory.uniform("arithmetic", Uint32Array.of(0, ADDENDS, ARGUMENTS, 0));
  await submitter.run([{ kernel, buffers: [uniform, memory.filled("addends", addends), results], workgroups: 1 }]);
  const got = new Float32Array(await memory.read(results, FLOAT_BYTES * (RESULTS + 2 * ARGUMENTS)));
  const sum = addends.reduce((total, addend) => total + addend, START);
  const off = (value: number) => Math.abs(value - sum) / sum;
  const worst = (from: number, exact: (argument: number) => number) => {
    let most = 0;
    for (let i = 0; i < ARGUMENTS; i++) {
      const want = exact(Math.fround(addends[i]! * Math.fround(0.025)));
      most = Math.max(most, Math.abs(got[from + i]! - want) / Math.max(Math.abs(want), Number.MIN_VALUE));
    }
    return most;
  };
  return {
    fenced: off(got[0]! + got[1]!),
    unfenced: off(got[2]! + got[3]!),
    plain: off(got[4]!),
    exponential: worst(RESULTS, Math.exp),
    logarithm: worst(RESULTS + ARGUMENTS, (argument) => Math.log(Math.fround(1.5 + Math.abs(argument)))),
  };
}
