/** What the server and the child of the inference library say to each other (docs/native.md, "Inference"). */

export type Provider = "cpu" | "webgpu";

/** `inference.open`; the model comes as bulk. */
export interface OpenSession {
  /** Chosen by the caller; a session that has it already gives way. */
  key: string;
  /** Where the files lie that the model's external constants name. */
  folder: string;
  provider: Provider;
  /** Threads that one operator is computed on; 0 leaves it to the library, which takes every core. */
  threads: number;
  /** Further entries of the library's own configuration, by group. */
  entries?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface OpenedSession {
  loadMs: number;
}

export interface TensorShape {
  name: string;
  shape: number[];
}

/** `inference.run`; the inputs' values come as bulk, f32, in the order of `inputs`. */
export interface RunSession {
  key: string;
  inputs: TensorShape[];
}

/** The outputs' values come as bulk, f32, in the order of `outputs`. */
export interface RunReply {
  /** False where no session has that key, as after a crash: open it, and ask again. */
  opened: boolean;
  outputs: TensorShape[];
  runMs: number;
}
