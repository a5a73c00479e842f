import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cleanLine, cleanText, paragraphsOf, shortLine } from "../../../../src/systems/jobs/reports/text/clean";
import { notationOf, signed, writeAlone } from "../../../../src/systems/jobs/reports/text/numbers";
import { isLongRun } from "../../../support/seeds";

describe("text of anybody's", () => {
  test("loses control characters, marks of direction and what is no character, and nothing else", () => {
    expect(cleanText("a\u0000b\u0007c\u202Ed\u2066e\u200Ff\u061Cg\uFEFFh\u{e0041}i\uFFFFj")).toBe("abcdefghij");
    expect(cleanText("Łódź, Đà Nẵng, Ελλάδα, Кострома, שלום, السلام ١٢٣ 😀 क्‍ष")).toBe(
      "Łódź, Đà Nẵng, Ελλάδα, Кострома, שלום, السلام ١٢٣ 😀 क्‍ष",
    );
    expect(cleanText("e\u0301")).toBe("é");
    expect(cleanText("half \ud800 pair")).toBe("half \ufffd pair");
  });

  test("keeps its lines, whatever ends them", () => {
    expect(cleanText("a\r\nb\rc\u2028d\u0085e\tf")).toBe("a\nb\nc\nd\ne f");
    expect(cleanLine("  a \n\n b\n")).toBe("a b");
    expect(paragraphsOf("one\ntwo\n \nthree\n\n\n")).toEqual(["one two", "three"]);
  });

  test("is cut where it is too long, and says so", () => {
    expect(shortLine("abcdef", 6)).toBe("abcdef");
    expect(shortLine("abcdefg", 6)).toBe("abcde…");
    expect(shortLine("😀😀😀😀", 3)).toBe("😀😀…");
    expect(paragraphsOf("x".repeat(30_000)).at(-1)).toContain("30000 characters in all");
  });

  test("never has a control character left", () => {
    const text = fc.string({ unit: "binary" });
    const check = fc.property(text, (given) => {
      expect(cleanText(given)).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}/u);
      expect([...shortLine(given, 5)].length).toBeLessThanOrEqual(5);
    });
    fc.assert(check, { numRuns: isLongRun ? 10_000 : 300 });
  });
});

describe("a number alone", () => {
  test("has the digits that matter", () => {
    const written: [number, string][] = [
      [0, "0"],
      [-0, "0"],
      [12, "12"],
      [-5, "−5"],
      [2025, "2025"],
      [12_345, "12\u2006345"],
      [1_234_567, "1.235\u00a0M"],
      [783_636_630.64, "783.6\u00a0M"],
      [0.69341, "0.6934"],
      [0.1 + 0.2, "0.3"],
      [1e-7, "1e−7"],
      [1e308, "1e308"],
      [5e-324, "5e−324"],
      [Number.NaN, "–"],
      [Number.POSITIVE_INFINITY, "–"],
    ];
    for (const [value, text] of written) expect(writeAlone(value)).toBe(text);
  });
});

describe("the numbers of a column", () => {
  const column = (values: number[], unit = "FIL") => {
    const notation = notationOf(values, unit);
    return [notation.unit, ...values.map(notation.write)];
  };

  test("have the same decimals, as many as the largest and the smallest of them need", () => {
    expect(column([0.5, 0.25, 0.125])).toEqual(["FIL", "0.500", "0.250", "0.125"]);
    expect(column([3.07, 23.5234])).toEqual(["FIL", "3.07", "23.52"]);
    expect(column([-1, Number.NaN, 2.5])).toEqual(["FIL", "−1.0", "–", "2.5"]);
    expect(column([1, 2, 3])).toEqual(["FIL", "1", "2", "3"]);
    expect(column([-0.459418, 12.5], "%")).toEqual(["%", "−0.46", "12.50"]);
    expect(column([])).toEqual(["FIL"]);
  });

  test("have their thousands in the unit where they are large", () => {
    expect(column([783_636_630.64, 785_833_027.95])).toEqual(["M FIL", "783.6", "785.8"]);
    expect(column([5e11, 1e12])).toEqual(["G FIL", "500", "1000"]);
    expect(column([883_804_314, 901_727_338])).toEqual(["M FIL", "883.8", "901.7"]);
    expect(column([2_500_000, 1])).toEqual(["FIL", "2\u2006500\u2006000", "1"]);
    expect(column([12e6, 1.5e6 + 0.5], "")).toEqual(["M", "12.0", "1.5"]);
  });

  test("that would be shown as nothing keep digits of their own", () => {
    expect(column([1.5, 1e-9])).toEqual(["FIL", "1.5", "1e−9"]);
    expect(column([1e308, 1])).toEqual(["FIL", "1e308", "1"]);
  });

  test("are never longer than a row has room for", () => {
    const values = fc.array(fc.double(), { maxLength: 20 });
    const check = fc.property(values, (given) => {
      for (const text of column(given).slice(1)) expect(text.length).toBeLessThanOrEqual(14);
    });
    fc.assert(check, { numRuns: isLongRun ? 10_000 : 300 });
  });
});

test("a difference has its sign in any case, but where it is shown as nothing", () => {
  expect([signed("1.5", 1.5), signed("−1.5", -1.5), signed("0.0", 0.01), signed("0", 0)]).toEqual([
    "+1.5",
    "−1.5",
    "0.0",
    "0",
  ]);
});
