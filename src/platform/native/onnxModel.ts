/**
 * Writes ONNX models: the messages of `onnx.proto` (ONNX IR version 9) that a small graph needs, in the wire format of
 * Protocol Buffers. Field numbers stand beside the names they have there.
 */

export interface OnnxTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

export interface OnnxNode {
  operator: string;
  inputs: readonly string[];
  outputs: readonly string[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  constants: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

/** A tensor of f32 that goes in or comes out. A size that is text is free and the same wherever the text is. */
export interface OnnxValue {
  name: string;
  shape: readonly (number | string)[];
}

const IR_VERSION = 9;
const FLOAT = 1;
const WIRE_VARINT = 0;
const WIRE_BYTES = 2;

/** The bytes of a ModelProto that holds the graph, for this version of the standard operators. */
export function onnxModel(graph: OnnxGraph, operatorSetVersion: number): Uint8Array {
  const operatorSet = message(text(1, ""), integer(2, operatorSetVersion)); // domain, version
  return message(
    integer(1, IR_VERSION), // ir_version
    text(2, "foresight"), // producer_name
    bytes(7, graphProto(graph)), // graph
    bytes(8, operatorSet), // opset_import
  );
}

function graphProto({ name, nodes, constants, inputs, outputs }: OnnxGraph): Uint8Array {
  return message(
    ...nodes.map((node) => bytes(1, nodeProto(node))), // node
    text(2, name), // name
    ...constants.map((tensor) => bytes(5, tensorProto(tensor))), // initializer
    ...inputs.map((value) => bytes(11, valueInfoProto(value))), // input
    ...outputs.map((value) => bytes(12, valueInfoProto(value))), // output
  );
}

function nodeProto({ operator, inputs, outputs }: OnnxNode): Uint8Array {
  return message(
    ...inputs.map((name) => text(1, name)), // input
    ...outputs.map((name) => text(2, name)), // output
    text(4, operator), // op_type
  );
}

function tensorProto({ name, shape, values }: OnnxTensor): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(
    ...shape.map((size) => integer(1, size)), // dims
    integer(2, FLOAT), // data_type
    text(8, name), // name
    bytes(9, raw), // raw_data
  );
}

function valueInfoProto({ name, shape }: OnnxValue): Uint8Array {
  const sizes = shape.map((size) => bytes(1, typeof size === "number" ? integer(1, size) : text(2, size))); // dim
  const tensorType = message(integer(1, FLOAT), bytes(2, message(...sizes))); // elem_type, shape
  return message(text(1, name), bytes(2, bytes(1, tensorType))); // name, type.tensor_type
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function integer(field: number, value: number): Uint8Array {
  return message(varint(field * 8 + WIRE_VARINT), varint(value));
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return message(varint(field * 8 + WIRE_BYTES), varint(value.byteLength), value);
}

/** Seven bits a byte, lowest first; the eighth says that more follow. For whole numbers from 0 to 2^53 - 1. */
function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  while (rest >= 128) {
    digits.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  digits.push(rest);
  return Uint8Array.from(digits);
}
