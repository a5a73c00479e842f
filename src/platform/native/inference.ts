import type { Clock } from "../clock";
import { type Child, type ChildStatus, createChild } from "../compute/child";
import { type ChildEnd, ownCommand } from "../compute/childProcess";
import type { OpenedSession, Provider, RunReply } from "./inferenceProtocol";

export interface InferenceOptions {
  /** What the child is to people, such as the model's name. */
  name: string;
  clock: Clock;
  /** After this long a run counts as hung and its child is ended. */
  runTimeoutMs: number;
  /** The program and its arguments; the program itself where absent. */
  command?: readonly string[];
  environment?: Record<string, string | undefined>;
  maxWaiting?: number;
  onCrash?: (end: ChildEnd) => void;
}

export interface Graph {
  key: string;
  model: Uint8Array;
  /** Where the files lie that the model's external constants name. */
  folder: string;
  provider: Provider;
  threads: number;
  entries?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A tensor of f32, row by row. */
export interface FloatTensor {
  shape: readonly number[];
  values: Float32Array;
}

/** A child process of its own that holds graphs and runs them; all its memory is given back when it stops. */
export interface Inference {
  /** Loads a graph, so that the first run need not. @throws RequestError as {@link Child.run}; Error of the library. */
  open(graph: Graph): Promise<OpenedSession>;
  /** The outputs by name. A graph that the child does not hold, as after a crash, is opened first. */
  run(graph: Graph, inputs: Readonly<Record<string, FloatTensor>>): Promise<Record<string, FloatTensor>>;
  close(key: string): Promise<void>;
  status(): ChildStatus;
  stop(): Promise<ChildEnd | undefined>;
}

/** The library reads every weight and lays it out anew. */
const OPEN_TIMEOUT_MS = 300_000;
const CLOSE_TIMEOUT_MS = 20_000;

/**
 * Asks the C library to take large blocks as huge pages: a short context reads every weight once, and finding them in small
 * pages took a fifth of its time (512 MB of weights, 64 points).
 */
const HUGE_PAGES = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };

export function createInference(options: InferenceOptions): Inference {
  const { runTimeoutMs, command = ownCommand(), environment = process.env, ...rest } = options;
  const child = createChild({
    ...rest,
    command: [...command, "--child", "inference"],
    environment: { ...HUGE_PAGES, ...environment },
  });

  async function open({ model, ...input }: Graph): Promise<OpenedSession> {
    const request = { kind: "inference.open", input, bulk: [model], timeoutMs: OPEN_TIMEOUT_MS };
    return (await child.run(request)).value as OpenedSession;
  }

  async function attempt(key: string, inputs: Readonly<Record<string, FloatTensor>>): Promise<Attempt> {
    const entries = Object.entries(inputs);
    const shapes = entries.map(([name, { shape }]) => ({ name, shape }));
    const bulk = entries.map(([, { values }]) => values);
    return asAttempt(
      await child.run({ kind: "inference.run", input: { key, inputs: shapes }, bulk, timeoutMs: runTimeoutMs }),
    );
  }

  return {
    open,
    async run(graph, inputs) {
      const first = await attempt(graph.key, inputs);
      if (first.opened) return first.outputs;
      await open(graph);
      const second = await attempt(graph.key, inputs);
      if (second.opened) return second.outputs;
      throw new Error(`the inference child lost ${graph.key} twice over one run`);
    },
    async close(key) {
      await child.run({ kind: "inference.close", input: { key }, timeoutMs: CLOSE_TIMEOUT_MS });
    },
    status: () => child.status(),
    stop: () => child.stop(),
  };
}

interface Attempt {
  opened: boolean;
  outputs: Record<string, FloatTensor>;
}

function asAttempt({ value, bulk }: Awaited<ReturnType<Child["run"]>>): Attempt {
  const { opened, outputs } = value as RunReply;
  const tensors = outputs.map(({ name, shape }, index) => {
    const { buffer, byteOffset, byteLength } = bulk[index]!;
    return [name, { shape, values: new Float32Array(buffer, byteOffset, byteLength / 4) }] as const;
  });
  return { opened, outputs: Object.fromEntries(tensors) };
}
