import { expect, test } from "bun:test";
import { serve, sourceCommand } from "../support/program";
import { until } from "../support/until";

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
