import { basename } from "node:path";
import {
  type ElementType,
  type OnnxAttribute,
  type OnnxExternalTensor,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  onnxModel,
} from "../../../platform/native/onnxModel";
import { type Checkpoint, FLOAT_BYTES, type FloatType } from "../checkpoint/checkpoint";
import type { Int8Weights } from "../checkpoint/int8";
import { floatTensor } from "../checkpoint/openCheckpoint";

/** The standard operators, and the library's own. */
const OPERATOR_SETS = { "": 18, "com.microsoft": 1 };

const ELEMENT_TYPE_OF: Readonly<Record<FloatType, ElementType>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/**
 * Assembles a graph whose weights stay in the checkpoint's file. Each call of {@link node} gives the name of what the
 * operator puts out, to be handed to the next.
 */
export class GraphBuilder {
  readonly #checkpoint: Checkpoint;
  readonly #int8: Int8Weights | undefined;
  readonly #nodes: OnnxNode[] = [];
  readonly #constants: (OnnxTensor | OnnxExternalTensor)[] = [];
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  /** Weights that are in the graph already, by their name in the checkpoint. */
  readonly #weights = new Map<string, string>();
  #names = 0;

  constructor(checkpoint: Checkpoint, int8?: Int8Weights) {
    this.#checkpoint = checkpoint;
    this.#int8 = int8;
  }

  input(name: string, shape: readonly (number | string)[]): string {
    this.#inputs.push({ name, shape });
    return name;
  }

  /** Makes a value an output of the graph, under a name of its own. */
  output(name: string, value: string, shape: readonly (number | string)[]): void {
    this.#nodes.push({ operator: "Identity", inputs: [value], outputs: [name] });
    this.#outputs.push({ name, shape });
  }

  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Record<string, OnnxAttribute>,
    domain?: string,
  ): string {
    return this.nodes(1, operator, inputs, attributes, domain)[0]!;
  }

  /** An operator with several outputs. */
  nodes(
    count: number,
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, OnnxAttribute> = {},
    domain?: string,
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.#name());
    this.#nodes.push({ operator, inputs, outputs, attributes, ...(domain !== undefined && { domain }) });
    return outputs;
  }

  /** A constant of f32; a scalar where there is no shape. */
  floats(values: ArrayLike<number>, shape: readonly number[] = []): string {
    return this.#constant({ name: this.#name(), shape, values: Float32Array.from(values) });
  }

  float(value: number): string {
    return this.floats([value]);
  }

  /** A constant list of whole numbers: a shape, axes. */
  integers(...values: number[]): string {
    return this.#constant({ name: this.#name(), shape: [values.length], values: BigInt64Array.from(values, BigInt) });
  }

  /**
   * A tensor of the checkpoint, in its place in the file. One of f16 or bf16 is widened, once, when the graph is loaded.
   * @throws UsageError when the checkpoint has no such tensor, or not of floating point.
   */
  weight(name: string): string {
    const known = this.#weights.get(name);
    if (known !== undefined) return known;
    const { type, place } = floatTensor(this.#checkpoint, name);
    const { shape, offset, byteLength } = place;
    const file = basename(this.#checkpoint.path);
    this.#constant({ name, shape, type: ELEMENT_TYPE_OF[type], file, offset, byteLength });
    const value = type === "F32" ? name : this.node("Cast", [name], { to: { int: 1 } });
    this.#weights.set(name, value);
    return value;
  }

  /** The 8-bit form of a matrix, [in, out], and the scale of each output; undefined where the graph has it in f32. */
  int8Weight(name: string): { matrix: string; scales: string } | undefined {
    const place = this.#int8?.places.get(name);
    if (place === undefined) return undefined;
    const { inputs, outputs, offset, scaleOffset } = place;
    const [matrix, scales] = [`${name}:int8`, `${name}:scales`];
    const { file } = this.#int8!;
    const size = inputs * outputs;
    this.#constant({ name: matrix, shape: [inputs, outputs], type: "int8", file, offset, byteLength: size });
    const byteLength = outputs * FLOAT_BYTES.F32;
    this.#constant({ name: scales, shape: [outputs], type: "float32", file, offset: scaleOffset, byteLength });
    return { matrix, scales };
  }

  /** A constant of one unsigned byte. */
  byte(value: number): string {
    return this.#constant({ name: this.#name(), shape: [], values: Uint8Array.of(value) });
  }

  reshape(value: string, ...shape: number[]): string {
    return this.node("Reshape", [value, this.integers(...shape)]);
  }

  add(left: string, right: string): string {
    return this.node("Add", [left, right]);
  }

  multiply(left: string, right: string): string {
    return this.node("Mul", [left, right]);
  }

  /** The bytes of the model. */
  model(name: string): Uint8Array {
    const graph = {
      name,
      nodes: this.#nodes,
      constants: this.#constants,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
    return onnxModel(graph, OPERATOR_SETS);
  }

  #constant(tensor: OnnxTensor | OnnxExternalTensor): string {
    this.#constants.push(tensor);
    return tensor.name;
  }

  /** No tensor of a checkpoint begins with a colon. */
  #name(): string {
    return `:${this.#names++}`;
  }
}
