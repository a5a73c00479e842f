import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { FaultDetail } from "../../src/platform/http/fastapi/errors";
import { KNOWN_API_KEY } from "../../src/systems/forecasting";
import { fastApiGolden, faultsOf, type GoldenInput } from "../support/fastApiGolden";
import { type Served, serve } from "../support/program";

// One table of inputs over a route of each system whose original is made with FastAPI: what it says to each of them,
// this program says too, whichever system reads it. A system that is added adds its members here.

setDefaultTimeout(60_000);

/** A member of a request that reads one kind of value; what else the request needs is `rest`. */
interface TestedMember {
  system: string;
  kind: keyof typeof fastApiGolden.values;
  method: "GET" | "POST";
  path: string;
  /** Where it stands: `body` and the names to it, or `query` and its name. */
  at: readonly ["body" | "query", ...string[]];
  rest?: Record<string, unknown>;
  /** Of an alternative, as `loc` names it. */
  branch?: string;
  isNullAbsent?: true;
}

const MEMBERS: readonly TestedMember[] = [
  ...(["rbp", "lock_target"] as const).map((name): TestedMember => {
    const at = ["body", name] as const;
    return {
      system: "filecoin",
      kind: "number",
      method: "POST",
      path: "/simulate",
      at,
      branch: "float",
      isNullAbsent: true,
    };
  }),
  simulated("integer", "forecast_length_days"),
  simulated("flag", "use_available_supply"),
  simulated("numberOrList", "rbp"),
  market("number", "POST", "/api/auth/register", ["body", "balance"], { account_id: "tested", role: "consumer" }),
  market("integer", "POST", "/api/rent", ["body", "duration_sec"], { worker_id: "nobody" }),
  market("flag", "POST", "/api/auth/login", ["body", "regenerate"], { account_id: "nobody" }),
  market("text", "POST", "/api/auth/login", ["body", "account_id"]),
  market("object", "POST", "/api/control/broadcast", ["body", "config"]),
  market("number", "GET", "/api/marketplace", ["query", "min_hashrate"]),
  market("integer", "GET", "/api/marketplace", ["query", "min_gpus"]),
  market("flag", "GET", "/api/marketplace", ["query", "available_only"]),
  { system: "chain", kind: "integer", method: "GET", path: "/chain/blocks", at: ["query", "limit"] },
  jobs("text", "POST", ["body", "simulation_type"], { parameters: {} }),
  jobs("object", "POST", ["body", "parameters"], { simulation_type: "no such type" }),
  jobs("number", "POST", ["body", "options", "timeout_s"], { simulation_type: "no such type", parameters: {} }),
  jobs("integer", "POST", ["body", "options", "priority"], { simulation_type: "no such type", parameters: {} }),
  jobs("integer", "GET", ["query", "limit"]),
  ...(["context_len", "horizon_len"] as const).map((name) => forecasting("integer", "initialization", ["body", name])),
  { ...forecasting("text", "initialization", ["body", "checkpoint"]), isNullAbsent: true },
  forecasting("object", "inference", ["body", "parameters"], {
    data_source_url_or_path: "no such file.csv",
    data_definition: { y: "target" },
  }),
  forecasting("flag", "inference", ["query", "track"]),
];

/** A body that is read, and whether it takes a model's members or any. */
const BODIES: readonly { system: string; path: string; takes: "models" | "dictionaries" }[] = [
  { system: "filecoin", path: "/simulate", takes: "models" },
  { system: "filecoin", path: "/simulate/batch", takes: "models" },
  { system: "market", path: "/api/auth/login", takes: "models" },
  { system: "chain", path: "/verify", takes: "dictionaries" },
  { system: "jobs", path: "/api/v1/simulations", takes: "models" },
  { system: "forecasting", path: "/api/v1/timesfm20/initialization", takes: "models" },
];

function simulated(kind: TestedMember["kind"], name: string): TestedMember {
  return { system: "filecoin", kind, method: "POST", path: "/simulate", at: ["body", name], isNullAbsent: true };
}

function market(
  kind: TestedMember["kind"],
  method: TestedMember["method"],
  path: string,
  at: TestedMember["at"],
  rest?: Record<string, unknown>,
): TestedMember {
  return { system: "market", kind, method, path, at, ...(rest && { rest }) };
}

function jobs(
  kind: TestedMember["kind"],
  method: TestedMember["method"],
  at: TestedMember["at"],
  rest?: Record<string, unknown>,
): TestedMember {
  return { system: "jobs", kind, method, path: "/api/v1/simulations", at, ...(rest && { rest }) };
}

