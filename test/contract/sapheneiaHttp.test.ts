import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { KNOWN_API_KEY } from "../../src/systems/forecasting";
import type { Served } from "../support/program";
import { RECORDED, serveRecorded } from "../systems/forecasting/original/serveRecorded";

setDefaultTimeout(60_000);

interface Exchange {
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body: unknown };
  status: number;
  response: unknown;
}

const transcript = readFileSync(join(RECORDED, "transcript.json"), "utf8");
const { exchanges } = JSON.parse(transcript) as { exchanges: Exchange[] };

type Written = (this: unknown, name: string, value: unknown, context: { source: string }) => unknown;
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
/** 64.0 is no whole number to the original: bodies are sent as they were written. */
const asWritten: Written = (_name, value, { source }) => (/^-?\d+\.0$/.test(source) ? rawJson(source) : value);
const written = JSON.parse(transcript, asWritten as Parameters<typeof JSON.parse>[1]) as { exchanges: Exchange[] };
const bodies = new Map(written.exchanges.map(({ name, request }) => [name, request.body]));

/** What is answered better than recorded, unless the original's release is asked for: where alone it differs, and why. */
const SURPASSED: readonly { why: string; at: readonly string[]; names: readonly string[]; status?: number }[] = [
  { why: "every model is told", at: ["available_models"], names: ["info"] },
  { why: "every model is told", at: ["count"], names: ["models"] },
  {
    why: "a band is between the columns of its indices",
    at: ["prediction.quantile_bands"],
    names: [
      ...["basic", "default_params", "use_quantiles_false", "cov_defined_not_used", "cov_flag_without_columns"],
      ...["quantile_indices_1_9", "quantile_indices_9_1", "quantile_indices_all", "param_quantiles_ok"],
      ...["ctx_32_of_64", "freq_0", "freq_1", "freq_2", "freq_list", "track", "two_targets", "h_128"],
      ...["src_rel_path", "src_local_prefix", "src_docker_path"],
    ].map((name) => `inf_${name}`),
  },
  {
    why: "quantiles move with what the covariates explain",
    at: ["prediction.quantile_forecast", "prediction.quantile_bands"],
    names: ["inf_cov_all", "inf_cov_dn", "inf_cov_static_only"],
  },
  {
    why: "context and horizon are those of the request",
    at: ["prediction"],
    names: ["inf_ctx_100_over_64", "inf_h_12_of_24", "inf_h_48_over_24"],
  },
  { why: "the window of dates counts", at: ["prediction", "visualization_data"], names: ["inf_dates_ignored"] },
  { why: "rows are sorted", at: ["prediction", "visualization_data.historical_data"], names: ["inf_descending"] },
  { why: "the column and the day are named", at: ["message"], names: ["inf_cov_nan"] },
  { why: "a path that leads out is no fault of the server", at: [], names: ["init_local_traversal"], status: 400 },
  { why: "what is not there is not found", at: [], names: ["init_local_missing", "init_hub_failure"], status: 404 },
  {
    why: "what is not there is not found",
    at: ["error", "message", "details"],
    names: ["inf_src_missing_file"],
    status: 404,
  },
  {
    why: "an address of this machine is not asked",
    at: ["error", "message", "details"],
    names: ["inf_src_http_refused"],
    status: 400,
  },
  {
    why: "a frequency that is none is refused",
    at: ["error", "message", "details"],
    names: ["inf_freq_3", "inf_freq_-1"],
    status: 422,
  },
  {
    why: "the horizon and the context are free",
    at: ["error", "message", "details"],
    names: ["inf_h_48_over_24_cov", "inf_ctx_100"],
    status: 200,
  },
];

const HORIZON_SHARE = 2e-4;

/** Where the answer lacks or contradicts what was recorded. */
function difference(golden: unknown, answer: unknown, place: string): string | undefined {
  if (isNumbers(golden) && isNumbers(answer))
    return numbersDiffer(golden.flat(9) as number[], answer.flat(9) as number[], place);
  if (Array.isArray(golden) && Array.isArray(answer)) {
    if (golden.length !== answer.length) return `${place}: ${golden.length} entries against ${answer.length}`;
    return firstOf(golden.map((entry, index) => difference(entry, answer[index], `${place}[${index}]`)));
  }
  if (golden !== null && typeof golden === "object" && answer !== null && typeof answer === "object") {
    const members = answer as Record<string, unknown>;
    return firstOf(Object.entries(golden).map(([name, value]) => difference(value, members[name], `${place}.${name}`)));
  }
  const [wanted, got] = [comparable(golden), comparable(answer)];
  return wanted === got ? undefined : `${place}: ${JSON.stringify(wanted)} against ${JSON.stringify(got)}`;
}

const firstOf = (found: (string | undefined)[]) => found.find((entry) => entry !== undefined);
const isNumbers = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.flat(9).every((entry) => typeof entry === "number");

