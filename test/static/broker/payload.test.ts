import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { bytesOf, FORMS, laidOutPayload, shownPayload } from "../../../static/broker/payload";

const [TEXT, HEX] = FORMS;
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("a payload", () => {
  const cases: [what: string, payload: Uint8Array, form: "text" | "hex", text: string][] = [
    ["text", utf8("grüß dich\n<b>\t€"), "text", "grüß dich\n<b>\t€"],
    ["nothing", new Uint8Array(0), "text", ""],
    ["a zero among letters", utf8("a\0b"), "hex", "61 00 62"],
    ["an escape for terminals", utf8("\x1b[31m"), "hex", "1b 5b 33 31 6d"],
    ["bytes that are no UTF-8", Uint8Array.of(0xc3, 0x28), "hex", "c3 28"],
    ["text that breaks off within a letter", utf8("aé").subarray(0, 2), "hex", "61 c3"],
  ];
  test.each(cases)("of %s is shown as what it is", (_, payload, form, text) => {
    expect(shownPayload(payload, TEXT)).toEqual({ form, text });
  });

  test("that is cut within a letter is text still", () => {
    expect(shownPayload(utf8("ab€"), TEXT, 4)).toEqual({ form: "text", text: "ab" });
  });

  test("is shown as bytes to whoever asks for them", () => {
    expect(shownPayload(utf8("ab"), HEX)).toEqual({ form: "hex", text: "61 62" });
    const dump = laidOutPayload(utf8("0123456789abcdefé"), HEX);
    expect(dump.text.split("\n")).toEqual([
      "000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef",
      "000010  c3 a9                                            ··",
    ]);
  });

  test("of JSON is laid out in lines, but not where that would change a number", () => {
    expect(laidOutPayload(utf8('{"a":[1]}'), TEXT).text).toBe('{\n  "a": [\n    1\n  ]\n}');
    for (const text of ['{"id":12345678901234567890}', "{not json}", "12", '"x"', "[1,"]) {
      expect(laidOutPayload(utf8(text), TEXT).text).toBe(text);
    }
  });

  test("of any bytes comes through base64 unharmed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(bytesOf(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
      }),
    );
  });
});
