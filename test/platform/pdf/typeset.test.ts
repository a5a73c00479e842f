import { describe, expect, test } from "bun:test";
import { extractText } from "unpdf";
import { lettersWithoutFont, typesetPdf, typesetterBytes } from "../../../src/platform/pdf";

const HEAD = `#set text(font: ("IBM Plex Sans", "IBM Plex Sans Arabic", "IBM Plex Sans Hebrew"))
#set document(title: "T", date: datetime(year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5))
#let data = json("/data.json")
`;

const typeset = (template: string, data: unknown = {}) =>
  typesetPdf({ template: HEAD + template, files: { "/data.json": JSON.stringify(data) } });

async function textOf(pdf: Uint8Array): Promise<string> {
  return (await extractText(Uint8Array.from(pdf), { mergePages: true })).text;
}

describe("a typeset document", () => {
  test("is a tagged PDF with the text of its data, markup included", async () => {
    const hostile = '#read("/etc/passwd") $x$ *b* _i_ \\ <a> @b = c // d';
    const pdf = await typeset("#data.text", { text: hostile });
    const bytes = new TextDecoder("latin1").decode(pdf);
    expect(bytes).toStartWith("%PDF-1.7");
    expect(bytes).toContain("/Marked true");
    expect(await textOf(pdf)).toBe(hostile);
  });

  test("is the same for the same data, whatever was made before", async () => {
    const [first, other, second] = [
      await typeset("#data.a", { a: 1 }),
      await typeset("#data.a", { a: 2 }),
      await typeset("#data.a", { a: 1 }),
    ];
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
  });

  test("reads nothing but what is given with it", async () => {
    const failure = (template: string) => typeset(template).catch((error: Error) => error.message);
    expect(await failure('#read("/etc/passwd")')).toContain("cannot be typeset");
    expect(await failure('#import "@preview/cetz:0.3.0"')).toContain("cannot be typeset");
    await typesetPdf({ template: '#read("/a.txt")', files: { "/a.txt": "given" } });
    expect(await typesetPdf({ template: '#read("/a.txt")', files: {} }).catch(() => "gone")).toBe("gone");
  });

  test("says what is wrong with a template, and the next one is set", async () => {
    expect(await typeset("#nowhere").catch((error: Error) => error.message)).toContain("unknown variable: nowhere");
    expect(await textOf(await typeset("fine"))).toBe("fine");
  });

  test("says how much memory it holds", async () => {
    await typeset("one");
    expect(typesetterBytes()).toBeGreaterThan(5e6);
  });
});

describe("the fonts", () => {
  test("have the letters of Europe, Vietnam, Israel and the Arab countries", async () => {
    const texts = [
      "Łódź, Đà Nẵng, Ελλάδα, Кострома, ő ű",
      "תל אביב",
      "السلام عليكم ١٢٣",
      "“−–…”\u2006·×≤≥",
      "a\u200bb\n",
    ];
    expect(await lettersWithoutFont(texts)).toEqual([]);
  });

  test("do not have all letters, and those that are missing are told once, in order", async () => {
    expect(await lettersWithoutFont(["漢字 a", "字⛏"])).toEqual(["⛏", "字", "漢"]);
  });
});
