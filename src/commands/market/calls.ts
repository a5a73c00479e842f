import { type ArgsDef, defineCommand } from "citty";
import { messageOf, UsageError } from "../../platform/errors";

/** What each of these commands takes to find the market and to say who calls. */
const WHERE = {
  url: { type: "string", default: "http://127.0.0.1:8080", description: "Where the market is", valueHint: "URL" },
  key: { type: "string", description: "An account's API key; default the variable MARKET_KEY", valueHint: "KEY" },
  json: { type: "boolean", description: "Print the answer as it comes" },
} satisfies ArgsDef;

interface Where {
  url: string;
  key?: string | undefined;
  json?: boolean | undefined;
}

type Row = Record<string, unknown>;

/** @throws UsageError with the market's own sentence where it refuses. */
async function call({ url, key }: Where, method: "GET" | "POST", path: string, body?: object): Promise<Row> {
  const credential = key ?? process.env["MARKET_KEY"];
  const headers = { "content-type": "application/json", ...(credential && { "x-api-key": credential }) };
  let answer: Response;
  try {
    answer = await fetch(new URL(path, url), { method, headers, ...(body && { body: JSON.stringify(body) }) });
  } catch (error) {
    throw new UsageError(`The market at ${url} cannot be reached (${messageOf(error)}). Name it with --url.`);
  }
  const told = (await answer.json()) as Row;
  if (answer.ok) return told;
  const { detail } = told;
  throw new UsageError(
    `The market answers ${answer.status}: ${typeof detail === "string" ? detail : JSON.stringify(detail)}`,
  );
}

/** Prints rows by some of their members, or the whole answer as JSON. */
async function print(where: Where, answer: Row, rows: readonly Row[], columns: readonly string[]): Promise<number> {
  const text = where.json ? `${JSON.stringify(answer)}\n` : tableOf(rows, columns);
  await Bun.write(Bun.stdout, text);
  return 0;
}

function tableOf(rows: readonly Row[], columns: readonly string[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((column) => shown(row[column])))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "-";
  return typeof value === "number" ? String(Math.round(value * 1e4) / 1e4) : String(value);
}

const itemsOf = (answer: Row) => answer["items"] as Row[];

export const offers = defineCommand({
  meta: { name: "offers", description: "Workers that can be rented, the cheapest first." },
  args: {
    ...WHERE,
    sort: { type: "string", default: "price", description: "price, hashrate, verified, reliability, gpus or memory" },
    gpu: { type: "string", description: "A part of a GPU's name", valueHint: "TEXT" },
  },
  async run({ args }) {
    const query = new URLSearchParams({ sort_by: args.sort, limit: "100", ...(args.gpu && { gpu_type: args.gpu }) });
    const answer = await call(args, "GET", `/api/marketplace?${query}`);
    const columns = [
      "worker_id",
      "price_per_min",
      "hashrate",
      "verified_hashrate",
      "reliability",
      "gpu_count",
      "online",
    ];
    return print(args, answer, itemsOf(answer), columns);
  },
});

export const rent = defineCommand({
  meta: { name: "rent", description: "Rent a worker, the cheapest unless one is named." },
  args: {
    ...WHERE,
    worker: { type: "string", description: "This worker", valueHint: "ID" },
    seconds: { type: "string", default: "3600", description: "For how long", valueHint: "S" },
    address: { type: "string", description: "Where the blocks go; default the account's", valueHint: "0x..." },
    budget: { type: "string", description: "The most that it may cost, XNM", valueHint: "XNM" },
    "max-price": { type: "string", description: "The most per minute, XNM", valueHint: "XNM" },
    consumer: { type: "string", description: "Who pays; default whose key it is", valueHint: "ACCOUNT" },
  },
  async run({ args }) {
    const answer = await call(args, "POST", "/api/rent", {
      duration_sec: args.seconds,
      ...(args.worker && { worker_id: args.worker }),
      ...(args.address && { consumer_address: args.address }),
      ...(args.budget && { budget: args.budget }),
      ...(args["max-price"] && { max_price: args["max-price"] }),
      ...(args.consumer && { consumer_id: args.consumer }),
    });
    return print(args, answer, [answer], ["lease_id", "worker_id", "prefix", "duration_sec", "max_cost", "warning"]);
  },
});

export const leases = defineCommand({
  meta: { name: "leases", description: "What the key's account has rented, newest first." },
  args: { ...WHERE, state: { type: "string", description: "active, completed or cancelled", valueHint: "STATE" } },
  async run({ args }) {
    const query = new URLSearchParams({ limit: "100", ...(args.state && { state: args.state }) });
    const answer = await call(args, "GET", `/api/renter/leases?${query}`);
    const columns = ["lease_id", "worker_id", "state", "reason", "elapsed_sec", "blocks_found"];
    return print(args, answer, itemsOf(answer), columns);
  },
});

export const stop = defineCommand({
  meta: { name: "stop", description: "End a lease and see what it cost." },
  args: { ...WHERE, lease: { type: "positional", required: true, description: "The lease" } },
  async run({ args }) {
    const answer = await call(args, "POST", "/api/stop", { lease_id: args.lease });
    const columns = ["lease_id", "duration_sec", "blocks_found", "total_cost", "provider_payment", "platform_fee"];
    return print(args, answer, [answer["settlement"] as Row], columns);
  },
});

export const balance = defineCommand({
  meta: { name: "balance", description: "What the key's account holds." },
  args: WHERE,
  async run({ args }) {
    const answer = await call(args, "GET", "/api/auth/me");
    return print(args, answer, [answer], ["account_id", "role", "eth_address", "balance"]);
  },
});

export const statement = defineCommand({
  meta: { name: "statement", description: "What moved the money of the key's account, newest first." },
  args: WHERE,
  async run({ args }) {
    const { account_id } = await call(args, "GET", "/api/auth/me");
    const answer = await call(
      args,
      "GET",
      `/api/accounts/${encodeURIComponent(String(account_id))}/statement?limit=1000`,
    );
    return print(args, answer, itemsOf(answer), ["time", "kind", "amount", "balance", "reference"]);
  },
});
