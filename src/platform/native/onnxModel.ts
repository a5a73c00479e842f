/**
 * Writes ONNX models: the messages of `onnx.proto` (ONNX IR version 9) that our graphs need. Field numbers stand beside
 * the names they have there.
 */
import { bytes, float, integer, message, text } from "./protobuf";

/** Element types, by their number in `TensorProto.DataType`. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, bfloat16: 16 };

export type ElementType = keyof typeof ELEMENT_TYPES;

/** A constant whose values stand in the model itself; for whatever is small. */
export interface OnnxTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array | BigInt64Array | Uint8Array | Int8Array;
}

/** A constant whose values stand in a file beside the model, little endian, row by row. */
export interface OnnxExternalTensor {
  name: string;
  shape: readonly number[];
  type: ElementType;
  /** The file, from the folder that the session is given. */
  file: string;
  offset: number;
  byteLength: number;
}

export type OnnxAttribute = { int: number } | { float: number } | { ints: readonly number[] } | { text: string };

export interface OnnxNode {
  operator: string;
  /** The operator set; absent for the standard one. */
  domain?: string;
  /** An empty name stands for an optional input that is not given. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  constants: readonly (OnnxTensor | OnnxExternalTensor)[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

/** A tensor that goes in or comes out. A size that is text is free and the same wherever the text is. */
export interface OnnxValue {
  name: string;
  shape: readonly (number | string)[];
  /** f32 where absent. */
  type?: ElementType;
}

const IR_VERSION = 9;
const EXTERNAL = 1;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

/**
 * The bytes of a ModelProto that holds the graph.
 * @param operatorSets the version of each operator set that its nodes use; the standard one is named by the empty text.
 */
export function onnxModel(graph: OnnxGraph, operatorSets: Readonly<Record<string, number>>): Uint8Array {
  return message(
    integer(1, IR_VERSION), // ir_version
    text(2, "foresight"), // producer_name
    bytes(7, graphProto(graph)), // graph
    ...Object.entries(operatorSets).map(([domain, version]) => {
      return bytes(8, message(text(1, domain), integer(2, version))); // opset_import: domain, version
    }),
  );
}

function graphProto({ name, nodes, constants, inputs, outputs }: OnnxGraph): Uint8Array {
  return message(
    ...nodes.map((node) => bytes(1, nodeProto(node))), // node
    text(2, name), // name
    ...constants.map((tensor) => bytes(5, "file" in tensor ? externalProto(tensor) : tensorProto(tensor))), // initializer
    ...inputs.map((value) => bytes(11, valueInfoProto(value))), // input
    ...outputs.map((value) => bytes(12, valueInfoProto(value))), // output
  );
}

function nodeProto({ operator, domain, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  return message(
    ...inputs.map((name) => text(1, name)), // input
    ...outputs.map((name) => text(2, name)), // output
    text(4, operator), // op_type
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attributeProto(name, value))), // attribute
    ...(domain === undefined ? [] : [text(7, domain)]), // domain
  );
}

function attributeProto(name: string, value: OnnxAttribute): Uint8Array {
  const named = text(1, name);
  if ("float" in value) return message(named, float(2, value.float), integer(20, ATTRIBUTE_FLOAT));
  if ("int" in value) return message(named, integer(3, value.int), integer(20, ATTRIBUTE_INT));
  if ("text" in value) return message(named, text(4, value.text), integer(20, ATTRIBUTE_STRING));
  return message(named, ...value.ints.map((int) => integer(8, int)), integer(20, ATTRIBUTE_INTS));
}

function tensorProto({ name, shape, values }: OnnxTensor): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(
    ...shape.map((size) => integer(1, size)), // dims
    integer(2, ELEMENT_TYPES[elementTypeOf(values)]), // data_type
    text(8, name), // name
    bytes(9, raw), // raw_data
  );
}

function elementTypeOf(values: OnnxTensor["values"]): ElementType {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof BigInt64Array) return "int64";
  return values instanceof Uint8Array ? "uint8" : "int8";
}

function externalProto({ name, shape, type, file, offset, byteLength }: OnnxExternalTensor): Uint8Array {
  const place = { location: file, offset: String(offset), length: String(byteLength) };
  return message(
    ...shape.map((size) => integer(1, size)), // dims
    integer(2, ELEMENT_TYPES[type]), // data_type
    text(8, name), // name
    ...Object.entries(place).map(([key, value]) => bytes(13, message(text(1, key), text(2, value)))), // external_data
    integer(14, EXTERNAL), // data_location
  );
}

function valueInfoProto({ name, shape, type = "float32" }: OnnxValue): Uint8Array {
  const sizes = shape.map((size) => bytes(1, typeof size === "number" ? integer(1, size) : text(2, size))); // dim
  const tensorType = message(integer(1, ELEMENT_TYPES[type]), bytes(2, message(...sizes))); // elem_type, shape
  return message(text(1, name), bytes(2, bytes(1, tensorType))); // name, type.tensor_type
}
