import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { extractText, getDocumentProxy } from "unpdf";
import { createWorker } from "../../../../src/createWorker";
import { createPool, type WorkPool } from "../../../../src/platform/compute/pool";
import type { RequestError } from "../../../../src/platform/errors";
import {
  PAPERS,
  REPORT_FORMATS,
  REPORT_TYPES,
  renderReport,
  reportFault,
  reportFile,
} from "../../../../src/systems/jobs/reports";
import { until } from "../../../support/until";
import { request, simulation } from "./requests";

setDefaultTimeout(30_000);

let pool: WorkPool;
beforeAll(() => {
  pool = createPool({ workers: 1, maxWaitMs: 60_000, maxWaiting: 100, createWorker, onCrash: () => undefined });
});
afterAll(() => pool.stop());

const one = simulation({ output: { estimate: 2.71 }, statistics: { seed: 42 } }, { metadata: { name: "Łódź" } });

describe("a report", () => {
  test("is made in every format in a Worker, and equal requests give equal bytes", async () => {
    for (const format of REPORT_FORMATS) {
      const [first, second] = [
        await renderReport(request([one], { format }), pool),
        await renderReport(request([one], { format }), pool),
      ];
      expect(first).toEqual(second);
      const text =
        format === "PDF" ? (await extractText(first, { mergePages: true })).text : new TextDecoder().decode(second);
      for (const part of ["Łódź", "01936d30-0000-7abc-8def-0123456789ab", "2.71"]) expect(text).toContain(part);
    }
  });

  test("is made in every type and on every paper", async () => {
    for (const reportType of REPORT_TYPES) {
      for (const paper of PAPERS) {
        const pdf = await renderReport(request([one, one], { reportType, parameters: { paper } }), pool);
        const { width } = (await (await getDocumentProxy(pdf)).getPage(1)).getViewport({ scale: 1 });
        expect(Math.round(width)).toBe(paper === "a4" ? 595 : 612);
      }
    }
  });

  test("of a small PDF leaves its thread for the next one; one that took much memory ends it", async () => {
    let threads = 0;
    const counted = createPool({
      workers: 1,
      maxWaitMs: 60_000,
      maxWaiting: 10,
      createWorker: () => {
        threads++;
        return createWorker();
      },
      onCrash: () => undefined,
    });
    try {
      await renderReport(request([one]), counted);
      await renderReport(request([one]), counted);
      expect(threads).toBe(1);
      const columns = Array.from({ length: 6 }, (_, i) => ({ name: `c${i}` }));
      const rows = Array.from({ length: 2000 }, (_, row) => columns.map((_, i) => row * i));
      const large = simulation({}, { sections: [{ title: "S", tables: [{ title: "", columns, rows }] }] });
      await renderReport(request([large], { reportType: "detailed_analysis" }), counted);
      await until(() => threads === 2, "a fresh thread");
      expect((await renderReport(request([one]), counted)).length).toBeGreaterThan(10_000);
    } finally {
      await counted.stop();
    }
  }, 60_000);

  test("takes large results without a copy, and refuses those that are too large together", async () => {
    const large = simulation({ word: "x".repeat(2 ** 20) });
    const pdf = await renderReport(request([large]), pool);
    expect(pdf.length).toBeGreaterThan(10_000);
    expect(large.resultJson.byteLength).toBe(0);
    const resultJson = new Uint8Array(40 * 2 ** 20);
    const refused = await renderReport(
      request([
        { ...one, resultJson },
        { ...one, resultJson },
      ]),
      pool,
    ).catch(String);
    expect(refused).toContain("83886080 bytes together; a report takes at most 67108864. Choose fewer simulations.");
  }, 60_000);

  test("that is no longer wanted ends with its thread", async () => {
    const caller = new AbortController();
    const status = renderReport(request([one]), pool, caller.signal).catch((error: RequestError) => error.status);
    caller.abort();
    expect(await status).toBe(499);
  });

  test("is called by its type and its id", () => {
    const file = (format: (typeof REPORT_FORMATS)[number]) =>
      reportFile({ reportId: "id", reportType: "summary", format });
    expect(REPORT_FORMATS.map(file)).toEqual([
      { contentType: "application/pdf", filename: "summary-id.pdf" },
      { contentType: "text/html; charset=utf-8", filename: "summary-id.html" },
      { contentType: "application/json", filename: "summary-id.json" },
      { contentType: "text/csv; charset=utf-8", filename: "summary-id.csv" },
    ]);
  });

  test("that compares needs two of one type, and says so", () => {
    expect(reportFault("comparison", ["seir"])).toBe(
      "A comparison needs two or more simulations of one type; these are 1 of seir.",
    );
    expect(reportFault("comparison", ["seir", "monte_carlo"])).toContain("2 of seir, monte_carlo");
    expect(reportFault("comparison", ["seir", "seir"])).toBeUndefined();
    expect(reportFault("summary", ["seir", "monte_carlo"])).toBeUndefined();
  });
});
