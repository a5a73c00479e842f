/** Who computes on a GPU. An adapter in software (SwiftShader) says so in its description. */
export interface AdapterIdentity {
  vendor: string;
  architecture: string;
  description: string;
}

/** What the GPU's child found: `adapter` is null where there is none. */
export interface GpuProbe {
  adapter: AdapterIdentity | null;
  /** Values that the kernel was given, and how many came back as they should. */
  values: number;
  correct: number;
  /** From the first call to the result, compilation included. */
  elapsedMs: number;
}

/** What the child of the inference library found. */
export interface InferenceProbe {
  runtimeVersion: string;
  /** The largest deviation of a result from what it should be; the values are about 1. */
  worstError: number;
  /** From the graph's bytes to its result. */
  elapsedMs: number;
}
