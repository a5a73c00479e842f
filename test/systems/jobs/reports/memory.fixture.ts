import { made, pagesOf } from "./making";
import { request, simulation } from "./requests";

/** Makes a PDF with a table of so many rows and says what that took. */
const rows = Array.from({ length: Number(process.argv[2]) }, (_, i) => ({ run: i, value: i / 7, name: `run ${i}` }));
const report = request([simulation({ rows }, { simulationType: "plug_in" })], { reportType: "detailed_analysis" });
const pdf = await made(report);
const { rss } = process.memoryUsage();
const userMs = process.cpuUsage().user / 1000;
await Bun.write(Bun.stdout, JSON.stringify({ residentBytes: rss, userMs, pages: (await pagesOf(pdf)).length }));
