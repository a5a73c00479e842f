import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { ApiDocument, DescribedOperation } from "../../src/platform/http/api/document";
import { NAMELESS_TEXT } from "../../src/platform/http/api/example";
import { KNOWN_ADMIN_KEY } from "../../src/systems/market";
import { documentFaults, schemaChecker } from "../support/openApi";
import { type Served, scratchFolder, serve } from "../support/program";

setDefaultTimeout(60_000);

/** The API document of the whole program: each operation is told completely, and answers as it is told. */

interface Named {
  /** Such as `POST /simulate`. */
  name: string;
  method: string;
  path: string;
  operation: DescribedOperation;
}

let program: Served;
const backupDir = scratchFolder();
let document: ApiDocument;
let operations: Named[];

beforeAll(async () => {
  program = await serve([], { env: { BACKUP_DIR: backupDir } });
  document = (await (await fetch(`${program.url}/openapi.json`)).json()) as ApiDocument;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lower, operation]) => {
      const method = lower.toUpperCase();
      return { name: `${method} ${path}`, method, path, operation };
    }),
  );
});
afterAll(async () => {
  expect(await program.stop()).toBe(0);
  for (const folder of [program.dataDir, backupDir]) await rm(folder, { recursive: true });
});

/** The names of the operations of which that is true. */
const those = (holds: (one: Named) => boolean) => operations.filter(holds).map(({ name }) => name);

/** The system that a group of operations is of. */
const ownerOf = (group: string) => group.split(":")[0]!;

/** What a success answers, by content type; nothing where it has no body. */
function successOf({ responses }: DescribedOperation) {
  const [status, answer] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  return status === "204" ? undefined : Object.entries(answer?.content ?? { none: {} });
}

