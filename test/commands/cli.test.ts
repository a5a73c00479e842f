import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { lacks } from "../support/lacks";
import { run, scratchFolder, serve } from "../support/program";
import { until } from "../support/until";

setDefaultTimeout(30_000);

const root = join(import.meta.dir, "../..");

describe("the command line", () => {
  test("the package's bin runs by itself where the package's own commands are found, as npx calls it", async () => {
    const { bin } = await Bun.file(join(root, "package.json")).json();
    const env = { PATH: `${join(root, "node_modules/.bin")}:/usr/bin:/bin` };
    const { code, out } = await run(["--help"], { command: [join(root, bin.foresight)], env });
    expect(code).toBe(0);
    expect(out).toContain("Usage: npx foresight [COMMAND]");
  });

  test("names its commands, and every command has help that exits with 0", async () => {
    const { out, code } = await run(["--help"]);
    expect(code).toBe(0);
    const names = [...out.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name]) => name!);
    expect(names).toContain("serve");
    for (const name of names) {
      const help = await run([name, "--help"]);
      expect([name, help.code, help.err]).toEqual([name, 0, ""]);
      expect(help.out).toContain(name);
    }
  });

  test.each([
    [["simulat"], "no command"],
    [["serve", "--prot", "1"], "--prot"],
    [["serve", "extra"], '"extra"'],
    [["serve", "--port"], "needs a value"],
    [["serve", "--port", "eighty"], "--port: expected a whole number"],
    [["serve", "--only", "filecoin,weather"], "weather"],
    [["simulate", "--days", "0"], "--days"],
    [["simulate", "--rr", "7"], "--rr"],
    [["simulate", "--sector-duration", "300"], "model schedule"],
    [["simulate", "--series", "rain"], "rain"],
    [["simulate", "--format", "xml"], "xml"],
    [["simulate", "--scenario", "/nowhere.json"], "/nowhere.json"],
    [["simulate", "--history", "/nowhere.json"], "/nowhere.json"],
    [["migrate", "sideways"], "sideways"],
  ])("%p is one clear sentence and exit code 2", async (args, named) => {
    const { code, out, err } = await run(args, { cwd: scratchFolder() });
    expect([code, out]).toEqual([2, ""]);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toContain(named);
  });

  test("init writes a .env for its owner alone, with a fresh secret, and never over one", async () => {
    const cwd = scratchFolder();
    const first = await run(["init"], { cwd });
    const path = join(cwd, ".env");
    const secret = /^SECRET_KEY=(.+)$/m.exec(readFileSync(path, "utf8"))?.[1];
    expect(first.code).toBe(0);
    expect(secret).toHaveLength(43);
    expect(first.err).not.toContain(secret!);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await run(["init"], { cwd })).code).toBe(2);
  });

  test("a setting in .env counts, the environment wins over it, a flag over both", async () => {
    const cwd = scratchFolder();
    await Bun.write(join(cwd, ".env"), "HOST=127.0.0.1\nLOG_LEVEL=loud\n");
    expect((await run(["serve"], { cwd })).err).toContain("LOG_LEVEL");
    expect((await run(["serve", "--port", "x"], { cwd, env: { LOG_LEVEL: "info", PORT: "y" } })).err).toContain(
      "--port",
    );
  });
});

