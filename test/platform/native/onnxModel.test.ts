import { expect, test } from "bun:test";
import { onnxModel } from "../../../src/platform/native/onnxModel";

test("a model is written as onnx.proto says, byte by byte", () => {
  const bytes = onnxModel(
    {
      name: "g",
      nodes: [{ operator: "Add", inputs: ["x", "c"], outputs: ["y"] }],
      constants: [{ name: "c", shape: [1], values: Float32Array.of(2) }],
      inputs: [{ name: "x", shape: ["n"] }],
      outputs: [{ name: "y", shape: [300] }],
    },
    18,
  );
  const node = "0a01 78 0a01 63 1201 79 2203 416464";
  const tensor = "0801 1001 4201 63 4a04 00000040";
  expect(hex(bytes)).toStartWith(plain("0809 1209 666f726573696768 74 3a"));
  expect(hex(bytes)).toContain(plain(`0a0e ${node} 1201 67 2a0d ${tensor}`));
  expect(hex(bytes)).toContain(plain("5a10 0a01 78 120b 0a09 0801 1205 0a03 12 01 6e"));
  expect(hex(bytes)).toContain(plain("6210 0a01 79 120b 0a09 0801 1205 0a03 08 ac02"));
  expect(hex(bytes)).toEndWith(plain("4204 0a00 1012"));
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function plain(spaced: string): string {
  return spaced.replaceAll(" ", "");
}
