import { describe, expect, test } from "bun:test";
import { zipSync } from "fflate";
import { readSeries } from "../../../../src/systems/forecasting/reading/readSeries";
import { zipMembers } from "../../../../src/systems/forecasting/reading/xlsx/zipMembers";

const folder = `${import.meta.dir}/../../../golden/forecasting/workbooks`;
const bytesOf = (name: string) => Bun.file(`${folder}/${name}.xlsx`).bytes();

const WORKBOOK = '<workbook xmlns:r="x"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>';
const RELATIONS = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>';

function workbook(sheet: string, more: Record<string, string> = {}): Uint8Array {
  const parts = { "xl/workbook.xml": WORKBOOK, "xl/_rels/workbook.xml.rels": RELATIONS, ...more };
  const all = { ...parts, "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${sheet}</sheetData></worksheet>` };
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, new TextEncoder().encode(text)])));
}

const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (value: number | string) => `<c><v>${value}</v></c>`;

describe("a workbook", () => {
  test("with a hidden sheet, a title, dates by style, a formula without a value and quotes in a name", async () => {
    const { read, series } = readSeries(await bytesOf("openpyxl"));
    expect(read).toMatchObject({ sheet: "Sales", time: "Day", target: 'Store "A"', step: "daily" });
    expect([...series[0]!.values].slice(2, 7)).toEqual([102.5, 103.5, Number.NaN, Number.NaN, 106.5]);
    expect(series[0]!.datesAfter(1)).toEqual(["2024-01-15"]);
  });

  test("that counts days from 1904 has the same dates, with their times", async () => {
    const { read, series } = readSeries(await bytesOf("xlsxwriter"));
    expect(read).toMatchObject({ time: "when", target: "load", step: "hourly" });
    expect(series[0]!.dates.slice(0, 2)).toEqual(["2024-03-01 00:00:00", "2024-03-01 01:00:00"]);
  });

  test("has its sheets by name, and a name that it has not is told with those that it has", async () => {
    const bytes = await bytesOf("openpyxl");
    expect(() => readSeries(bytes, { sheet: "Costs" })).toThrow('no sheet "Costs". There are: Sales, Notes.');
    expect(() => readSeries(bytes, { sheet: "Notes" })).toThrow("no rows");
  });

  test("leaves cells out where it has none", () => {
    const row = (day: number, cells: string) => `<row><c><v>${day}</v></c>${cells}</row>`;
    const sheet = `<row>${text("t")}${text("y")}${text("z")}</row>${row(1, number(5))}${row(2, '<c r="C3"><v>9</v></c>')}${row(3, number(7))}`;
    const { series, warnings } = readSeries(workbook(sheet));
    expect([[...series[0]!.values], warnings[0]!.rows]).toEqual([[5, Number.NaN, 7], [2]]);
  });

  test("says nothing by entities of its own", () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>';
    const sheet = `<row>${text("t")}${text("&b;&lt;&#65;")}</row><row>${number(1)}${number(2)}</row>`;
    const bytes = workbook(sheet, { "xl/workbook.xml": bomb + WORKBOOK });
    expect(readSeries(bytes).read.target).toBe("&b;<A");
  });
});

describe("refused with a sentence:", () => {
  test("a workbook that inflates to more than is read, whatever it says of its size", () => {
    const bytes = workbook("", { "xl/sharedStrings.xml": "<sst>".padEnd(4_000_000) });
    expect(bytes.length).toBeLessThan(6000);
    const lying = Buffer.from(bytes);
    const entry = lying.indexOf("xl/sharedStrings.xml");
    lying.writeUInt32LE(5, entry - 8);
    for (const zip of [bytes, lying]) {
      expect(() => zipMembers(zip, () => true, 1_000_000)).toThrow("inflates to more than 1000000 bytes");
    }
  });

  test.each([
    ["a zip file of something else", zipSync({ "a.txt": new Uint8Array(9) }), "no workbook with a sheet"],
    ["a workbook that breaks off", workbook("").subarray(0, 90), "damaged zip"],
    ["an old workbook", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), "save it as .xlsx"],
    ["a cell far to the right", workbook('<row><c r="XFD1"><v>1</v></c></row>'), "more than 1000 columns"],
    ["tags that never end", workbook("<row".repeat(100_000)), "no"],
  ])("%s", (_, bytes, told) => {
    expect(() => readSeries(bytes)).toThrow(told);
  });
});
