import { initSync, type TypstCompiler, TypstCompilerBuilder } from "@myriaddreamin/typst-ts-web-compiler";
import wasmPath from "@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler_bg.wasm" with { type: "file" };
import { messageOf } from "../errors";
import { fileBytes } from "../packedFile";
import { loadFonts } from "./fonts";

/** A document in the language of Typst 0.14. */
export interface TypstSource {
  /** Ours as it stands: what a document shows of data comes from `files`, so that no data is ever read as markup. */
  template: string;
  /** What the template reads, by absolute path such as `/report.json`. There is nothing else that it could read. */
  files: Readonly<Record<string, string | Uint8Array>>;
}

const TEMPLATE_PATH = "/template.typ";
/** The compiler's word for "one line for each fault". */
const SHORT_DIAGNOSTICS = 1;

let compiler: Promise<TypstCompiler> | undefined;
let memory: WebAssembly.Memory | undefined;
/** Whether the compiler failed in itself: it can then not be used again in this thread. */
let isBroken = false;

/** Bytes of memory that the typesetter of this thread holds; they grow with each document and are never given back. */
export function typesetterBytes(): number {
  return memory?.buffer.byteLength ?? 0;
}

/**
 * The document as a tagged PDF 1.7 with its fonts in it. Equal documents give equal bytes; the only time in it is the
 * one that the template sets.
 *
 * It loads 28 MB of WebAssembly at a thread's first document and takes 5 ms to seconds for each, so it is called in a
 * Worker; ending that Worker is the one way to have the memory back ({@link typesetterBytes}).
 *
 * @throws Error with the compiler's words where the template cannot be set, or with the fault that ended the compiler.
 */
export async function typesetPdf({ template, files }: TypstSource): Promise<Uint8Array> {
  if (isBroken) throw new Error("The typesetter of this thread has come to its end; another thread must be used.");
  compiler ??= load();
  const typst = await compiler;
  typst.add_source(TEMPLATE_PATH, template);
  for (const [path, content] of Object.entries(files)) {
    typst.map_shadow(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  }
  try {
    return compiled(typst);
  } finally {
    if (!isBroken) {
      typst.reset_shadow();
      typst.reset();
    }
  }
}

function compiled(typst: TypstCompiler): Uint8Array {
  let answer: { result?: unknown; diagnostics?: unknown };
  try {
    answer = typst.compile(TEMPLATE_PATH, undefined, "pdf", SHORT_DIAGNOSTICS);
  } catch (error) {
    // What the compiler finds wrong comes as text. Anything else, such as the end of its memory, is its own end.
    isBroken = error instanceof Error;
    const reason = isBroken ? `the typesetter failed, perhaps of its size (${messageOf(error)})` : String(error);
    throw new Error(`The document cannot be typeset: ${reason}`);
  }
  if (answer.result instanceof Uint8Array) return answer.result;
  throw new Error(`The document cannot be typeset: ${JSON.stringify(answer.diagnostics)}`);
}

async function load(): Promise<TypstCompiler> {
  try {
    const [wasm, fonts] = await Promise.all([fileBytes(wasmPath), loadFonts()]);
    memory = initSync({ module: await WebAssembly.compile(wasm) }).memory;
    const builder = new TypstCompilerBuilder();
    // Neither disk nor network: what is not given with the document is not there.
    builder.set_dummy_access_model();
    for (const font of fonts) await builder.add_raw_font(font);
    return await builder.build();
  } catch (error) {
    // The next document tries again.
    compiler = undefined;
    throw new Error(`The typesetter does not load: ${messageOf(error)}`);
  }
}