describe("simulate", () => {
  test("answers as JSON with dates, source and every digit", async () => {
    const { code, out } = await run(["simulate", "--days", "3", "--series", "circ_supply"]);
    const answer = JSON.parse(out);
    expect([code, answer.source, answer.dates.end_date]).toEqual([0, "sample", "2025-09-12"]);
    expect(answer.series.circ_supply).toHaveLength(1068);
  });

  test("a scenario from standard input, a flag over its member, numbers that are none as texts", async () => {
    const args = ["simulate", "--scenario", "-", "--days", "2", "--series", "day_pledge_per_QAP"];
    const { code, out, err } = await run(args, { input: '{"rbp": 0, "forecast_length_days": 9}' });
    const { series } = JSON.parse(out);
    expect([code, series.day_pledge_per_QAP.length, series.day_pledge_per_QAP.at(-1)]).toEqual([0, 1067, "NaN"]);
    expect(err).toContain("warning: day_pledge_per_QAP");
  });

  test("CSV and table hold the same days", async () => {
    const args = ["simulate", "--days", "10", "--series", "circ_supply,network_RBP_EIB"];
    const csv = await run([...args, "--format", "csv"]);
    const table = await run([...args, "--format", "table"]);
    expect(csv.out).toStartWith("date,part,circ_supply,network_RBP_EIB\n2022-10-10,history,");
    const [head, ...rows] = table.out.trimEnd().split("\n");
    expect(head!.trim().split(/\s+/)).toEqual(["date", "part", "circ_supply", "network_RBP_EIB"]);
    expect(rows).toHaveLength(25);
    const [date, part, supply] = rows.at(-1)!.trim().split(/\s+/);
    const same = csv.out.split("\n").find((row) => row.startsWith(`${date},${part},`))!;
    expect([part, Number(supply)]).toEqual(["forecast", Number(Number(same.split(",")[2]).toPrecision(6))]);
    const exact = await run([...args, "--format", "table", "--precision", "full"]);
    expect(csv.out).toContain(exact.out.trimEnd().split("\n").at(-1)!.trim().split(/\s+/).join(","));
  });

  test("more than a pipe's buffer arrives whole", async () => {
    const { out } = await run(["simulate", "--format", "csv"]);
    expect(out.length).toBeGreaterThan(1_000_000);
    expect(out).toEndWith("\n");
    expect(out.trimEnd().split("\n").at(-1)!.split(",")).toHaveLength(46);
  });
});

