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
    { "": 18 },
  );
  const node = "0a01 78 0a01 63 1201 79 2203 416464";
  const tensor = "0801 1001 4201 63 4a04 00000040";
  expect(hex(bytes)).toStartWith(plain("0809 1209 666f726573696768 74 3a"));
  expect(hex(bytes)).toContain(plain(`0a0e ${node} 1201 67 2a0d ${tensor}`));
  expect(hex(bytes)).toContain(plain("5a10 0a01 78 120b 0a09 0801 1205 0a03 12 01 6e"));
  expect(hex(bytes)).toContain(plain("6210 0a01 79 120b 0a09 0801 1205 0a03 08 ac02"));
  expect(hex(bytes)).toEndWith(plain("4204 0a00 1012"));
});

test("attributes, operator sets and constants in files are written as onnx.proto says", () => {
  const bytes = onnxModel(
    {
      name: "g",
      nodes: [
        {
          operator: "Op",
          domain: "d",
          inputs: [],
          outputs: [],
          attributes: { i: { int: -1 }, f: { float: 2 }, s: { text: "t" }, l: { ints: [0, 300] } },
        },
      ],
      constants: [{ name: "w", shape: [2], type: "bfloat16", file: "a", offset: 8, byteLength: 4 }],
      inputs: [{ name: "x", shape: [], type: "int64" }],
      outputs: [],
    },
    { "": 18, d: 1 },
  );
  const attributes = [
    "2a11 0a0169 18ffffffffffffffffff01 a00102",
    "2a0b 0a0166 1500000040 a00101",
    "2a09 0a0173 220174 a00103",
    "2a0b 0a016c 4000 40ac02 a00107",
  ];
  expect(hex(bytes)).toContain(plain(`2202 4f70 ${attributes.join("")} 3a01 64`));
  const place = "6a0d 0a086c6f636174696f6e 120161 6a0b 0a066f6666736574 120138 6a0b 0a066c656e677468 120134";
  expect(hex(bytes)).toContain(plain(`0802 1010 4201 77 ${place} 7001`));
  expect(hex(bytes)).toContain(plain("5a0b 0a0178 1206 0a04 0807 1200"));
  expect(hex(bytes)).toEndWith(plain("4204 0a00 1012 4205 0a0164 1001"));
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function plain(spaced: string): string {
  return spaced.replaceAll(" ", "");
}