function forecasting(
  kind: TestedMember["kind"],
  route: "initialization" | "inference",
  at: TestedMember["at"],
  rest?: Record<string, unknown>,
): TestedMember {
  const path = `/api/v1/timesfm20/${route}`;
  return { system: "forecasting", kind, method: "POST", path, at, ...(rest && { rest }) };
}

/** Faults of what a system allows less of than its kind holds: none of them contradicts how a value is read. */
const LIMITS = /^(greater_than|less_than)(_equal)?$|^string_too_(short|long)$|^string_pattern_mismatch$|^value_error$/;

let program: Served;
/** What each system asks of whoever calls it; nothing of most. */
const headersOf: Record<string, Record<string, string>> = {
  forecasting: { authorization: `Bearer ${KNOWN_API_KEY}` },
};

beforeAll(async () => {
  program = await serve();
  const token = await fetch(`${program.url}/api/v1/auth/local`, { method: "POST" });
  expect(token.status).toBe(200);
  const { access_token } = (await token.json()) as { access_token: string };
  headersOf["jobs"] = { authorization: `Bearer ${access_token}` };
});
afterAll(async () => {
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

/** The answer to a request whose member has that value, as JSON text. */
function ask({ system, method, path, at, rest = {} }: TestedMember, input: string): Promise<Response> {
  const [part, ...names] = at;
  const sent = { "content-type": "application/json", ...headersOf[system] };
  if (part === "query") {
    const query = new URLSearchParams({ [names[0]!]: JSON.parse(input) as string });
    return fetch(`${program.url}${path}?${query}`, { method, headers: sent });
  }
  const others = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const tested = names.reduceRight((inner, name) => `{${JSON.stringify(name)}:${inner}}`, input).slice(1, -1);
  return fetch(program.url + path, { method, headers: sent, body: `{${[...others, tested].join(",")}}` });
}

async function detailsOf(answer: Response): Promise<FaultDetail[]> {
  const body = (await answer.json()) as { detail?: unknown };
  return answer.status === 422 && Array.isArray(body?.detail) ? (body.detail as FaultDetail[]) : [];
}

/** A query has texts alone, and where a list is an alternative it is none of a wrong kind. */
function canBeAsked({ at, branch }: TestedMember, { input }: GoldenInput): boolean {
  return (at[0] === "body" || input.startsWith('"')) && (branch === undefined || !input.startsWith("["));
}

for (const member of MEMBERS) {
  const { system, kind, at, path, branch, isNullAbsent } = member;
  describe(`${system}: ${at.join(".")} of ${path} reads a ${kind} as FastAPI does`, () => {
    for (const golden of fastApiGolden.values[kind]!.filter((one) => canBeAsked(member, one))) {
      test(golden.input, async () => {
        const answer = await ask(member, golden.input);
        expect(answer.status).toBeLessThan(500);
        const loc = [...at, ...(branch === undefined ? [] : [branch])];
        const details = (await detailsOf(answer)).filter((fault) => loc.every((step, i) => fault.loc[i] === step));
        const isAbsent = golden.input === "null" && isNullAbsent === true;
        if (golden.failed !== undefined) {
          // FastAPI's server fails there; ours refuses.
          expect(details[0]?.type).toMatch(/^(finite_number|bool_type|string_type)$/);
        } else if (golden.faults === undefined || isAbsent) {
          expect(details.filter(({ type }) => !LIMITS.test(type))).toEqual([]);
        } else {
          const expected = golden.faults.map((fault) => ({ ...fault, loc: [...loc, ...fault.loc.slice(2)] }));
          expect(faultsOf(details)).toEqual(faultsOf(expected));
        }
      });
    }
  });
}

for (const { system, path, takes } of BODIES) {
  describe(`${system}: a body of ${path} that is none is refused as FastAPI refuses it`, () => {
    const send = (body: string) => {
      const sent = { "content-type": "application/json", ...headersOf[system] };
      return fetch(program.url + path, { method: "POST", headers: sent, body }).then(detailsOf);
    };
    for (const golden of fastApiGolden.syntax) {
      test(JSON.stringify(golden.input), async () => expect(await send(golden.input)).toEqual(golden.faults!));
    }
    const wholes = fastApiGolden[takes].filter(({ faults }) => faults?.[0]?.loc.length === 1);
    for (const golden of wholes) {
      test(golden.input || "nothing", async () => expect(await send(golden.input)).toEqual(golden.faults!));
    }
  });
}
