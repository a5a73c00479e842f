import { expect, test } from "bun:test";
import fc from "fast-check";
import { createFrameReader, createInbox, refuseTooLong, writeFrames } from "../../../src/platform/compute/childFrames";

type Frame = { id: number; payload: Uint8Array<ArrayBuffer> };

async function written(frames: Frame[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const sink = { write: (chunk: Uint8Array) => chunks.push(chunk.slice()), flush: () => Promise.resolve() };
  for (const { id, payload } of frames) await writeFrames(sink, id, [payload]);
  return Buffer.concat(chunks);
}

test("frames come out as they went in, however the pipe cuts them", async () => {
  const frame = fc.record({ id: fc.integer({ min: 0, max: 2 ** 32 - 1 }), payload: fc.uint8Array({ maxLength: 50 }) });
  const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 30 }));
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 8 }), cuts, async (frames, sizes) => {
      const bytes = await written(frames as Frame[]);
      const got: Frame[] = [];
      const reader = createFrameReader((id, payload) => got.push({ id, payload }));
      for (let from = 0; from < bytes.byteLength; ) {
        const to = from + sizes.next().value!;
        reader.push(bytes.subarray(from, to));
        from = to;
      }
      expect(got).toEqual(frames as Frame[]);
    }),
  );
});

test("a view in the middle of a buffer sends its own bytes alone", async () => {
  const values = Float32Array.of(1, 2, 3, 4);
  const got: Uint8Array[] = [];
  const reader = createFrameReader((_id, payload) => got.push(payload));
  const sink = { write: (chunk: Uint8Array) => reader.push(chunk), flush: () => undefined };
  await writeFrames(sink, 1, [values.subarray(1, 3), new DataView(values.buffer, 12, 4)]);
  expect(new Float32Array(got[0]!.buffer as ArrayBuffer)).toEqual(Float32Array.of(2, 3));
  expect(new Float32Array(got[1]!.buffer as ArrayBuffer)).toEqual(Float32Array.of(4));
});

test("an array longer than a frame may be is refused on both ends", async () => {
  const reader = createFrameReader(() => undefined, 9);
  const nine = await written([{ id: 1, payload: new Uint8Array(9) }]);
  reader.push(nine);
  const ten = await written([{ id: 2, payload: new Uint8Array(10) }]);
  expect(() => reader.push(ten)).toThrow("a frame of 10 bytes; the limit is 9");
  expect(() => refuseTooLong([new Uint8Array(3), { byteLength: 2 ** 30 + 1 } as Uint8Array])).toThrow(
    "an array of 1073741825 bytes; the limit is 1073741824",
  );
});

test("the frames of a request are given out once all have come, before or after they were asked for", async () => {
  const inbox = createInbox();
  const [a, b, c] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
  inbox.frame(7, a);
  const early = inbox.take(7, 2);
  const late = inbox.take(8, 1);
  inbox.frame(8, c);
  inbox.frame(7, b);
  expect(await early).toEqual([a, b]);
  expect(await late).toEqual([c]);
  expect(await inbox.take(9, 0)).toEqual([]);
});
