import { useState } from "preact/hooks";
import { Badge } from "../../../../static/common/badge";
import { Card } from "../../../../static/common/card";
import { numberAxis } from "../../../../static/common/chart/axis";
import { Chart } from "../../../../static/common/chart/chart";
import type { ChartProps } from "../../../../static/common/chart/model";
import { Dialog } from "../../../../static/common/dialog";
import { Empty } from "../../../../static/common/empty";
import { Fault } from "../../../../static/common/fault";
import { Form } from "../../../../static/common/form";
import type { JsonSchema } from "../../../../static/common/form-schema";
import { useLive } from "../../../../static/common/live";
import { Progress } from "../../../../static/common/progress";
import { showPage } from "../../../../static/common/shell";
import { Slider } from "../../../../static/common/slider";
import { Table } from "../../../../static/common/table";
import type { Column } from "../../../../static/common/table-rows";
import { Timeline } from "../../../../static/common/timeline";
import { toast } from "../../../../static/common/toast";
import { numberCodec, useUrlState } from "../../../../static/common/url-state";
import { days, FIRST_DAY_S, HISTORY_DAYS, path, spread } from "../../series";

// Every part of the shell once, with made-up data: what the browser tests of the parts look at.

const x = days();
const supply = path(1, 480e6, 890e6, 0.01);
const BOUNDARY = { at: FIRST_DAY_S + HISTORY_DAYS * 86_400, label: "Forecast from 2025-09-09" };

const CHARTS: ChartProps[] = [
  {
    name: "supply",
    title: "Circulating supply",
    unit: "FIL",
    x,
    series: [{ label: "median", values: supply }],
    bands: [
      { label: "5 to 95 %", of: 0, low: spread(supply, -0.12), high: spread(supply, 0.12), reach: "outer" },
      { label: "25 to 75 %", of: 0, low: spread(supply, -0.05), high: spread(supply, 0.05), reach: "inner" },
    ],
    boundary: BOUNDARY,
    curl: "curl -s http://127.0.0.1:8080/simulate",
  },
  {
    name: "power",
    title: "Power against baseline",
    unit: "EiB",
    x,
    series: [
      { label: "baseline", values: Float64Array.from(x, (_, day) => 12 * 2 ** (day / 365)) },
      { label: "raw power", values: path(2, 8, 2.4, 0.02) },
      { label: "quality-adjusted", values: path(3, 22, 15, 0.02) },
    ],
    boundary: BOUNDARY,
    marks: [{ at: FIRST_DAY_S + 2100 * 86_400, label: "Crossing" }],
    canBeLog: true,
  },
  {
    name: "rewards",
    title: "Reward per sector",
    unit: "FIL/day",
    x,
    series: [{ label: "reward", values: path(4, 7e-5, 2e-5, 0.05) }],
    boundary: BOUNDARY,
    canBeLog: true,
  },
  {
    name: "error",
    title: "Error by horizon",
    unit: "%",
    x: Float64Array.from({ length: 365 }, (_, day) => day + 1),
    series: [{ label: "supply", values: Float64Array.from({ length: 365 }, (_, day) => Math.sqrt(day) / 4) }],
    axis: numberAxis("days"),
  },
];

interface Offer {
  id: string;
  gpu: string;
  pricePerMin: number;
  hashRate: number | null;
  note: string;
}

const OFFERS: Offer[] = Array.from({ length: 5000 }, (_, i) => ({
  id: `worker-${i}`,
  gpu: ["RTX 4090", "RTX 3080", "A100"][i % 3]!,
  pricePerMin: ((i * 37) % 1000) / 1000,
  hashRate: i % 10 === 0 ? null : 1000 + ((i * 7919) % 4000),
  note: i === 3 ? "=HYPERLINK(1)" : "<b>bold</b>",
}));

const OFFER_COLUMNS: Column<Offer>[] = [
  { key: "id", title: "Worker", value: ({ id }) => id },
  { key: "gpu", title: "GPU", value: ({ gpu }) => gpu },
  { key: "price", title: "Price", unit: "XNM/min", decimals: 3, value: ({ pricePerMin }) => pricePerMin },
  { key: "rate", title: "Hash rate", unit: "H/s", value: ({ hashRate }) => hashRate },
  { key: "note", title: "Note", value: ({ note }) => note, atFirstHidden: true },
];

