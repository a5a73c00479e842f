import { systemClock } from "../../../src/platform/clock";
import { createChild } from "../../../src/platform/compute/child";

/** A parent to be killed: starts the child that its argument names, prints the child's pid and waits. */
const command = [process.execPath, process.argv[2]!, "well"];
const child = createChild({ name: "test", command, clock: systemClock });
const answer = await child.run({ kind: "whoAmI", timeoutMs: 10_000 });
await Bun.write(Bun.stdout, String(answer.value));
setInterval(() => undefined, 1000);
