/** A compiled kernel whose bindings are in the order of its text. */
export interface Kernel {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/** A kernel with its buffers and how many workgroups it takes. */
export interface Dispatch {
  kernel: Kernel;
  buffers: readonly GPUBuffer[];
  workgroups: number;
}

/** Compiles kernels, each text once. */
export interface Pipelines {
  /** @throws Error with the compiler's first complaint. */
  compiled(text: string, name: string): Promise<Kernel>;
}

const MAX_COMPLAINT_CHARACTERS = 400;

export function createPipelines(device: GPUDevice): Pipelines {
  const known = new Map<string, Promise<Kernel>>();
  return {
    compiled(text, name) {
      let kernel = known.get(text);
      if (kernel === undefined) {
        kernel = compile(device, text, name);
        kernel.catch(() => known.delete(text));
        known.set(text, kernel);
      }
      return kernel;
    },
  };
}

async function compile(device: GPUDevice, code: string, name: string): Promise<Kernel> {
  const module = device.createShaderModule({ code, label: name });
  const { messages } = await module.getCompilationInfo();
  const complaint = messages.find(({ type }) => type === "error");
  if (complaint !== undefined) {
    const { lineNum, message } = complaint;
    throw new Error(`the kernel ${name}, line ${lineNum}: ${message.slice(0, MAX_COMPLAINT_CHARACTERS)}`);
  }
  // A layout that the compiler finds by itself leaves out what the text names and does not use.
  const layout = device.createBindGroupLayout({ entries: bindingsOf(code) });
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  });
  return { pipeline, layout };
}

function bindingsOf(code: string): GPUBindGroupLayoutEntry[] {
  return [...code.matchAll(/@binding\((\d+)\) var<([a-z_, ]+)>/g)].map(([, binding, space]) => ({
    binding: Number(binding),
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: BUFFER_TYPES[space!]! },
  }));
}

const BUFFER_TYPES: Record<string, GPUBufferBindingType> = {
  uniform: "uniform",
  "storage, read": "read-only-storage",
  "storage, read_write": "storage",
};
