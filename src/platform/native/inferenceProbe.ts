import { env } from "onnxruntime-node";
import type { InferenceProbe } from "../doctor/probes";
import { closeSession, openSession, runSession } from "./inferenceSessions";
import { onnxModel } from "./onnxModel";

const KEY = "probe";
const ROWS = 2;
const INNER = 3;
const COLUMNS = 4;

/** Builds relu(x W + b) in memory, runs it, and compares with the same in f64. */
export async function probeInference(): Promise<InferenceProbe> {
  const x = ramp(ROWS * INNER, -0.4);
  const weights = ramp(INNER * COLUMNS, -0.7);
  const bias = ramp(COLUMNS, 0.1);
  const began = performance.now();
  await openSession({ key: KEY, folder: "", provider: "cpu", threads: 1 }, probeModel(weights, bias));
  try {
    const inputs = [{ name: "x", shape: [ROWS, INNER] }];
    const { bulk } = await runSession({ key: KEY, inputs }, [new Uint8Array(x.buffer)]);
    const errors = expected(x, weights, bias).map((value, index) => Math.abs(value - bulk[0]![index]!));
    const runtimeVersion = env.versions.node ?? "unknown";
    return { runtimeVersion, elapsedMs: performance.now() - began, worstError: Math.max(...errors) };
  } finally {
    await closeSession(KEY);
  }
}

function probeModel(weights: Float32Array, bias: Float32Array): Uint8Array {
  const graph = {
    name: "probe",
    nodes: [
      { operator: "MatMul", inputs: ["x", "weights"], outputs: ["product"] },
      { operator: "Add", inputs: ["product", "bias"], outputs: ["sum"] },
      { operator: "Relu", inputs: ["sum"], outputs: ["y"] },
    ],
    constants: [
      { name: "weights", shape: [INNER, COLUMNS], values: weights },
      { name: "bias", shape: [COLUMNS], values: bias },
    ],
    inputs: [{ name: "x", shape: ["rows", INNER] }],
    outputs: [{ name: "y", shape: ["rows", COLUMNS] }],
  };
  return onnxModel(graph, { "": 18 });
}

function expected(x: Float32Array, weights: Float32Array, bias: Float32Array): number[] {
  return Array.from({ length: ROWS * COLUMNS }, (_, index) => {
    const [row, column] = [Math.floor(index / COLUMNS), index % COLUMNS];
    let sum = bias[column]!;
    for (let inner = 0; inner < INNER; inner++) sum += x[row * INNER + inner]! * weights[inner * COLUMNS + column]!;
    return Math.max(0, sum);
  });
}

function ramp(length: number, from: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, index) => from + 0.3 * index);
}
