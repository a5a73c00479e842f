import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lacks } from "../../../support/lacks";
import { made, pagesOf } from "./making";
import { request, simulation } from "./requests";

setDefaultTimeout(60_000);

/** What takes the text out of a PDF: a library that comes with this clone, and the usual program where there is one. */
const readers: [name: string, read: (pdf: Uint8Array) => Promise<string>][] = [
  ["unpdf", async (pdf) => (await pagesOf(pdf)).join("\n")],
];
if (!lacks("pdftotext, a second reader of names (Debian: poppler-utils)", Bun.which("pdftotext") !== null)) {
  readers.push([
    "pdftotext",
    async (pdf) => {
      const child = Bun.spawn(["pdftotext", "-", "-"], { stdin: pdf, stdout: "pipe", stderr: "ignore" });
      return new Response(child.stdout).text();
    },
  ]);
}

/** A report in which the name is title, cell, heading of a table and legend of a chart. */
function named(name: string): Promise<Uint8Array> {
  const sections = [
    {
      title: "Result",
      charts: [
        {
          kind: "line",
          title: "Chart",
          unit: "",
          x: { startDay: 20_000 },
          series: [
            { name, values: [1, 2] },
            { name: "other", values: [2, 1] },
          ],
        },
      ],
      tables: [{ title: "", columns: [{ name }, { name: "v" }], rows: [[name, 1]] }],
    },
  ];
  return made(request([simulation({}, { metadata: { name }, sections })], { reportType: "detailed_analysis" }));
}

/** Letters alone, without blanks, marks of direction and what follows from how a script joins its letters. */
const bare = (text: string) => text.normalize("NFKC").replace(/[\s\p{Bidi_Control}\u0640]/gu, "");

describe.each(readers)("names as %s reads them", (_, read) => {
  test.each([
    ["Poland", "Łódź, Wąchock, Świętochłowice"],
    ["Hungary", "ő ű Győr Hódmezővásárhely"],
    ["Vietnam", "Đà Nẵng, Thừa Thiên Huế"],
    ["Greece", "Ελλάδα, Θεσσαλονίκη, Αθήνα"],
    ["Russia and Ukraine", "Кострома, Київ, Ґоляни"],
  ])("of %s come out whole", async (_, name) => {
    const text = bare(await read(await named(name)));
    // Title, running head or overview, legend, head of the column, cell.
    expect(text.split(bare(name)).length - 1).toBeGreaterThanOrEqual(4);
  });

  test.each([
    ["Israel", "תל אביב ירושלים", "987"],
    ["Arab countries", "السلام لا إله الأولى", "٤٥٦"],
    ["Iran", "تهران گرگان پژوهش چهار", "۷۸۹"],
  ])("of %s come out with every letter, as often as it stands there, and digits in order", async (_, name, digits) => {
    const text = bare(await read(await named(`${name} ${digits}`)));
    const count = (letter: string) => text.split(letter).length - 1;
    const times = count(digits);
    expect(times).toBeGreaterThanOrEqual(4);
    const own = Map.groupBy(bare(name), (letter) => letter);
    const found = [...own].map(([letter, all]) => [letter, count(letter) / all.length]);
    expect(found).toEqual([...own.keys()].map((letter) => [letter, times]));
  });

  test("lose control characters and marks of direction", async () => {
    const text = await read(await named("safe\u202Egnp.exe\u0000\u2066x"));
    expect(text).toContain("safegnp.exex");
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });
});

test("letters that no font has are boxes, and the first page names them", async () => {
  const [first] = await pagesOf(await named("漢 and 字"));
  expect(first).toContain("Not in any font");
  expect(first).toContain("U+5B57, U+6F22: shown as boxes");
});