describe("serve", () => {
  const started: Awaited<ReturnType<typeof serve>>[] = [];
  afterAll(() => Promise.all(started.map((served) => served.stop("SIGKILL"))));

  test("a port, a folder in use and a folder that cannot be written are each a sentence and exit code 2", async () => {
    const served = await serve();
    started.push(served);
    const port = new URL(served.url).port;
    const inUse = await run(["serve", "--port", port, "--data-dir", scratchFolder()]);
    expect([inUse.code, inUse.err]).toEqual([2, expect.stringContaining(`Port ${port}`)]);
    const mqtt = await run([
      "serve",
      "--port",
      "0",
      "--mqtt-port",
      `${served.mqttPort}`,
      "--data-dir",
      scratchFolder(),
    ]);
    expect([mqtt.code, mqtt.err]).toEqual([2, expect.stringContaining("MQTT_PORT")]);
    const locked = await run(["serve", "--port", "0", "--mqtt-port", "0", "--data-dir", served.dataDir]);
    expect([locked.code, locked.err]).toEqual([2, expect.stringContaining(`process ${served.pid}`)]);
    const file = join(scratchFolder(), "file");
    await Bun.write(file, "");
    const unwritable = await run(["serve", "--port", "0", "--data-dir", join(file, "data")]);
    expect([unwritable.code, unwritable.err]).toEqual([2, expect.stringContaining("cannot be written")]);
  });

  const isBound = process.getuid?.() !== 0;
  test.skipIf(lacks("a user who may not write everywhere", isBound))(
    "a folder without the right to write is refused",
    async () => {
      const folder = join(scratchFolder(), "closed");
      mkdirSync(folder);
      chmodSync(folder, 0o500);
      expect((await run(["serve", "--port", "0", "--data-dir", folder])).code).toBe(2);
    },
  );

  test("SIGTERM lets a running request end and exits with 0; the folder is free again", async () => {
    const served = await serve([], { env: { DRAIN_TIMEOUT_S: "30" } });
    await fetch(`${served.url}/simulate`, { method: "POST", body: "{}" });
    const running = fetch(`${served.url}/latest-simulation/plots?max_plots=12`);
    const work = async () => (await (await fetch(`${served.url}/api/system/status`)).json()).work;
    await until(async () => (await work()).running === 1, "the plots to be drawn");
    expect(await served.stop()).toBe(0);
    const answer = await running;
    expect([answer.status, Object.keys((await answer.json()).plots).length]).toEqual([200, 12]);
    expect(existsSync(join(served.dataDir, "foresight.pid"))).toBe(false);
  });

  test.each(["/api/system/events", "/api/broker/events"])(
    "SIGTERM ends the stream %s and does not wait for it",
    async (path) => {
      const served = await serve([], { env: { DRAIN_TIMEOUT_S: "60" } });
      const stream = await fetch(served.url + path);
      expect(await served.stop()).toBe(0);
      expect(await stream.text()).toStartWith("id: 1\ndata: {");
    },
  );

  test.each([
    ["/ws/dashboard", [], ""],
    // A CONNECT of 3.1.1 without a client identifier.
    ["/mqtt", ["mqtt"], "100c00044d5154540402003c0000"],
  ])("SIGTERM closes the WebSocket %s and does not wait for its client", async (path, protocols, greeting) => {
    const served = await serve([], { env: { DRAIN_TIMEOUT_S: "60" } });
    const socket = new WebSocket(served.url.replace("http", "ws") + path, protocols);
    await new Promise((resolve) => {
      socket.onopen = () => socket.send(Buffer.from(greeting, "hex"));
      socket.onmessage = resolve;
    });
    const closed = new Promise<CloseEvent>((resolve) => {
      socket.onclose = resolve;
    });
    expect(await served.stop()).toBe(0);
    expect((await closed).wasClean).toBe(true);
  });

  test("SIGTERM waits no longer than the drain time-out for work that takes longer", async () => {
    const served = await serve([], { env: { DRAIN_TIMEOUT_S: "1" } });
    const body = JSON.stringify({ runs: 100_000, forecast_length_days: 3650 });
    const running = fetch(`${served.url}/simulate/monte-carlo`, { method: "POST", body }).then(
      ({ status }) => status,
      () => "cut off",
    );
    const work = async () => (await (await fetch(`${served.url}/api/system/status`)).json()).work;
    await until(async () => (await work()).running > 0, "the runs to begin");
    expect(await served.stop()).toBe(0);
    expect(await running).toBe("cut off");
  });

  test("beyond loopback secrets are made and kept for the owner alone, and a key that everybody knows is refused", async () => {
    const known = { HOST: "0.0.0.0", MARKET_ADMIN_KEY: "admin-test-key-do-not-use-in-production" };
    const refused = await run(["serve", "--port", "0", "--mqtt-port", "0", "--data-dir", scratchFolder()], {
      env: known,
    });
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("MARKET_ADMIN_KEY")]);
    const served = await serve([], { env: { HOST: "0.0.0.0" } });
    started.push(served);
    const secrets = readFileSync(join(served.dataDir, "secrets.env"), "utf8");
    const adminKey = /^MARKET_ADMIN_KEY=(.+)$/m.exec(secrets)?.[1];
    expect(statSync(join(served.dataDir, "secrets.env")).mode & 0o777).toBe(0o600);
    expect(served.err()).not.toContain(adminKey!);
    const logs = (headers: Record<string, string>) => fetch(`${served.url}/api/system/logs`, { headers });
    expect((await logs({})).status).toBe(200);
    expect((await logs({ "x-forwarded-for": "203.0.113.9" })).status).toBe(403);
    const preflight = { origin: "https://elsewhere.example", "access-control-request-method": "POST" };
    expect((await fetch(`${served.url}/simulate`, { method: "OPTIONS", headers: preflight })).status).toBe(405);
  });

  test.each(["broker", "mqtt"])("each part can be left out, by its name of now or of once (%s)", async (name) => {
    const served = await serve(["--only", name]);
    started.push(served);
    const { systems } = await (await fetch(`${served.url}/api/system/status`)).json();
    expect(systems.map(({ name }: { name: string }) => name)).toEqual(["broker"]);
    expect((await fetch(`${served.url}/sim-dates`)).status).toBe(404);
  });
});

describe("simulate --plot", () => {
  test("draws PNG and SVG, and says why series of two units do not share a picture", async () => {
    const folder = scratchFolder();
    const png = join(folder, "supply.png");
    const drawn = await run(["simulate", "--days", "30", "--series", "circ_supply", "--plot", png]);
    expect([drawn.code, drawn.out]).toEqual([0, ""]);
    expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
    const svg = join(folder, "power.svg");
    await run(["simulate", "--days", "30", "--series", "network_RBP_EIB,network_QAP_EIB", "--plot", svg]);
    expect(readFileSync(svg, "utf8")).toContain("EiB");
    const mixed = await run(["simulate", "--series", "circ_supply,network_RBP_EIB", "--plot", svg]);
    expect([mixed.code, mixed.err]).toEqual([2, expect.stringContaining("one unit")]);
    expect((await run(["simulate", "--series", "circ_supply", "--plot", "supply.gif"])).code).toBe(2);
  });
});
