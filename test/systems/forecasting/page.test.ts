import { expect, test } from "bun:test";
import { readForPage } from "../../../src/systems/forecasting/page/readForPage";
import { SAMPLES, sampleText } from "../../../src/systems/forecasting/page/samples";
import { readingAnswer } from "../../../src/systems/forecasting/page/schema";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each(SAMPLES.map(({ name }) => [name] as const))(
  "the sample %s reads without a word from anybody",
  async (name) => {
    const answer = readForPage(bytesOf((await sampleText(name))!), {});
    expect(readingAnswer.parse(answer)).toEqual(answer);
    const { values, dates, times, freq, horizon } = answer.series;
    expect([dates.length, times.length]).toEqual([values.length + 1000, values.length + 1000]);
    expect(freq).toBe(
      { elnino_monthly: "MS", shop_daily: "D", co2_weekly: "W", us_macro_quarterly: "3MS" }[name as string] ?? "12MS",
    );
    expect(horizon).toBeGreaterThan(0);
  },
);

test("the shop's promotions and prices are known as far ahead as its file goes", async () => {
  const { read, series } = readForPage(bytesOf((await sampleText("shop_daily"))!), {});
  expect([read.covariates, series.tail, series.horizon]).toEqual([["promotion", "price"], 28, 28]);
  expect(series.beside.map(({ values }) => values.length)).toEqual([392, 392]);
});

test("of several series the one that is asked for is answered, with its own repairs", () => {
  const rows = ["a,1", "b,5", "a,", "b,6", "a,3", "b,7"].map((row, at) => `2024-01-0${1 + (at >> 1)},${row}`);
  const file = bytesOf(`date,id,y\n${rows.join("\n")}\n`);
  const one = readForPage(file, { id: "id", series: "b" });
  expect([one.ids, one.count, one.series.values, one.read.repairs]).toEqual([["a", "b"], 2, [5, 6, 7], []]);
  expect(readForPage(file, { id: "id" }).read.repairs).toMatchObject([{ series: "a", row: 3, taken: 2 }]);
  expect(() => readForPage(file, { id: "id", series: "c" })).toThrow('no series "c"');
});