function numbersDiffer(golden: readonly number[], answer: readonly number[], place: string): string | undefined {
  if (golden.length !== answer.length) return `${place}: ${golden.length} numbers against ${answer.length}`;
  const allowed = HORIZON_SHARE * (Math.max(...golden) - Math.min(...golden)) + 1e-9;
  const wrong = golden.findIndex((value, index) => !(Math.abs(value - answer[index]!) <= allowed));
  return wrong < 0 ? undefined : `${place}[${wrong}]: ${golden[wrong]} against ${answer[wrong]}`;
}

/** Folders of the machine that recorded are none of the contract; neither are the words of its stand-in for the hub. */
function comparable(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value
    .replace(/Resolved to: .*/, "Resolved to: ...")
    .replace(/Allowed directory: .*/, "Allowed directory: ...")
    .replace(/(allowed directory|path not found:) .*/, "$1 ...")
    .replace(/(initialization failed:) (Repository|There is no model) .*/, "$1 no model");
}

/** What of an answer is compared: not its times, nor how many layers the small weights have. */
function contractOf({ name, response }: Exchange, answer: unknown): [unknown, unknown] {
  const drop = (value: unknown): unknown => {
    if (Array.isArray(value) || value === null || typeof value !== "object") return value;
    const members = Object.entries(value).filter(
      ([member]) => !/^(timestamp|num_layers|.*_time_seconds)$/.test(member),
    );
    return Object.fromEntries(members.map(([member, inner]) => [member, drop(inner)]));
  };
  // The port and address are this machine's.
  const own = name === "info" ? { api_host: undefined, api_port: undefined } : {};
  return [
    { ...(drop(response) as object), ...own },
    { ...(answer as object), ...own },
  ];
}

function send(url: string, { name, request }: Exchange): Promise<Response> {
  const { method, path, headers } = request;
  const body = bodies.get(name);
  const isLarge = typeof body === "string" && /MiB body/.test(body);
  const text = isLarge ? "x".repeat(11_534_485) : typeof body === "string" ? body : JSON.stringify(body);
  const sent = Object.entries(headers).map(([name, value]) => [name, value.replace("<KEY>", KNOWN_API_KEY)]);
  return fetch(url + path, {
    method,
    headers: { "content-type": "application/json", ...Object.fromEntries(sent) },
    ...(body !== null && { body: text }),
  });
}

/** The value without the member at a path of names. */
function without(value: unknown, [name = "", ...rest]: readonly string[]): unknown {
  const { [name]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [name]: without(inner, rest) };
}

/** A service of that release, and the address of the port where it is alone. */
function served(compat: string) {
  let program: Served;
  beforeAll(async () => {
    program = await serveRecorded({ FORECAST_COMPAT: compat });
  });
  afterAll(async () => {
    expect(await program.stop()).toBe(0);
    await rm(program.dataDir, { recursive: true });
  });
  return () => /"serving alone","system":"forecasting","url":"([^"]+)"/.exec(program.err())![1]!;
}

describe("the original's release 2.0.0", () => {
  const url = served("2.0.0");
  for (const exchange of exchanges) {
    test(`${exchange.name}: ${exchange.request.method} ${exchange.request.path} answers as recorded`, async () => {
      const answer = await send(url(), exchange);
      const found = difference(...contractOf(exchange, await answer.json()), exchange.name);
      expect([answer.status, found]).toEqual([exchange.status, undefined]);
    });
  }
});

describe("the newest release", () => {
  const url = served("newest");
  for (const exchange of exchanges) {
    const { name, request, status } = exchange;
    const better = SURPASSED.find(({ names }) => names.includes(name));
    test(`${name}: ${request.method} ${request.path} ${better?.why ?? "answers as recorded"}`, async () => {
      const answer = await send(url(), exchange);
      const [golden, body] = contractOf(exchange, await answer.json());
      expect(answer.status).toBe(better?.status ?? status);
      const at = (better?.at ?? []).map((path) => path.split("."));
      const [rest, mine] = [golden, body].map((value) => at.reduce<unknown>(without, value));
      expect(difference(rest, mine, name)).toBeUndefined();
      if (at.length > 0) expect(difference(golden, body, name)).toBeDefined();
    });
  }

  test("a request that asks for the original's release is answered as it does", async () => {
    const recorded = exchanges.find(({ name }) => name === "inf_basic")!;
    const initialize = exchanges.find(({ name }) => name === "init_ok_after_error")!;
    await (await send(url(), exchanges.find(({ name }) => name === "shutdown")!)).json();
    expect((await send(url(), initialize)).status).toBe(200);
    const { body } = recorded.request as { body: { parameters: object } };
    const answer = await fetch(`${url()}${recorded.request.path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${KNOWN_API_KEY}` },
      body: JSON.stringify({ ...body, parameters: { ...body.parameters, compat: "2.0.0" } }),
    });
    expect(difference(...contractOf(recorded, await answer.json()), "inf_basic")).toBeUndefined();
  });
});
