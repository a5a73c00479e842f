import { describe, expect, test } from "bun:test";
import { RequestError } from "../../../src/platform/errors";
import { refuseStrangers } from "../../../src/platform/http/strangers";

const asks = (headers: Record<string, string>) =>
  new Request("http://localhost:8080/x", { headers: { host: "localhost:8080", ...headers } });

describe("what is for this server's own pages", () => {
  const cases: [who: string, headers: Record<string, string>, isLetIn: boolean][] = [
    ["a program", {}, true],
    ["its own page", { "sec-fetch-site": "same-origin", origin: "http://localhost:8080" }, true],
    ["an address typed into a browser", { "sec-fetch-site": "none" }, true],
    [
      "its own page behind a proxy of another name",
      { "sec-fetch-site": "same-origin", origin: "https://a.example" },
      true,
    ],
    ["a page of another site", { "sec-fetch-site": "cross-site", origin: "https://b.example" }, false],
    ["a page of another port", { "sec-fetch-site": "same-site", origin: "http://localhost:3000" }, false],
    ["its own page over a plain network", { origin: "http://localhost:8080" }, true],
    ["another page over a plain network", { origin: "http://b.example" }, false],
    ["a page without an origin", { origin: "null" }, false],
  ];
  test.each(cases)("%s", (_, headers, isLetIn) => {
    const ask = () => refuseStrangers("open", asks(headers), "Not for you.");
    if (isLetIn) expect(ask).not.toThrow();
    else expect(ask).toThrow(new RequestError(403, "Not for you."));
    expect(() => refuseStrangers("closed", asks(headers), "Closed.")).toThrow("Closed.");
  });
});
