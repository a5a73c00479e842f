import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { systemClock } from "../../../src/platform/clock";
import { detailShape } from "../../../src/platform/http/errorShape";
import { mainAnswers } from "../../../src/platform/http/rootAnswers";
import { assetMount, rootRoutes } from "../../../src/platform/http/rootRoutes";
import { type HttpServer, listenHttp } from "../../../src/platform/http/server";
import { createLog } from "../../../src/platform/log";
import { createMetrics } from "../../../src/platform/metrics";

const lines: string[] = [];
const log = createLog({ level: "info", clock: systemClock, sink: (line) => lines.push(JSON.stringify(line)) });
const broken = { path: "/broken", handle: () => Promise.reject(new Error("the page cannot be built")) };
const page = async () => new Response("<p>", { headers: { vary: "accept-encoding, origin" } });
let server: HttpServer;

beforeAll(() => {
  server = listenHttp([rootRoutes(mainAnswers([]), page, detailShape, log), assetMount([broken], detailShape, log)], {
    hostname: "127.0.0.1",
    port: 0,
    portSetting: "PORT",
    corsOrigins: () => ["*"],
    maxBodyBytes: 2000,
    idleTimeoutS: 10,
    shape: detailShape,
    log,
    metrics: createMetrics("test"),
  });
});
afterAll(() => server.stop(1000));

/** What an answer differs by, in the order of the alphabet. */
async function variesBy(headers: Record<string, string>): Promise<string[]> {
  const answer = await fetch(server.url, { headers });
  return (answer.headers.get("vary") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .sort();
}

describe("the root", () => {
  const BROWSER = "text/html,*/*;q=0.8";
  test.each([
    ["a program", { accept: "application/json" }, ["accept"]],
    ["a browser", { accept: BROWSER }, ["accept", "accept-encoding", "origin"]],
    ["a program of another origin", { accept: "*/*", origin: "http://a.example" }, ["accept", "origin"]],
  ])("tells caches by what its answer to %s differs", async (_, headers, expected) => {
    expect(await variesBy(headers as Record<string, string>)).toEqual(expected);
  });
});

test("a page that cannot be built says where the reason stands, and the log has it", async () => {
  const answer = await fetch(`${server.url}/broken`);
  const { detail } = (await answer.json()) as { detail: string };
  const id = /^Internal error (\S+); the log has the rest\.$/.exec(detail)?.[1];
  expect(answer.status).toBe(500);
  expect(lines.filter((line) => line.includes(id!)).join()).toContain("the page cannot be built");
});
