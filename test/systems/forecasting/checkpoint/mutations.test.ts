import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { UsageError } from "../../../../src/platform/errors";
import { openCheckpoint } from "../../../../src/systems/forecasting/checkpoint/openCheckpoint";
import { GOLDENS } from "../goldens";

setDefaultTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "mutations-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the parts of a file lie that are read as something else than values. */
const FILES: [file: string, from: (bytes: Buffer) => [number, number][]][] = [
  ["timesfm/tiny-2.5/model.safetensors", (bytes) => [[0, 8 + Number(bytes.readBigUInt64LE(0))]]],
  [
    "ckpt/torch_model_bf16.ckpt",
    (bytes) => [
      [0, 8192],
      [bytes.lastIndexOf("PK\x05\x06") - 3000, bytes.length],
    ],
  ],
];

test.each(FILES)("%s: whatever bytes change, it is read or refused with a sentence", (file, partsOf) => {
  const whole = readFileSync(join(GOLDENS, file));
  const parts = partsOf(whole);
  const place = fc.tuple(fc.nat(parts.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255));
  const path = join(folder, "mutated");
  let refused = 0;
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = Buffer.from(whole);
      for (const [part, share, value] of changes) {
        const [from, to] = parts[part]!;
        bytes[Math.max(0, Math.min(to - 1, Math.floor(from + share * (to - from))))] = value;
      }
      writeFileSync(path, bytes);
      try {
        openCheckpoint(path);
      } catch (error) {
        refused++;
        if (!(error instanceof UsageError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(0);
});
