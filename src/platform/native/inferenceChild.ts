import { env, InferenceSession, Tensor } from "onnxruntime-node";
import type { ChildModule } from "../compute/childProtocol";
import type { InferenceProbe } from "../doctor/probes";
import { onnxModel } from "./onnxModel";

/** Whatever is still open when the process ends crashes it: finalisers run after the environment is gone. */
const sessions = new Set<InferenceSession>();

/** The child that holds the inference library. */
export const inferenceChild: ChildModule = {
  handlers: {
    "inference.probe": async () => ({ value: await probeInference() }),
  },
  async release() {
    await Promise.all([...sessions].map(close));
  },
};

const ROWS = 2;
const INNER = 3;
const COLUMNS = 4;

/** Builds relu(x W + b) in memory, runs it, and compares with the same in f64. */
async function probeInference(): Promise<InferenceProbe> {
  const x = ramp(ROWS * INNER, -0.4);
  const weights = ramp(INNER * COLUMNS, -0.7);
  const bias = ramp(COLUMNS, 0.1);
  const began = performance.now();
  const session = await openSession(probeModel(weights, bias));
  try {
    const results = await session.run({ x: new Tensor("float32", x, [ROWS, INNER]) });
    const y = results["y"]!.data as Float32Array;
    const errors = expected(x, weights, bias).map((value, index) => Math.abs(value - y[index]!));
    const runtimeVersion = env.versions.node ?? "unknown";
    return { runtimeVersion, elapsedMs: performance.now() - began, worstError: Math.max(...errors) };
  } finally {
    await close(session);
  }
}

function probeModel(weights: Float32Array, bias: Float32Array): Uint8Array {
  return onnxModel(
    {
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
    },
    18,
  );
}

function expected(x: Float32Array, weights: Float32Array, bias: Float32Array): number[] {
  return Array.from({ length: ROWS * COLUMNS }, (_, index) => {
    const [row, column] = [Math.floor(index / COLUMNS), index % COLUMNS];
    let sum = bias[column]!;
    for (let inner = 0; inner < INNER; inner++) sum += x[row * INNER + inner]! * weights[inner * COLUMNS + column]!;
    return Math.max(0, sum);
  });
}

function ramp(length: number, from: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => from + 0.3 * index);
}

async function openSession(model: Uint8Array): Promise<InferenceSession> {
  const session = await InferenceSession.create(model);
  sessions.add(session);
  return session;
}

async function close(session: InferenceSession): Promise<void> {
  sessions.delete(session);
  await session.release();
}
