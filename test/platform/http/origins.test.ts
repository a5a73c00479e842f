import { describe, expect, test } from "bun:test";
import { createHostCheck, isSameSite, originRefusal } from "../../../src/platform/http/origins";

const asks = (method: string, headers: Record<string, string>) =>
  new Request("http://localhost:8080/x", { method, headers: { host: "localhost:8080", ...headers } });
const statusOf = (request: Request, others: string[] = []) => {
  const origin = request.headers.get("origin");
  const refusal = origin === null ? undefined : originRefusal(request, origin, (one) => others.includes(one));
  return refusal?.status ?? "passes";
};
const text = { "content-type": "text/plain" };
const json = { "content-type": "application/json; charset=utf-8" };
const websocket = { upgrade: "websocket" };

describe("what a page may do here", () => {
  const cases: [what: string, method: string, headers: Record<string, string>, expected: number | "passes"][] = [
    ["a program posts text", "POST", text, "passes"],
    ["another site posts text", "POST", { ...text, origin: "https://b.example" }, 403],
    ["another site posts nothing", "POST", { origin: "https://b.example" }, 403],
    ["another site posts a form", "POST", { "content-type": "multipart/form-data", origin: "http://b.example" }, 403],
    ["a page without an origin posts text", "POST", { ...text, origin: "null" }, 403],
    [
      "another site posts JSON, which a browser asks first for",
      "POST",
      { ...json, origin: "http://b.example" },
      "passes",
    ],
    ["another site looks", "GET", { origin: "https://b.example" }, "passes"],
    ["another port of this machine posts text", "POST", { ...text, origin: "http://127.0.0.1:5173" }, "passes"],
    ["a name of loopback posts text", "POST", { ...text, origin: "http://app.localhost:3000" }, "passes"],
    ["another site opens a WebSocket", "GET", { ...websocket, origin: "https://b.example" }, 403],
    ["its own page opens a WebSocket", "GET", { ...websocket, origin: "http://localhost:8080" }, "passes"],
    ["an origin that is let in posts text", "POST", { ...text, origin: "https://a.example" }, "passes"],
    ["a name that looks like loopback", "POST", { ...text, origin: "http://127.0.0.1.b.example" }, 403],
  ];
  test.each(cases)("%s", (_, method, headers, expected) => {
    expect(statusOf(asks(method, headers), ["https://a.example"])).toBe(expected);
  });
});

test("a site is a scheme and a host, whatever the port; a proxy may have ended TLS", () => {
  const request = (headers: Record<string, string>) => asks("POST", { host: "market.example", ...headers });
  expect(isSameSite("https://market.example:444", request({}))).toBe(true);
  expect(isSameSite("http://market.example", request({ "x-forwarded-proto": "https" }))).toBe(false);
  expect(isSameSite("https://other.example", request({}))).toBe(false);
  expect(isSameSite("ftp://market.example", request({}))).toBe(false);
});

describe("the name by which a server on loopback is asked", () => {
  const hosts: [host: string, allowed: string[] | undefined, isGood: boolean][] = [
    ["localhost:8080", [], true],
    ["127.0.0.1", [], true],
    ["[::1]:8080", [], true],
    ["b.example:8080", [], false],
    ["b.example", undefined, true],
    ["Proxy.Example", ["proxy.example"], true],
    ["b.example", ["*"], true],
  ];
  test.each(hosts)("%s among %p: %p", (host, allowed, isGood) => {
    const isKnown = createHostCheck(allowed);
    for (let i = 0; i < 2; i++) expect(isKnown(asks("GET", { host }))).toBe(isGood);
    expect(isKnown(asks("GET", { host: "other.example" }))).toBe(allowed === undefined || allowed.includes("*"));
  });
});
