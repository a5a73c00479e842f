import { closeSync, openSync } from "node:fs";
import { defineCommand } from "citty";
import { startApp } from "../app";
import { configFrom, settingArgs } from "./settingFlags";

export default defineCommand({
  meta: { name: "serve", description: "Serve everything on one HTTP port and one MQTT port." },
  args: settingArgs(),
  async run({ args }) {
    const { promise: stopAsked, resolve } = Promise.withResolvers<void>();
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    process.on("SIGHUP", () => {
      if (isTerminalGone()) resolve();
    });
    const app = await startApp(configFrom(args));
    process.stderr.write(`Foresight serves on ${app.url}\n`);
    await stopAsked;
    await app.stop();
    return 0;
  },
});

const beganAtTerminal = process.stdin.isTTY === true;

/**
 * Whether the signal says that the terminal has gone at which the program was started. Else it asks for files to be read
 * again, which the systems do that have some, and ends nothing: a service has no terminal to lose.
 */
function isTerminalGone(): boolean {
  if (!beganAtTerminal) return false;
  try {
    closeSync(openSync("/dev/tty", "r"));
    return false;
  } catch {
    return true;
  }
}
