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
    const app = await startApp(configFrom(args));
    process.stderr.write(`Foresight serves on ${app.url}\n`);
    await stopAsked;
    await app.stop();
    return 0;
  },
});
