import type { Chart, KeyFigure, ReportSection } from "../section";
import { tableOf } from "./anything";
import type { Names } from "./names";
import { isNumber, isObject, memberAt, valuesOf } from "./shapes";

const MONEY = "XNM";

const PAYOUT_NAMES: Names = {
  worker_id: { title: "Worker", unit: "" },
  leases: { title: "Leases", unit: "" },
  payout: { title: "Payout", unit: MONEY },
  price_per_min: { title: "Price", unit: `${MONEY}/min` },
};

/** Orders against the market's matching rules: `{orders, filled, refusals, path: {time, price, utilisation}, payouts}`. */
export function orderFlowSections(result: unknown): ReportSection[] | undefined {
  const orders = memberAt(result, "orders");
  if (!isNumber(orders)) return undefined;
  const payouts = memberAt(result, "payouts");
  const rows = Array.isArray(payouts) ? payouts.filter(isObject) : [];
  const sections: ReportSection[] = [
    { title: "At a glance", keyFigures: keyFigures(result), charts: refusalCharts(memberAt(result, "refusals")) },
    { title: "Price and load over time", charts: pathCharts(memberAt(result, "path")) },
    { title: "Payouts", tables: rows.length === 0 ? [] : [{ ...tableOf("", rows, PAYOUT_NAMES) }] },
  ];
  return sections.filter(
    ({ keyFigures = [], charts = [], tables = [] }) => keyFigures.length + charts.length + tables.length > 0,
  );
}

function keyFigures(result: unknown): KeyFigure[] {
  const figures: [member: string, name: string, unit: string][] = [
    ["orders", "Orders", ""],
    ["filled", "Filled", ""],
    ["fill_rate", "Share filled", ""],
    ["volume_xnm", "Volume", MONEY],
    ["fees_xnm", "Fees", MONEY],
  ];
  return figures.flatMap(([member, name, unit]) => {
    const value = memberAt(result, member);
    return isNumber(value) ? [{ name, value, unit }] : [];
  });
}

/** Why orders found no worker. */
function refusalCharts(refusals: unknown): Chart[] {
  const bars = Object.entries(isObject(refusals) ? refusals : {}).flatMap(([name, value]) =>
    isNumber(value) ? [{ name, value }] : [],
  );
  bars.sort((a, b) => b.value - a.value);
  return bars.length === 0 ? [] : [{ kind: "bars", title: "Orders without a worker, by reason", unit: "orders", bars }];
}

function pathCharts(path: unknown): Chart[] {
  const time = valuesOf(memberAt(path, "time"));
  if (time === undefined) return [];
  const x = { values: time, title: "Hours" };
  const lines: [member: string, title: string, unit: string][] = [
    ["price", "Price of each lease", `${MONEY}/min`],
    ["utilisation", "Workers leased", "share"],
  ];
  return lines.flatMap(([member, title, unit]): Chart[] => {
    const values = valuesOf(memberAt(path, member));
    return values?.length === time.length ? [{ kind: "line", title, unit, x, series: [{ name: title, values }] }] : [];
  });
}