const SCHEMA: JsonSchema = {
  type: "object",
  required: ["name", "count"],
  properties: {
    name: { type: "string", title: "Name", minLength: 3 },
    count: { type: "integer", title: "Count", minimum: 1, maximum: 10, default: 3, "x-unit": "runs" },
    kind: { type: "string", title: "Kind", enum: ["sweep", "fan"], default: "fan" },
    quick: { type: "boolean", title: "Quick", default: true },
    seeds: { anyOf: [{ type: "array", items: { type: "integer" }, maxItems: 5 }, { type: "null" }], title: "Seeds" },
    where: { type: "object", title: "Where", properties: { region: { type: "string", title: "Region" } } },
  },
};

showPage({ title: "Parts", Body: Parts });

function Parts() {
  return (
    <>
      <div class="charts">
        {CHARTS.map((chart) => (
          <Chart key={chart.name} {...chart} />
        ))}
      </div>
      <div class="cards">
        <Card
          title="Circulating supply"
          figure="603.1 M FIL"
          caption="on 2025-09-09"
          difference="+2.1 % in 30 days"
          recent={supply.subarray(0, 200)}
          mark={<Badge tone="good">healthy</Badge>}
        />
        <section class="panel" aria-label="Sliders">
          <Sliders />
        </section>
        <section class="panel" aria-label="Timeline">
          <Timeline
            steps={[
              { time: "2025-09-09T10:00:00Z", title: "Rented", tone: "good" },
              { time: "2025-09-09T10:05:00Z", title: "Hash rate fell", note: "2 100 of 4 000 H/s", tone: "stale" },
              { time: null, title: "Settled" },
            ]}
          />
        </section>
        <section class="panel" aria-label="Progress">
          <Progress label="Monte Carlo" unit="runs" done={1200} total={10_000} elapsedS={2} />
          <Empty what="Offers would be here." action={{ label: "Start a fleet", run: () => toast("Fleet started") }} />
          <Live />
          <Fragile />
        </section>
        <section class="panel" aria-label="Form">
          <FormPart />
        </section>
      </div>
      <Fault
        report={{
          what: "rbp: expected a number from 0 to 1000, got -3.",
          where: "POST /simulate",
          todo: "Change what was asked for and try again.",
          requestId: "0198f1c2",
        }}
      />
      <section class="panel" aria-label="Offers">
        <Table
          name="offers"
          caption="offers"
          columns={OFFER_COLUMNS}
          rows={OFFERS}
          keyOf={({ id }) => id}
          sort={{ key: "price", direction: "ascending" }}
          empty={{ what: "Offers would be here." }}
        />
      </section>
    </>
  );
}

function Sliders() {
  const [rbp, setRbp] = useUrlState("rbp", numberCodec(3.4, 0, 20));
  const [open, setOpen] = useState(false);
  return (
    <>
      <Slider
        label="Onboarded power"
        unit="PiB/day"
        min={0}
        max={20}
        step={0.1}
        value={rbp}
        history={{ median: 3.4, low: 1.2, high: 9.8 }}
        onChange={setRbp}
      />
      <button type="button" onClick={() => setOpen(true)}>
        Open a dialog
      </button>
      {open && (
        <Dialog title="A dialog" onClose={() => setOpen(false)}>
          <p>Something to decide.</p>
        </Dialog>
      )}
    </>
  );
}

function FormPart() {
  const [sent, setSent] = useState("");
  return (
    <>
      <Form schema={SCHEMA} submitLabel="Submit" onSubmit={(value) => setSent(JSON.stringify(value))} />
      <output class="mono" aria-label="Sent">
        {sent}
      </output>
    </>
  );
}

function Fragile() {
  const [broken, breakIt] = useState(false);
  if (broken) throw new Error("The part is broken.");
  return (
    <button type="button" class="quiet" onClick={() => breakIt(true)}>
      Break
    </button>
  );
}

/** What came by a socket that breaks every few messages: it must go on where it stopped. */
function Live() {
  const [seen, setSeen] = useState<number[]>([]);
  const { phase } = useLive("/socket", {
    kind: "socket",
    onMessage: ({ data }) => setSeen((before) => [...before, data as number]),
  });
  return (
    <p>
      Socket {phase}: <output aria-label="Socket">{seen.join(" ")}</output>
    </p>
  );
}
