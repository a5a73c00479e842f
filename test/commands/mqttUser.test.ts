import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mqtt from "mqtt";
import { run, scratchFolder, serve } from "../support/program";

setDefaultTimeout(30_000);

const folder = scratchFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const RIGHTS = '{"allow": "both", "topics": ["#"]}';

describe("mqtt-user", () => {
  test("makes lines that let their users into a closed broker, and nobody else", async () => {
    const ann = await run(["mqtt-user", "ann"], { input: "wonder\nand more\n" });
    const robot = await run(["mqtt-user", "robot", "--token"]);
    const token = /: (\S+)\n$/.exec(robot.err)![1]!;
    expect([ann.code, robot.code, ann.err]).toEqual([0, 0, ""]);
    expect(ann.out).not.toContain("wonder");
    expect(robot.out).not.toContain(token);
    const file = join(folder, "users.jsonl");
    writeFileSync(file, `${ann.out}${robot.out}${RIGHTS}\n`);
    const settings = { MQTT_USERS_FILE: file, HOST: "0.0.0.0" };
    const program = await serve(["--only", "mqtt"], { dataDir: join(folder, "data"), cwd: folder, env: settings });
    const connect = async (options: mqtt.IClientOptions) => {
      const url = `mqtt://127.0.0.1:${program.mqttPort}`;
      const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options }, false);
      await client.endAsync(true);
    };
    await connect({ username: "ann", password: "wonder" });
    await connect({ username: "robot", password: token });
    await expect(connect({ username: "ann", password: "Wonder" })).rejects.toThrow();
    await expect(connect({ username: "robot", password: "wonder" })).rejects.toThrow();
    await expect(connect({})).rejects.toThrow();
    expect(await program.stop()).toBe(0);
    expect(program.err()).not.toContain("wonder");
  });

  test.each([
    [["mqtt-user", "ann"], "", "No password came"],
    [["mqtt-user", "ann"], "\nsecond line\n", "No password came"],
    [["mqtt-user", "ann"], `${"x".repeat(1025)}\n`, "longer than 1024"],
    [["mqtt-user", "x".repeat(257)], "wonder", "the user's name: expected at most 256"],
    [["mqtt-user"], "wonder", "NAME"],
  ])("%p with %p is one clear sentence and exit code 2", async (args, input, told) => {
    const { code, out, err } = await run(args, { input });
    expect([code, out, err.trim().split("\n").length]).toEqual([2, "", 1]);
    expect(err).toContain(told);
  });
});