describe("the whole API document", () => {
  test("is as OpenAPI's own schema demands", async () => {
    expect(operations.length).toBeGreaterThan(90);
    expect(await documentFaults(document)).toEqual([]);
  });

  test("every operation has a name of its own, a summary, and the schema and an example of its answer", () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    expect(those(({ operation }) => !operation.summary)).toEqual([]);
    const isToldBy = (member: "schema" | "example") => (one: Named) => {
      const [first] = successOf(one.operation) ?? [["", { schema: {}, example: {} }]];
      return first?.[1] !== undefined && member in first[1];
    };
    expect(those((one) => !isToldBy("schema")(one))).toEqual([]);
    expect(those((one) => !isToldBy("example")(one))).toEqual([]);
  });

  test("every system has groups of its own, and every operation one group", async () => {
    const { systems } = await (await fetch(`${program.url}/health`)).json();
    const groups = document.tags.map(({ name }) => name);
    expect(those(({ operation: { tags = [] } }) => tags.length !== 1 || !groups.includes(tags[0]!))).toEqual([]);
    const owners = new Set(groups.map(ownerOf));
    expect([...owners].sort()).toEqual(["server", ...Object.keys(systems)].sort());
  });

  test("what is asked for is told: nothing of whoever looks at health, a key or a token of who is called", () => {
    const known = new Set(Object.keys(document.components.securitySchemes));
    const unknown = ({ operation: { security } }: Named) =>
      security === undefined || security.some((way) => Object.keys(way).some((name) => !known.has(name)));
    expect(those(unknown)).toEqual([]);
    const securityOf = (name: string) => operations.find((one) => one.name === name)?.operation.security;
    for (const open of ["GET /health", "GET /", "POST /simulate", "GET /difficulty", "GET /api/workers"]) {
      expect([open, securityOf(open)]).toEqual([open, []]);
    }
    expect(securityOf("GET /api/auth/me")).toEqual([{ marketKey: [] }, { walletToken: [] }]);
    expect(securityOf("GET /api/accounts/{id}/balance")).toEqual([{}, { marketKey: [] }, { walletToken: [] }]);
    expect(securityOf("GET /api/wallet/stats")).toEqual([{ walletToken: [] }]);
  });

  test("every parameter of a path and every one that must be there has an example", () => {
    const lacks = ({ operation: { parameters = [] } }: Named) =>
      parameters.some(({ required, example }) => required && (example === undefined || example === NAMELESS_TEXT));
    expect(those(lacks)).toEqual([]);
  });

  test("every example fits its schema, and none has a text that stands for nothing", () => {
    const check = schemaChecker(document);
    const faults = operations.flatMap(({ name, operation: { requestBody, responses } }) =>
      [requestBody, ...Object.values(responses)]
        .flatMap((part) => Object.values(part?.content ?? {}))
        .filter(({ example }) => example !== undefined)
        .flatMap(({ schema, example }) => [...check(example, schema), ...namelessIn(example)])
        .map((fault) => `${name}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });
});

/** Where the example has a text of which the schema says nothing. */
function namelessIn(example: unknown, place = ""): string[] {
  if (example === NAMELESS_TEXT) return [`${place || "/"} needs an example`];
  if (example === null || typeof example !== "object") return [];
  return Object.entries(example).flatMap(([name, member]) => namelessIn(member, `${place}/${name}`));
}

describe("the requests of the document", () => {
  /** Of the known admin of an open market, and of the user that an open server takes callers on its machine for. */
  let credentials: Record<string, string>;
  beforeAll(async () => {
    const local = await fetch(`${program.url}/api/v1/auth/local`, { method: "POST" });
    const { access_token } = (await local.json()) as { access_token: string };
    credentials = { "x-api-key": KNOWN_ADMIN_KEY, authorization: `Bearer ${access_token}` };
  });

  /** The last run is asked for after one was made; streams go on. */
  const inOrder = (one: Named) => Number(one.method === "GET") + Number(one.path.startsWith("/latest"));
  const isStream = ({ operation }: Named) => successOf(operation)?.[0]?.[0] === "text/event-stream";

  function request({ method, path, operation }: Named): [string, RequestInit] {
    const { parameters = [], requestBody } = operation;
    const filled = parameters
      .filter((parameter) => parameter.in === "path")
      .reduce((url, { name, example }) => url.replace(`{${name}}`, encodeURIComponent(String(example))), path);
    const query = parameters
      .filter((parameter) => parameter.in === "query" && parameter.required)
      .map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`);
    const [type, { example = undefined } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    const isForm = type === "application/x-www-form-urlencoded";
    const sent = isForm ? new URLSearchParams(example as Record<string, string>) : JSON.stringify(example);
    const body = example === undefined ? {} : { body: sent };
    const headers = operation.security?.length === 0 ? {} : credentials;
    return [`${program.url}${filled}?${query.join("&")}`, { method, headers, ...body }];
  }

  test("are understood, and what they answer is as it is told", async () => {
    const check = schemaChecker(document);
    const faults: string[] = [];
    const answered = new Set<string>();
    for (const one of operations.filter((one) => !isStream(one)).sort((a, b) => inOrder(a) - inOrder(b))) {
      const answer = await fetch(...request(one));
      const text = await answer.text();
      const told = one.operation.responses[String(answer.status)]?.content;
      if (answer.status === 422 || answer.status >= 500)
        faults.push(`${one.name}: ${answer.status} ${text.slice(0, 200)}`);
      if (answer.ok) answered.add(ownerOf(one.operation.tags![0]!));
      const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
      const described = told?.[type];
      if (answer.ok && answer.status !== 204 && described === undefined)
        faults.push(`${one.name}: ${answer.status} ${type} is not told`);
      if (described === undefined) continue;
      const value = type === "application/json" ? JSON.parse(text) : text;
      faults.push(...check(value, described.schema).map((fault) => `${one.name}: ${fault}`));
    }
    expect(faults).toEqual([]);
    // What is asked of a worker, a lease, a job or a wallet that is not there is refused; of each system something is not.
    expect([...answered].sort()).toEqual([...new Set(document.tags.map(({ name }) => ownerOf(name)))].sort());
  });
});
