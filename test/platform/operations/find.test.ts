import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { findEverywhere } from "../../../src/platform/operations/find";
import type { Hit, System } from "../../../src/platform/system";
import { type Served, serve } from "../../support/program";

setDefaultTimeout(30_000);

let program: Served;

beforeAll(async () => {
  program = await serve(["--only", "filecoin,mqtt"]);
});

afterAll(async () => {
  await program.stop();
  await rm(program.dataDir, { recursive: true });
});

async function find(query: string): Promise<Hit[]> {
  const answer = await fetch(`${program.url}/api/system/find?q=${encodeURIComponent(query)}`);
  expect(answer.status).toBe(200);
  return answer.json() as Promise<Hit[]>;
}

describe("the palette finds", () => {
  test("an operation by its path, and leads to where it stands in the API page", async () => {
    const [first] = await find("/simulate");
    expect(first).toMatchObject({ kind: "doc", title: "POST /simulate" });
    const { paths } = (await (await fetch(`${program.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
    };
    const { operationId, tags } = paths["/simulate"]!["post"]!;
    expect(first!.href).toBe(`/docs#/${tags[0]}/${operationId}`);
  });

  test("an operation by words of its summary, in any order and case", async () => {
    const titles = (await find("running BACK")).map(({ title }) => title);
    expect(titles).toEqual(["POST /api/system/backup"]);
  });

  test("itself, and never more than twenty", async () => {
    expect((await find("palette finds")).map(({ title }) => title)).toEqual(["GET /api/system/find"]);
    expect((await find("e")).length).toBe(20);
  });

  test("nothing for nothing, nor for what is nowhere", async () => {
    for (const query of ["", "  ", "no such thing"]) expect(await find(query)).toEqual([]);
  });

  test("no page of the API page's own files", async () => {
    expect(await find("swagger")).toEqual([]);
  });

  test("a query that is too long is refused by name", async () => {
    const answer = await fetch(`${program.url}/api/system/find?q=${"x".repeat(101)}`);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('"q"');
  });
});

describe("finds of the systems", () => {
  const hits = (name: string, count: number): Pick<System, "find"> => ({
    find: async (query) =>
      Array.from({ length: count }, (_, i) => ({
        kind: "client",
        title: `${name}-${i}`,
        hint: query,
        href: `/${name}?q=${i}`,
      })),
  });

  test("come before the API, at most eight of each system", async () => {
    const systems = [hits("a", 30), {}, hits("b", 3)] as System[];
    const paths = { "/x": { get: { operationId: "getX", summary: "x marks the spot", tags: ["t"] } } };
    const found = await findEverywhere("x", systems, paths as never);
    expect(found.map(({ title }) => title)).toEqual(
      [..."01234567"].map((i) => `a-${i}`).concat("b-0", "b-1", "b-2", "GET /x"),
    );
  });
});
