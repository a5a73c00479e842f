import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { systemClock } from "../../../../../src/platform/clock";
import { machineCard } from "../../../../../src/systems/filecoin/batch/gpu/machineCard";
import { swiftShaderEnvironment } from "../../../../support/chromium";
import { startServer } from "../server";

// Kernels are compiled for a processor.
setDefaultTimeout(60_000);

const faults: string[] = [];
const swiftShader = { ...process.env, ...(await swiftShaderEnvironment()) };
const none = { ...process.env, VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };
const card = (environment: Record<string, string | undefined>, GPU: "auto" | "off" = "auto") =>
  machineCard({ GPU }, systemClock, (fault) => faults.push(fault), environment);

const real = card(swiftShader);
const server = startServer(real.card);
afterAll(async () => {
  await server.stop();
  await real.stop();
});

interface Answer {
  stamp: { engine: string; adapter?: string; milliseconds: Record<string, number> };
  warnings: { series?: string; reason: string }[];
  bands: { series: Record<string, { p50: (number | null)[] }> };
}

const SMALL = { rules: "plain", runs: 64, forecast_length_days: 400, step_days: 100, output: ["circ_supply"], seed: 3 };

async function bandsOf(at: ReturnType<typeof startServer>, body: object): Promise<Answer> {
  const response = await at.post("monte-carlo", { ...SMALL, ...body });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

describe("a batch", () => {
  test("runs on the card where it is asked for, and gives the bands of the CPU", async () => {
    const [onCard, onCpu] = [await bandsOf(server, { engine: "gpu" }), await bandsOf(server, { engine: "cpu" })];
    expect(onCard.stamp).toMatchObject({ engine: "gpu-f32", adapter: expect.stringContaining("SwiftShader") });
    expect(Object.keys(onCard.stamp.milliseconds).sort()).toEqual(
      ["device", "kernel", "quantiles", "redone", "total", "transfer"].sort(),
    );
    expect(onCpu.stamp.engine).toBe("cpu-f64");
    const middle = (answer: Answer) => answer.bands.series["circ_supply"]!.p50;
    for (const [i, value] of middle(onCard).entries()) expect(value).toBeCloseTo(middle(onCpu)[i]!, -3);
    expect(onCard.warnings.map(({ reason }) => reason)).toEqual([expect.stringContaining("too narrow")]);
  });

  test("never runs on a software adapter by itself", async () => {
    expect((await bandsOf(server, { engine: "auto" })).stamp.engine).toBe("cpu-f64");
  });

  test("that the kernel cannot run goes to the CPU and says why", async () => {
    const gamma_weight_type = Array.from({ length: 400 }, (_, day) => day % 2);
    const { stamp, warnings } = await bandsOf(server, { engine: "gpu", gamma_weight_type });
    expect(stamp.engine).toBe("cpu-f64");
    expect(warnings[0]?.reason).toContain("gamma_weight_type changes by day");
  });

  test("of more runs than the CPU may do is refused without a card", async () => {
    const response = await server.post("monte-carlo", { ...SMALL, runs: 200_000 });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain("at most 100000 runs without a GPU");
  });

  test("goes on on the CPU when the card's process is killed over it, and the next one finds a new process", async () => {
    const large = bandsOf(server, { engine: "gpu", runs: 4096 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const wait = setInterval(() => {
      const { pid, state } = real.child.status();
      if (state !== "ready" || pid === undefined) return;
      clearInterval(wait);
      process.kill(pid, "SIGKILL");
      resolve();
    }, 5);
    await promise;
    const { stamp, warnings } = await large;
    expect(stamp.engine).toBe("cpu-f64");
    expect(warnings[0]?.reason).toContain("crashed");
    expect(faults.join()).toContain("SIGKILL");
    expect((await bandsOf(server, { engine: "gpu" })).stamp.engine).toBe("gpu-f32");
  });
});

describe("a machine", () => {
  test("without an adapter does on the CPU what the GPU was asked for, and says so", async () => {
    const missing = card(none);
    const other = startServer(missing.card);
    try {
      const { stamp, warnings } = await bandsOf(other, { engine: "gpu" });
      expect(stamp.engine).toBe("cpu-f64");
      expect(warnings[0]?.reason).toContain("there is no adapter");
    } finally {
      await other.stop();
      await missing.stop();
    }
  });

  test("whose GPU is switched off starts no process for it", async () => {
    const off = card(swiftShader, "off");
    const other = startServer(off.card);
    try {
      expect((await bandsOf(other, { engine: "gpu" })).warnings[0]?.reason).toContain("GPU is set to off");
      expect(off.child.status().state).toBe("asleep");
    } finally {
      await other.stop();
      await off.stop();
    }
  });
});
