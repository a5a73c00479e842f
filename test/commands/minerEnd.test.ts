import { expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { serve, sourceCommand } from "../support/program";
import { until } from "../support/until";

setDefaultTimeout(30_000);

test("a miner whose broker is gone still ends at SIGTERM", async () => {
  const market = await serve(["--only", "market,mqtt"]);
  const args = ["miner", "--workers", "2", "--mqtt-port", `${market.mqttPort}`, "--block-interval", "0.05"];
  const miner = Bun.spawn([...sourceCommand, ...args], { stdout: "ignore", stderr: "ignore" });
  const workers = async () => (await (await fetch(`${market.url}/api/workers`)).json()).length;
  await until(async () => (await workers()) === 2, "two workers to register");
  expect(await market.stop("SIGKILL")).toBe(137);
  // Self-mined blocks, twenty a second, queue up as messages that nobody will take.
  await Bun.sleep(500);
  miner.kill("SIGTERM");
  const ended = await Promise.race([miner.exited, Bun.sleep(10_000).then(() => "still running")]);
  miner.kill("SIGKILL");
  expect(ended).toBe(0);
}, 30_000);

test("a miner that still connects its workers ends at SIGTERM all the same", async () => {
  const market = await serve(["--only", "market,mqtt"]);
  const args = ["miner", "--workers", "1000", "--mqtt-port", `${market.mqttPort}`];
  const miner = Bun.spawn([...sourceCommand, ...args], { stdout: "ignore", stderr: "ignore" });
  const workers = async () => (await (await fetch(`${market.url}/api/workers`)).json()) as { state: string }[];
  await until(async () => (await workers()).length >= 2, "two workers to register");
  miner.kill("SIGTERM");
  const ended = await Promise.race([miner.exited, Bun.sleep(10_000).then(() => "still running")]);
  miner.kill("SIGKILL");
  expect(ended).toBe(0);
  await until(async () => (await workers()).every(({ state }) => state === "offline"), "their goodbyes");
  expect(await market.stop()).toBe(0);
  rmSync(market.dataDir, { recursive: true });
}, 30_000);
