import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import mqtt from "mqtt";
import type { Browser, Page } from "playwright-core";
import { run, type Served, scratchFolder, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS } from "./harness";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

// What the broker's page shows of a broker that nobody uses, of one that is closed, and of one that is in use: each a
// program of its own.

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const clients: mqtt.MqttClient[] = [];

async function connect(program: Served, clientId: string, options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> {
  const url = `mqtt://127.0.0.1:${program.mqttPort}`;
  const client = await mqtt.connectAsync(url, { clientId, reconnectPeriod: 0, ...options }, false);
  clients.push(client);
  return client;
}

async function end(program: Served): Promise<void> {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  for (const context of browser.contexts()) await context.close();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
}

describe("while nobody is there", () => {
  let program: Served;
  beforeAll(async () => {
    program = await serve(["--only", "mqtt"]);
  });
  afterAll(() => end(program));

  const EMPTY = [
    { tab: "now", words: "Nobody has been." },
    { tab: "clients", words: "Each client would be here", action: "Connect from this page" },
    { tab: "try", words: "Messages would be here" },
    { tab: "retained", words: "The last message of each topic", action: "Publish one" },
  ];
  test.each(EMPTY)("the tab $tab says what would be there", async ({ tab, words, action }) => {
    const watched = await openPage(browser, `${program.url}/broker?tab=${tab}`);
    await watched.page.getByText(words).waitFor();
    if (action !== undefined) {
      await watched.page.getByRole("link", { name: action }).click();
      await watched.page.getByRole("heading", { name: "Publish", exact: true }).waitFor();
    }
    await watched.expectAccessible();
    watched.expectNoFaults();
    await watched.close();
  });
});

describe("while the service is closed", () => {
  let program: Served;
  const folder = scratchFolder();
  beforeAll(async () => {
    const line = (await run(["mqtt-user", "ann"], { input: "wonder" })).out;
    const file = join(folder, "users.jsonl");
    await Bun.write(file, `${line}{"allow": "both", "user": "ann", "topics": ["mine/#"]}\n`);
    program = await serve(["--only", "mqtt"], { env: { HOST: "0.0.0.0", MQTT_USERS_FILE: file } });
  });
  afterAll(async () => {
    await end(program);
    await rm(folder, { recursive: true });
  });

  test.each(["now", "clients", "retained"])("the tab %s shows nothing of anybody and says why", async (tab) => {
    const watched = await openPage(browser, `${program.url}/broker?tab=${tab}`);
    await watched.page.getByText("This service is closed").waitFor();
    await watched.expectAccessible();
    watched.expectNoFaults();
    await watched.close();
  });

  test("the page publishes and subscribes as a user, with that user's rights", async () => {
    const watched = await openPage(browser, `${program.url}/broker?tab=try&filter=mine/%23&topic=mine/1`);
    const { page } = watched;
    const publish = page.getByRole("button", { name: "Publish", exact: true });
    const publishing = page.getByRole("region", { name: "Publish" });
    await publish.click();
    await publishing.getByText("The broker refused: not authorized.").waitFor();
    await page.getByText("Sign in").click();
    await page.getByLabel("User").fill("ann");
    await page.getByLabel("Password or token").fill("wrong");
    const connectAs = page.getByRole("button", { name: "Connect as this user" });
    await connectAs.click();
    await page.getByText("The broker refused: the user name or password is wrong.").waitFor();
    await page.getByLabel("Password or token").fill("wonder");
    await connectAs.click();
    await page.getByText("connected", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("Subscribed to mine/#.").waitFor();
    await publish.click();
    await page.getByRole("button", { name: "mine/1" }).waitFor();
    await page.getByRole("textbox", { name: "Topic" }).fill("theirs");
    await publish.click();
    await publishing.getByText("The broker refused: not authorized.").waitFor();
    expect(page.url()).not.toContain("wonder");
    await watched.expectAccessible();
    watched.expectNoFaults();
    await watched.close();
  });
});

describe("when something is wrong", () => {
  let program: Served;
  beforeAll(async () => {
    program = await serve(["--only", "mqtt"]);
  });
  afterAll(() => end(program));
  const open = (query = "") => openPage(browser, `${program.url}/broker${query}`);

  const PARTS = [
    { tab: "clients", path: "**/api/broker/clients?*" },
    { tab: "retained", path: "**/api/broker/retained?*" },
    { tab: "limits", path: "**/api/broker/limits" },
  ];
  test.each(PARTS)("the tab $tab says what, where and by which request", async ({ tab, path }) => {
    const watched = await open();
    const { page } = watched;
    await page.route(path, (route) =>
      route.fulfill({ status: 500, headers: { "x-request-id": "abc-1" }, json: { detail: "Internal error abc-1." } }),
    );
    await page.goto(`${program.url}/broker?tab=${tab}`);
    await page.getByRole("alert").getByText("Internal error abc-1.").waitFor();
    expect(await page.getByRole("link", { name: "abc-1" }).getAttribute("href")).toContain("request_id=abc-1");
    await page.unroute(path);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
    await watched.close();
  });

  test("a client that is gone is told as such", async () => {
    const watched = await open("?tab=clients&client=nobody");
    await watched.page.getByText('There is no client "nobody"').waitFor();
    await watched.close();
  });
});

describe("in all sizes and colours", () => {
  const FLOW_EVERY_MS = 50;
  let program: Served;
  let flow: ReturnType<typeof setInterval>;
  /** A broker with a few things on it, all of them the same at each run but for times and ports. */
  beforeAll(async () => {
    // The default depends on how many files a machine allows.
    program = await serve(["--only", "mqtt"], { env: { MQTT_MAX_CONNECTIONS: "10000" } });
    // From source the pages are built when the first one is asked for.
    await fetch(`${program.url}/broker`);
    const rigs = await Promise.all(
      ["xenminer_rig-7", "xenminer_rig-8", "panel"].map((clientId, i) =>
        connect(program, clientId, {
          protocolVersion: i === 2 ? 5 : 4,
          ...(i === 2 && { username: "ann", password: "x" }),
        }),
      ),
    );
    await rigs[0]!.subscribeAsync(["xenminer/rig-7/task", "xenminer/rig-7/control"], { qos: 1 });
    await rigs[2]!.subscribeAsync("xenminer/#");
    const kept = { "home/kitchen": '{"celsius": 21.5}', "home/cellar/raw": Buffer.from([0, 1, 254, 255]) };
    for (const [topic, payload] of Object.entries(kept)) {
      await rigs[1]!.publishAsync(topic, payload, { retain: true, qos: 1 });
    }
    await rigs[2]!.publishAsync("$SYS/mine", "1", { qos: 1 }).catch(() => undefined);
    flow = setInterval(() => {
      for (let i = 0; i < 10; i++) rigs[1]!.publish("xenminer/rig-8/heartbeat", '{"hashrate": 1250}');
    }, FLOW_EVERY_MS);
  });

  afterAll(() => {
    clearInterval(flow);
    return end(program);
  });

  /** Behind a tab two pictures are enough; it is looked at in all four views. */
  const isPictured = (name: string, view: string) =>
    name === "broker-now" || ["wide-light", "narrow-dark"].includes(view);

  const SIGHTS = [
    { name: "broker-now", query: "", complete: "text=Where to connect" },
    { name: "broker-clients", query: "?tab=clients&q=xenminer", complete: "text=2 rows" },
    { name: "broker-try", query: "?tab=try&filter=home/%23&topic=home/hello", complete: "text=not connected" },
    {
      name: "broker-client",
      query: "?tab=clients&q=xenminer&client=xenminer_rig-7",

      complete: "dialog .filters",
    },
    { name: "broker-retained", query: "?tab=retained&prefix=home", complete: "text=home/kitchen" },
    { name: "broker-limits", query: "?tab=limits", complete: "text=MQTT_MAX_CONNECTIONS" },
  ];
  const cases = SIGHTS.flatMap((sight) => VIEWS.map((view) => [sight.name, view.name, sight, view] as const));

  test.each(cases)(
    "%s in %s is quiet, accessible, small, quick, as wide as the screen, and as pictured",
    async (name, viewName, sight, view) => {
      const watched = await openPage(browser, `${program.url}/broker${sight.query}`, view);
      const { page } = watched;
      await page.locator(sight.complete).first().waitFor();
      if (name === "broker-now") await seeFlow(page);
      if (name === "broker-try") await talk(page);
      await watched.expectWithinBudget();
      await watched.expectAccessible();
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wider).toBe(0);
      if (isPictured(name, viewName)) await expectAsPictured(browser, page, `${name}-${viewName}`);
      watched.expectNoFaults();
      await watched.close();
    },
  );
});

async function seeFlow(page: Page): Promise<void> {
  await page.route("**/api/broker/rates", (route) => route.fulfill({ json: pastMinutes() }));
  await page.reload();
  await page.getByText("no right to publish to $SYS/mine").waitFor();
  await page.locator("#chart-rates canvas").waitFor();
  await until(async () => Number.parseInt((await page.locator(".figure").first().textContent()) ?? "", 10) > 100);
}

/** Subscribes to what is retained and publishes one message more. */
async function talk(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Subscribe", exact: true }).click();
  await page.getByText("Subscribed to home/#.").waitFor();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("button", { name: "home/hello" }).waitFor();
  await page.getByText("The broker has it").waitFor();
  await page.evaluate(() => scrollTo(0, 0));
}

/** Five minutes that are the same in each picture; the program has only run for seconds. */
function pastMinutes() {
  const nowMs = Date.now();
  return Array.from({ length: 300 }, (_, i) => {
    const messagesIn = 150 + 50 * Math.sin(i / 20);
    const messagesOut = i > 120 && i < 180 ? 3 * messagesIn : messagesIn;
    const timeMs = nowMs - (299 - i) * 1000;
    return {
      timeMs,
      messagesIn,
      messagesOut,
      bytesIn: 0,
      bytesOut: 0,
      dropped: i === 200 ? 1 : 0,
      clients: i < 60 ? 2 : 3,
    };
  });
}
