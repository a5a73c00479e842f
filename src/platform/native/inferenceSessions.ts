import { InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";
import { RequestError } from "../errors";
import type { OpenedSession, OpenSession, RunReply, RunSession } from "./inferenceProtocol";

/** Whatever is still open when the process ends crashes it: finalisers run after the environment is gone. */
const sessions = new Map<string, InferenceSession>();

/**
 * Opens a session under the key that its caller chose, in the place of one that has the key already.
 * @param model the ModelProto; the files that it names are looked for in `folder`.
 */
export async function openSession(
  { key, folder, provider, threads, entries = {} }: OpenSession,
  model: Uint8Array,
): Promise<OpenedSession> {
  await closeSession(key);
  if (provider === "webgpu" && !listSupportedBackends().some(({ name }) => name === "webgpu")) {
    throw new RequestError(503, "The inference library of this platform has no WebGPU provider.");
  }
  const began = performance.now();
  const session = await InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    // Warnings of the library go nowhere that a person looks; errors are thrown.
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: folder }, ...entries },
  });
  sessions.set(key, session);
  return { loadMs: performance.now() - began };
}

/** Runs an open session on tensors of f32; `opened: false` says that no session has that key. */
export async function runSession(
  { key, inputs }: RunSession,
  bulk: readonly Uint8Array<ArrayBuffer>[],
): Promise<{ value: RunReply; bulk: Float32Array[] }> {
  const session = sessions.get(key);
  if (session === undefined) return { value: { opened: false, outputs: [], runMs: 0 }, bulk: [] };
  const feeds = Object.fromEntries(
    inputs.map(({ name, shape }, index) => {
      const { buffer, byteOffset, byteLength } = bulk[index]!;
      return [name, new Tensor("float32", new Float32Array(buffer, byteOffset, byteLength / 4), shape)];
    }),
  );
  const began = performance.now();
  const results = await session.run(feeds);
  const runMs = performance.now() - began;
  const tensors = session.outputNames.map((name) => ({ name, tensor: results[name]! }));
  const outputs = tensors.map(({ name, tensor }) => ({ name, shape: [...tensor.dims] }));
  return { value: { opened: true, outputs, runMs }, bulk: tensors.map(({ tensor }) => tensor.data as Float32Array) };
}

export async function closeSession(key: string): Promise<void> {
  const session = sessions.get(key);
  sessions.delete(key);
  await session?.release();
}

export async function closeAllSessions(): Promise<void> {
  await Promise.all([...sessions.keys()].map(closeSession));
}
