import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import mqtt from "mqtt";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS } from "./harness";

setDefaultTimeout(30_000);

// The broker's page as the program serves it, with real clients at its broker.

let program: Served;
let browser: Browser;
const clients: mqtt.MqttClient[] = [];

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(["--only", "mqtt"]), startBrowser()]);
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  await browser.close();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

async function connect(clientId: string, options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> {
  const url = `mqtt://127.0.0.1:${program.mqttPort}`;
  const client = await mqtt.connectAsync(url, { clientId, reconnectPeriod: 0, ...options }, false);
  clients.push(client);
  return client;
}

const open = (query = "", view = VIEWS[0]) => openPage(browser, `${program.url}/broker${query}`, view);

/** The figure of a card, by its title. */
const figureOf = (page: Page, title: string) =>
  page.getByRole("region", { name: title, exact: true }).locator(".figure").textContent();

const rowsOf = (page: Page, caption: string) =>
  page.locator(`section[aria-label="Table of ${caption}"] tbody tr:not(.spacer)`);

describe("at first sight", () => {
  test("rates, clients and drops follow what happens, without a touch", async () => {
    const watched = await open();
    const { page } = watched;
    await until(async () => (await figureOf(page, "Clients")) === "0");
    const [one, two] = [await connect("first/1"), await connect("first/2", { protocolVersion: 5 })];
    await one.subscribeAsync("first/#");
    for (let i = 0; i < 40; i++) await two.publishAsync("first/x", "1", { qos: 1 });
    await two.publishAsync("$SYS/mine", "1", { qos: 1 }).catch(() => undefined);
    await until(async () => (await figureOf(page, "Clients")) === "2");
    await page
      .getByText(/; 4\d since the start/)
      .first()
      .waitFor();
    await page.getByRole("cell", { name: "no right to publish to $SYS/mine" }).waitFor();
    expect(await page.getByRole("region", { name: "Dropped by reason" }).textContent()).toContain(
      "no right to publish it",
    );
    await until(async () => (await page.locator("#chart-rates .chart-plot canvas").count()) === 1);
    const [plotted, lowest] = await page.locator("#chart-rates .chart-plot").evaluate((element) => {
      const { plot } = element as HTMLElement & { plot: { data: ArrayLike<number>[]; scales: { y: { min: number } } } };
      return [Array.from(plot.data[1]!).filter(Number.isFinite), plot.scales.y.min] as const;
    });
    expect(Math.max(...plotted)).toBeGreaterThan(1);
    expect(lowest).toBe(0);
    watched.expectNoFaults();
    await watched.close();
    await Promise.all([one.endAsync(), two.endAsync()]);
  });

  test("each address to connect to is one that takes a client", async () => {
    const watched = await open();
    const addresses = await watched.page.locator(".addresses code").allTextContents();
    expect(addresses.map((address) => new URL(address).protocol)).toEqual(["mqtt:", "ws:"]);
    for (const address of addresses) await (await mqtt.connectAsync(address, { reconnectPeriod: 0 }, false)).endAsync();
    await watched.close();
  });
});

describe("publish and subscribe", () => {
  test("what is published in the page comes back, and reaches others; what others publish comes", async () => {
    const watched = await open("?tab=try&filter=talk/%23&topic=talk/page");
    const { page } = watched;
    const other = await connect("talker");
    const heard: string[] = [];
    other.on("message", (topic, payload) => heard.push(`${topic} ${payload}`));
    await other.subscribeAsync("talk/page", { qos: 1 });
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("Subscribed to talk/#.").waitFor();
    await page.getByLabel("Payload", { exact: true }).fill("grüß <i>dich</i>");
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByText(/The broker has it, after [\d.]+ ms/).waitFor();
    await until(() => heard.length === 1);
    expect(heard).toEqual(["talk/page grüß <i>dich</i>"]);
    await other.publishAsync("talk/other", Buffer.from([0, 1, 254, 255]), { qos: 1 });
    await until(async () => (await rowsOf(page, "messages").count()) === 2);
    const [newest, first] = await rowsOf(page, "messages").allTextContents();
    expect(newest).toContain("talk/other00 01 fe ff");
    expect(first).toContain("talk/pagegrüß <i>dich</i>");
    expect(await page.locator("td i").count()).toBe(0);
    watched.expectNoFaults();
    await watched.expectAccessible();
    await watched.close();
    await other.endAsync();
  });

  test("a message is shown in full, JSON in lines, bytes as a dump", async () => {
    const watched = await open("?tab=try&filter=full/%23");
    const { page } = watched;
    const other = await connect("full");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("Subscribed to full/#.").waitFor();
    await other.publishAsync("full/json", '{"a":[1,2],"b":"<script>"}');
    await page.getByRole("button", { name: "full/json" }).click();
    const payload = page.getByRole("dialog").locator("pre");
    expect(await payload.textContent()).toBe('{\n  "a": [\n    1,\n    2\n  ],\n  "b": "<script>"\n}');
    await page.getByRole("dialog").getByLabel("Payloads as").selectOption("hex");
    expect(await payload.textContent()).toStartWith(
      '000000  7b 22 61 22 3a 5b 31 2c 32 5d 2c 22 62 22 3a 22  {"a":[1,2],"b":"',
    );
    await watched.expectAccessible();
    await page.keyboard.press("Escape");
    watched.expectNoFaults();
    await watched.close();
    await other.endAsync();
  });

  test("many messages are counted, the last are kept, and a pause holds them", async () => {
    const watched = await open("?tab=try&filter=flood");
    const { page } = watched;
    const other = await connect("flood");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("Subscribed to flood.").waitFor();
    const publish = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, i) => other.publishAsync("flood", String(from + i), { qos: 1 })),
      );
    await publish(0, 1200);
    await page.getByText("1 200 have come, the last 500 are shown".replace(" ", "\u202f")).waitFor();
    expect(await rowsOf(page, "messages").first().textContent()).toContain("1199");
    await page.getByRole("button", { name: "Pause" }).click();
    await publish(1200, 1210);
    await page.getByText("1 210 have come, paused".replace(" ", "\u202f")).waitFor();
    expect(await rowsOf(page, "messages").first().textContent()).toContain("1199");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("Waiting for one on flood.").waitFor();
    watched.expectNoFaults();
    await watched.close();
    await other.endAsync();
  });

  test("a wrong topic is refused in words, and the next try works again", async () => {
    const watched = await open("?tab=try");
    const { page } = watched;
    const publish = () => page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByLabel("Topic", { exact: true }).fill("a/#");
    await publish();
    await page.getByRole("region", { name: "Publish" }).locator(".outcome.wrong").waitFor();
    await page.getByText("not connected").waitFor();
    await page.getByLabel("Topic", { exact: true }).fill("a/b");
    await publish();
    await page.getByText(/The broker has it/).waitFor();
    watched.expectNoFaults();
    await watched.close();
  });

  test("unsubscribing ends it, and leaving the page is no fault of the network", async () => {
    const watched = await open("?tab=try&filter=short");
    const { page } = watched;
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    const clientId = (await page.locator("section[aria-label=Connection] code").textContent())!;
    await page.getByRole("button", { name: "Unsubscribe from short" }).click();
    await page.getByText("Unsubscribed from short.").waitFor();
    expect(await page.getByRole("list", { name: "Subscribed to" }).count()).toBe(0);
    await page.goto(`${program.url}/broker`);
    await until(async () => (await fetch(`${program.url}/api/broker/clients/${clientId}`)).status === 404);
    const happened = (await (await fetch(`${program.url}/api/broker/incidents`)).json()) as { who: string }[];
    expect(happened.filter(({ who }) => who === clientId)).toEqual([]);
    await watched.close();
  });
});

