/**
 * Times one step of TimesFM 2.0 with random weights: ours, in f32 and in 8 bits, and the straightforward graph, in turns,
 * each in a child of its own, so that memory is told apart too. CPU time is that of the child: on a busy machine it says
 * more than the clock.
 *
 *   bun test/bench/forecasting.ts [LAYERS, 50] [THREADS, 0 for every core] [ROUNDS, 5]
 *   TORCH_PYTHON=/path/to/python bun test/bench/forecasting.ts    also with PyTorch, where that Python has it
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { foregroundClock } from "../../src/platform/clock";
import { createInference, type FloatTensor, type Graph, type Inference } from "../../src/platform/native/inference";
import type { Checkpoint } from "../../src/systems/forecasting/checkpoint/checkpoint";
import { type Int8Weights, int8Weights, writeInt8Weights } from "../../src/systems/forecasting/checkpoint/int8";
import { openModelFolder } from "../../src/systems/forecasting/inference/modelFolder";
import { causalMask } from "../../src/systems/forecasting/onnx/causalMask";
import { SHAPE_500M, writeRandomCheckpoint } from "../systems/forecasting/randomCheckpoint";
import { prototypeGraph } from "./forecastingPrototype";

const layers = Number(process.argv[2] ?? SHAPE_500M.layers);
const threads = Number(process.argv[3] ?? 0) || availableParallelism();
const { width, heads } = SHAPE_500M;
const PATCH = 32;
const SHAPES: [context: number, rows: number][] = [
  [64, 1],
  [512, 1],
  [512, 8],
  [512, 32],
  [2048, 1],
  [2048, 8],
];
/** Of each shape, so many tokens in all a round, in so many runs at most. */
const TOKENS_A_ROUND = 512;
const MAX_RUNS = 8;
const rounds = Number(process.argv[4] ?? 5);
/** Of the kernel's account of CPU time. */
const MS_A_TICK = 10;

type Inputs = Record<string, FloatTensor>;

interface Contender {
  name: string;
  inference: Inference;
  graph: Graph;
  inputs: (context: number, rows: number) => Inputs;
}

const folder = mkdtempSync(join(tmpdir(), "forecasting-bench-"));
try {
  writeRandomCheckpoint(folder, { ...SHAPE_500M, layers });
  const { checkpoint, network } = openModelFolder(folder);
  const weightsMb = Bun.file(checkpoint.path).size / 1e6;
  console.log(`${layers} layers of width ${width}, ${weightsMb.toFixed(0)} MB of f32 weights, ${threads} threads`);
  const contenders = [
    contender("ours", network.graph(), ourInputs),
    contender("prototype", prototypeGraph(checkpoint, layers, width, heads), prototypeInputs),
    contender("int8", network.graph({ int8: writtenInt8(checkpoint, network.int8Weights) }), ourInputs),
  ];
  for (const { name, inference, graph } of contenders) {
    const { loadMs } = await inference.open(graph);
    const residentMb = statusOf(inference, "VmRSS");
    console.log(
      `${name}: loaded in ${loadMs.toFixed(0)} ms, ${residentMb.toFixed(0)} MB resident (${(residentMb / weightsMb).toFixed(2)} x weights)`,
    );
  }
  for (const [context, rows] of SHAPES) console.log(await line(contenders, context, rows));
  for (const { name, inference } of contenders) {
    console.log(`${name}: ${statusOf(inference, "VmHWM").toFixed(0)} MB at most`);
    await inference.stop();
  }
  const python = process.env["TORCH_PYTHON"];
  if (python !== undefined) {
    const script = join(import.meta.dir, "forecastingTorch.py");
    const args = [python, script, String(layers), String(threads), String(rounds), JSON.stringify(SHAPES)];
    console.log(Bun.spawnSync(args, { stderr: "inherit" }).stdout.toString().trimEnd());
  }
} finally {
  rmSync(folder, { recursive: true });
}

function contender(name: string, model: Uint8Array, inputs: Contender["inputs"]): Contender {
  const graph: Graph = { key: name, model, folder, provider: "cpu", threads };
  return { name, inference: createInference({ name, clock: foregroundClock, runTimeoutMs: 600_000 }), graph, inputs };
}

/** The best round of each, in milliseconds a run: by the clock, and of the child's CPU. */
async function line(contenders: readonly Contender[], context: number, rows: number): Promise<string> {
  const runs = Math.min(MAX_RUNS, Math.max(1, Math.round(TOKENS_A_ROUND / ((context / PATCH) * rows))));
  const best = contenders.map(() => ({ clockMs: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { inference, graph, inputs }] of contenders.entries()) {
      const [given, began, cpuBegan] = [inputs(context, rows), performance.now(), cpuMs(inference)];
      for (let run = 0; run < runs; run++) await inference.run(graph, given);
      const found = best[index]!;
      found.clockMs = Math.min(found.clockMs, (performance.now() - began) / runs);
      found.cpuMs = Math.min(found.cpuMs, (cpuMs(inference) - cpuBegan) / runs);
    }
  }
  const cells = best.map(({ clockMs, cpuMs }, index) => {
    return `${contenders[index]!.name} ${clockMs.toFixed(1)} ms (CPU ${cpuMs.toFixed(1)})`;
  });
  const [ours, prototype, int8] = best.map(({ cpuMs }) => cpuMs);
  const ratios = `ours/prototype ${(ours! / prototype!).toFixed(3)}, int8/ours ${(int8! / ours!).toFixed(2)}`;
  return `${`${context}x${rows}`.padEnd(8)} ${cells.join("   ")}   ${ratios}`;
}

function writtenInt8(checkpoint: Checkpoint, names: readonly string[]): Int8Weights {
  const began = performance.now();
  writeInt8Weights(checkpoint, names, 8);
  console.log(`int8: written in ${(performance.now() - began).toFixed(0)} ms`);
  return int8Weights(checkpoint, names, 8);
}

function ourInputs(context: number, rows: number): Inputs {
  const tokens = context / PATCH;
  const values = Float32Array.from({ length: rows * tokens * 2 * PATCH }, (_, index) => {
    return index % (2 * PATCH) < PATCH ? Math.sin(index) : 0;
  });
  return {
    tokens: { shape: [rows, tokens, 2 * PATCH], values },
    embedding: { shape: [rows, 1, width], values: new Float32Array(rows * width) },
    mask: { shape: [1, 1, tokens, tokens], values: causalMask(new Uint8Array(tokens)) },
    reach: { shape: [1], values: new Float32Array(1) },
  };
}

function prototypeInputs(context: number, rows: number): Inputs {
  const values = Float32Array.from({ length: rows * context }, (_, index) => Math.sin(index));
  return {
    ts: { shape: [rows, context], values },
    pad: { shape: [rows, context], values: new Float32Array(rows * context) },
    freq: { shape: [rows], values: new Float32Array(rows) },
  };
}

/** A line of the child's status, in MB. */
function statusOf(inference: Inference, name: string): number {
  const status = readFileSync(`/proc/${inference.status().pid}/status`, "utf8");
  return (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6;
}

/** The CPU time that the child has taken. */
function cpuMs(inference: Inference): number {
  const fields = readFileSync(`/proc/${inference.status().pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
}
