import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { scratchFolder } from "../../support/program";
import { until } from "../../support/until";
import { callerOf, runRequest } from "./caller";
import { startEpistemix } from "./support";

setDefaultTimeout(60_000);

/** A program in the place of a FRED: it finds its model, writes a figure, says what it was given. */
const PROGRAM = `#!/bin/sh
out=""; for word in "$@"; do if [ "$last" = "--directory" ]; then out="$word"; fi; last="$word"; done
echo "given: $*" | sed "s#$out#OUT#"
echo "secrets: $AWS_SECRET_ACCESS_KEY."
case "$(cat main.fred)" in
  *endless*) exec sleep 600 ;;
  *broken*) echo "cannot do it" >&2; exit 3 ;;
esac
mkdir -p "$out/DAILY" && echo "0 7" > "$out/DAILY/C.S.txt"
`;

async function ended(model: string, env: Record<string, string> = {}, main = "main.fred") {
  const folder = scratchFolder();
  const bin = join(folder, "fred");
  writeFileSync(bin, PROGRAM);
  chmodSync(bin, 0o755);
  const temporary = scratchFolder();
  const server = await startEpistemix({
    FRED_BIN: bin,
    AWS_SECRET_ACCESS_KEY: "not for FRED",
    TMPDIR: temporary,
    ...env,
  });
  const call = callerOf(server.roots.mounted);
  const jobId = (await call<{ id: number }>("POST", "/jobs/register", { tags: [] })).body.id;
  const { url } = (await call<{ url: string }>("POST", "/jobs", { jobId })).body;
  const body = zipSync({ "main.fred": new TextEncoder().encode(model) });
  await fetch(url, { method: "PUT", body });
  const fredArgs = [
    { flag: "-p", value: main },
    { flag: "-s", value: "18446744073709551615" },
  ];
  await call("POST", "/runs", { runRequests: [runRequest(jobId, { fredArgs })] });
  let status = "";
  await until(async () => {
    status = (await call<{ runs: { status: string }[] }>("GET", `/runs?job_id=${jobId}`)).body.runs[0]!.status;
    return status === "DONE" || status === "ERROR";
  }, "the run to end");
  const { urls } = (await call<{ urls: { url: string }[] }>("GET", `/jobs/results?job_id=${jobId}`)).body;
  const files = unzipSync(new Uint8Array(await (await fetch(urls[0]!.url)).arrayBuffer()));
  const file = (path: string) =>
    files[`work/outputs/${path}`] && new TextDecoder().decode(files[`work/outputs/${path}`]);
  const left = readdirSync(temporary).filter((name) => name.startsWith("foresight-fred-"));
  return { status, file, left };
}

describe("a real FRED that is named by FRED_BIN", () => {
  test("runs what was uploaded, with the arguments of the request, and its output is the result", async () => {
    const { status, file, left } = await ended("condition C { state S { } }");
    expect([status, file("DAILY/C.S.txt"), file("return_code.txt")]).toEqual(["DONE", "0 7\n", "0\n"]);
    expect(file("logs.txt")).toContain("INFO: given: -p main.fred -s 18446744073709551615 --directory OUT");
    expect(file("logs.txt")).toContain("INFO: secrets: .");
    expect(left).toEqual([]);
  });

  test("that fails ends the run in an error with what it told", async () => {
    const { status, file } = await ended("broken");
    expect([status, file("return_code.txt")]).toEqual(["ERROR", "3\n"]);
    expect(file("logs.txt")).toContain("ERROR: cannot do it");
  });

  test("is not started for a file that was not uploaded", async () => {
    const { status, file } = await ended("condition C { state S { } }", {}, "/etc/passwd");
    expect([status, file("logs.txt")]).toEqual(["ERROR", expect.stringContaining('The input holds no "/etc/passwd".')]);
  });

  test("that takes too long is ended with its run", async () => {
    const { status, file, left } = await ended("endless", { EPISTEMIX_TIMEOUT_S: "1" });
    expect([status, left]).toEqual(["ERROR", []]);
    expect(file("logs.txt")).toContain("took longer than 1 s");
  });
});
