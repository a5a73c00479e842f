import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parameterCountOf } from "../../../../src/systems/forecasting/checkpoint/checkpoint";
import { openCheckpoint, readTensor } from "../../../../src/systems/forecasting/checkpoint/openCheckpoint";
import { GOLDENS } from "../goldens";

const folder = mkdtempSync(join(tmpdir(), "checkpoints-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tiny = join(GOLDENS, "timesfm/tiny-2.0/torch_model.safetensors");
const golden = (name: string) => join(GOLDENS, "ckpt", name);

function fileOf(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A file whose header is that object, followed by so many bytes. */
function safetensors(name: string, header: unknown, dataBytes: number): string {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return fileOf(name, Buffer.concat([length, text, Buffer.alloc(dataBytes)]));
}

describe("what torch saved as a zip file", () => {
  const wanted = openCheckpoint(tiny);

  test.each(["torch_model.ckpt", "torch_model_one_storage.ckpt", "torch_model_nested.ckpt"])(
    "%s has the tensors of the .safetensors file, value by value",
    (name) => {
      const found = openCheckpoint(golden(name));
      expect([...found.tensors.keys()].sort()).toEqual([...wanted.tensors.keys()].sort());
      for (const tensor of wanted.tensors.keys()) {
        expect(found.tensors.get(tensor)!.shape).toEqual(wanted.tensors.get(tensor)!.shape);
        expect(readTensor(found, tensor)).toEqual(readTensor(wanted, tensor));
      }
      expect(parameterCountOf(found)).toBe(parameterCountOf(wanted));
    },
  );

  test("bf16 is widened exactly: each value is the f32 one, rounded to eight bits of fraction", () => {
    const found = openCheckpoint(golden("torch_model_bf16.ckpt"));
    for (const tensor of wanted.tensors.keys()) {
      const exact = readTensor(wanted, tensor);
      const worst = readTensor(found, tensor).map(
        (value, index) => Math.abs(value - exact[index]!) / Math.abs(exact[index]!),
      );
      expect(worst.every((error) => !(error > 2 ** -8))).toBe(true);
    }
  });

  test("a pickle that names anything but tensors is refused, and nothing in it is run", () => {
    expect(() => openCheckpoint(golden("evil_refuse.ckpt"))).toThrow(
      /refused, and nothing in it was run: .*"posix\.system"/,
    );
  });

  test("the form before zip is refused with what to do", () => {
    expect(() => openCheckpoint(golden("legacy_refuse.ckpt"))).toThrow(/before its version 1\.6.*save it anew/);
  });

  test("cut anywhere, it is refused and not half read", () => {
    const whole = readFileSync(golden("torch_model.ckpt"));
    for (const share of [0.001, 0.2, 0.5, 0.9, 0.999]) {
      const cut = fileOf("cut.ckpt", whole.subarray(0, Math.floor(whole.length * share)));
      expect(() => openCheckpoint(cut)).toThrow(/cut\.ckpt/);
    }
  });
});

describe("a .safetensors file that is not sound", () => {
  const one = { w: { dtype: "F32", shape: [2], data_offsets: [0, 8] } };

  test("sound, it is read", () => {
    expect(readTensor(openCheckpoint(safetensors("sound", one, 8)), "w")).toEqual(Float32Array.of(0, 0));
  });

  test.each([
    ["no JSON", "{", 8, /not a JSON object/],
    ["a list", [], 8, /not a JSON object/],
    ["values past the end", one, 4, /stands outside the file/],
    ["too few bytes for the shape", { w: { dtype: "F32", shape: [3], data_offsets: [0, 8] } }, 8, /3 of F32 and has 8/],
    ["an end before the beginning", { w: { dtype: "F32", shape: [2], data_offsets: [8, 0] } }, 8, /outside the file/],
    ["a negative place", { w: { dtype: "F32", shape: [2], data_offsets: [-8, 0] } }, 8, /described wrongly/],
    ["a size that is no number", { w: { dtype: "F32", shape: ["2"], data_offsets: [0, 8] } }, 8, /described wrongly/],
  ])("%s", (_name, header, dataBytes, said) => {
    expect(() => openCheckpoint(safetensors("unsound", header, dataBytes))).toThrow(said);
  });

  test("a header that claims to be huge is not waited for", () => {
    const path = fileOf("huge", Buffer.concat([Buffer.alloc(8, 0xff), Buffer.alloc(100)]));
    expect(() => openCheckpoint(path)).toThrow(/claims 18446744073709551615 bytes/);
  });

  test("a type that is no floating point is named when it is needed", () => {
    const path = safetensors("integers", { w: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, 8);
    expect(() => readTensor(openCheckpoint(path), "w")).toThrow(/is I64; expected F32, BF16 or F16/);
  });

  test("`__proto__` is a name like any other", () => {
    const header = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    expect([...openCheckpoint(safetensors("proto", header, 4)).tensors.keys()]).toEqual(["__proto__"]);
  });
});

test.each([
  ["empty", ""],
  ["three bytes", "abc"],
  ["text", "this is no model, whatever its name says, and it is long enough"],
])("a file that is no checkpoint is refused: %s", (name, content) => {
  expect(() => openCheckpoint(fileOf(`${name}.safetensors`, content))).toThrow(/\.safetensors/);
});

test("f16 is read as IEEE 754 has it: normal, subnormal, zero, infinite", () => {
  const path = safetensors("halves", { w: { dtype: "F16", shape: [6], data_offsets: [0, 12] } }, 0);
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x8000, 0x7c00, 0x3555);
  writeFileSync(path, Buffer.concat([readFileSync(path), new Uint8Array(halves.buffer)]));
  const values = readTensor(openCheckpoint(path), "w");
  expect([...values]).toEqual([1, -2, 2 ** -24, -0, Number.POSITIVE_INFINITY, 0.333251953125]);
});
