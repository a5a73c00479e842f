#!/usr/bin/env bun
const [first, ...rest] = process.argv.slice(2);
if (first === "--child") {
  await import("./child").then(({ runChild }) => runChild(rest));
} else {
  const { runCli } = await import("./commands/cli");
  process.exitCode = await runCli(process.argv.slice(2));
}
