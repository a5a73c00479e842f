import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { INPUTS } from "../../../../src/systems/filecoin/batch/request/inputs";
import { SERIES_MEANINGS } from "../../../../src/systems/filecoin/schema/series";
import { sectionsOf, titleOfType } from "../../../../src/systems/jobs/reports/subjects";
import { type Served, serve } from "../../../support/program";
import { until } from "../../../support/until";

setDefaultTimeout(60_000);

/** Sections that the reader of each built-in type gives, of the results of its own example. */
const TITLES: Record<string, string[]> = {
  monte_carlo: ["Estimate", "Convergence"],
  filecoin_forecast: [
    "At the end of the forecast",
    "Supply",
    "Network power",
    "Pledge",
    "Minting and return",
    "By quarter",
  ],
  filecoin_sweep: [
    "At the end of the forecast",
    "Circulating supply",
    "What drives the outcome",
    "Lowest and highest runs",
  ],
  filecoin_monte_carlo: ["At the end of the forecast", "Circulating supply"],
  filecoin_sensitivity: ["Circulating supply"],
  seir: ["At a glance", "Epidemic curve", "Course of the epidemic", "Reproduction number"],
  xenblocks_market: ["At a glance", "Price and load over time", "Payouts"],
};

let served: Served;
let headers: Record<string, string>;
const api = (path: string) => new URL(`/api/v1${path}`, served.url);
const read = async <Body>(path: string) => (await (await fetch(api(path), { headers })).json()) as Body;

beforeAll(async () => {
  served = await serve(["--only", "filecoin,market,chain,jobs"]);
  const token = (await (await fetch(api("/auth/local"), { method: "POST" })).json()) as { access_token: string };
  headers = { authorization: `Bearer ${token.access_token}`, "content-type": "application/json" };
});
afterAll(() => served.stop());

test.each(Object.entries(TITLES))("the result of %s is read by the reader of its type", async (type, titles) => {
  const { simulations } = await read<{ simulations: { type: string; example: object }[] }>("/handlers");
  const handler = simulations.find((one) => one.type === type)!;
  const body = JSON.stringify({ simulation_type: type, parameters: handler.example });
  const { id } = (await (await fetch(api("/simulations"), { method: "POST", headers, body })).json()) as { id: string };
  let status = "";
  await until(async () => {
    ({ status } = await read<{ status: string }>(`/simulations/${id}`));
    return ["COMPLETED", "FAILED"].includes(status);
  }, `the end of ${type}`);
  expect(status).toBe("COMPLETED");
  const { result } = await read<{ result: unknown }>(`/simulations/${id}/result`);
  const sections = sectionsOf(type, result, { ...SERIES_MEANINGS, ...INPUTS });
  const shown = sections.filter(
    ({ keyFigures = [], charts = [], tables = [] }) => keyFigures.length + charts.length + tables.length > 0,
  );
  expect(shown.length).toBe(sections.length);
  expect(sections.map(({ title }) => title)).toEqual(expect.arrayContaining(titles));
});

test("every type that the program offers is called by words of its own", async () => {
  const { simulations } = await read<{ simulations: { type: string; title: string }[] }>("/handlers");
  for (const { type, title } of simulations) expect([type, titleOfType(type)]).toEqual([type, title]);
});