describe("clients", () => {
  test("one is found, looked at and disconnected", async () => {
    const rig = await connect("rig/7", { username: "ann", password: "x" });
    await rig.subscribeAsync("xenminer/rig-7/task", { qos: 1 });
    await connect("bystander");
    const watched = await open("?tab=clients");
    const { page } = watched;
    await page.getByLabel("Search").fill("rig/");
    await until(async () => (await rowsOf(page, "clients").count()) === 1);
    await page.getByRole("button", { name: "rig/7" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("xenminer/rig-7/task").waitFor();
    expect(await dialog.textContent()).toContain("127.0.0.1, by tcp, MQTT 3.1.1");
    await until(() => new URL(page.url()).searchParams.get("client") === "rig/7");
    await watched.expectAccessible();
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await until(() => !rig.connected);
    await page.getByText("Clients that match would be here. There are none.").waitFor();
    await page.getByRole("button", { name: "Show all clients" }).click();
    await page.getByRole("button", { name: "bystander" }).waitFor();
    watched.expectNoFaults();
    await watched.close();
  });

  test("a session that waits is ended only after a second word, from a link and by its address", async () => {
    const sleeper = await connect("sleeper", { clean: false });
    await sleeper.subscribeAsync("news", { qos: 1 });
    await sleeper.endAsync();
    const other = await connect("news-maker");
    for (const item of ["1", "2", "3"]) await other.publishAsync("news", item, { qos: 1 });
    const watched = await open("?tab=clients&state=offline&client=sleeper");
    const { page } = watched;
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "End the session" }).click();
    await dialog.getByText("End it, with 1 subscriptions and 3 messages that wait?").waitFor();
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await dialog.getByRole("button", { name: "End the session" }).click();
    await dialog.getByRole("button", { name: "End the session" }).click();
    await page.getByText("Clients that match would be here. There are none.").waitFor();
    expect((await fetch(`${program.url}/api/broker/clients/sleeper`)).status).toBe(404);
    watched.expectNoFaults();
    await watched.close();
  });

  test("many come by page, sorted by the server, and the address holds where one is", async () => {
    const crowd = await Promise.all(
      Array.from({ length: 60 }, (_, i) => connect(`crowd-${String(i).padStart(2, "0")}`)),
    );
    const watched = await open("?tab=clients&q=crowd-");
    const { page } = watched;
    await page.getByText("50 of 60 rows").waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("51 to 60 of 60").waitFor();
    await until(() => new URL(page.url()).searchParams.get("from") === "50");
    await page.reload();
    await until(async () => (await rowsOf(page, "clients").count()) === 10);
    await page.getByRole("button", { name: "Previous" }).click();
    await page.getByRole("button", { name: "Client", exact: true }).click();
    await until(async () => (await rowsOf(page, "clients").first().textContent())!.startsWith("crowd-59"));
    watched.expectNoFaults();
    await watched.close();
    await Promise.all(crowd.map((client) => client.endAsync()));
  });

  test("are found by the palette from anywhere", async () => {
    await connect("needle-42");
    const watched = await open();
    const { page } = watched;
    await page.keyboard.press("/");
    await page.getByRole("combobox").fill("needle");
    await page.getByRole("option", { name: /needle-42/ }).click();
    await page.getByRole("dialog", { name: "needle-42" }).waitFor();
    await watched.close();
  });
});

describe("retained messages", () => {
  test("are found by what the topic begins with, and one is removed for good", async () => {
    const other = await connect("keeper");
    for (const room of ["kitchen", "cellar"]) await other.publishAsync(`home/${room}`, "21", { retain: true, qos: 1 });
    await other.publishAsync("garden", "9", { retain: true, qos: 1 });
    const watched = await open("?tab=retained");
    const { page } = watched;
    await page.getByText("3 rows").waitFor();
    await page.getByLabel("Topic begins with").fill("home/");
    await page.getByText("2 rows").waitFor();
    await page.getByRole("button", { name: "home/cellar" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByText("1 row", { exact: true }).waitFor();
    const late: string[] = [];
    other.on("message", (topic) => late.push(topic));
    await other.subscribeAsync("home/#");
    await until(() => late.length > 0);
    expect(late).toEqual(["home/kitchen"]);
    for (const topic of ["home/kitchen", "garden"]) await other.publishAsync(topic, "", { retain: true, qos: 1 });
    watched.expectNoFaults();
    await watched.close();
    await other.endAsync();
  });
});
