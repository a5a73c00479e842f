import { defineCommand } from "citty";
import { systemChecks } from "../parts";
import { systemClock } from "../platform/clock";
import { runDoctor } from "../platform/doctor/run";
import { doctorText } from "../platform/doctor/text";
import { configFrom, settingArgs } from "./settingFlags";

const EXIT_OK = 0;
const EXIT_FAILED = 1;

export default defineCommand({
  meta: { name: "doctor", description: "Try what the program needs of this machine, and say what to do." },
  args: { ...settingArgs(), json: { type: "boolean", description: "Print the report as JSON" } },
  async run({ args }) {
    const loaded = configFrom(args);
    const checks = systemChecks(loaded, systemClock);
    const report = await runDoctor({ config: loaded.values, clock: systemClock, checks });
    const style = process.stdout.isTTY && !process.env["NO_COLOR"] ? "coloured" : "plain";
    await Bun.write(
      Bun.stdout,
      args["json"] === true ? `${JSON.stringify(report, null, 2)}\n` : doctorText(report, style),
    );
    return report.ok ? EXIT_OK : EXIT_FAILED;
  },
});
