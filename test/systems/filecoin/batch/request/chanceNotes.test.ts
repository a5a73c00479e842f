import { expect, test } from "bun:test";
import type { OrderContext } from "../../../../../src/systems/filecoin/batch/request/order";
import { monteCarloOrder } from "../../../../../src/systems/filecoin/batch/request/orders";
import { sharedScenario } from "../../../../../src/systems/filecoin/batch/request/plan";
import { monteCarloRequest } from "../../../../../src/systems/filecoin/batch/schema/requests";
import { history } from "../support";

const context: OrderContext = { history, defaults: { rules: "mainnet" } };
const notesOf = (body: object) => sharedScenario(monteCarloOrder(monteCarloRequest.parse(body), context)).notes;

test.each<[object, string[]]>([
  [{ forecast_length_days: 90 }, []],
  [{}, ["Bands beyond 365 days are drawn, not tested."]],
  [{ forecast_length_days: 90, model: "schedule" }, ["Bands of model schedule are too narrow"]],
  [{ forecast_length_days: 90, method: "mean_reverting" }, ["These bands are not calibrated."]],
  [{ forecast_length_days: 90, rr: 1.2 }, ["rr beyond 0 to 1 counts as the nearer"]],
  [{ forecast_length_days: 90, rr: 1.2, method: "none" }, []],
])("bands of %p say what to know of them", (body, told) => {
  const notes = notesOf(body);
  expect(notes).toHaveLength(told.length);
  for (const [i, text] of told.entries()) expect(notes[i]).toContain(text);
});
