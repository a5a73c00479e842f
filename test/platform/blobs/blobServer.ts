import { readdirSync } from "node:fs";
import { derivedKey } from "../../../src/platform/auth/keys";
import { folderBlobs } from "../../../src/platform/blobs/folder";
import { blobRoutes } from "../../../src/platform/blobs/routes";
import { detailShape } from "../../../src/platform/http/errorShape";
import { listenHttp } from "../../../src/platform/http/server";
import { createLog } from "../../../src/platform/log";
import { createMetrics } from "../../../src/platform/metrics";
import { atTestEnd } from "../../support/endings";
import { manualClock } from "../../support/manualClock";
import { scratchFolder } from "../database/support";

export const MIB = 2 ** 20;
const key = derivedKey("a secret for tests", "blob");

/** A server of blobs in a folder, until the test ends. */
export function openBlobs(maxBytes = MIB) {
  const scratch = scratchFolder();
  atTestEnd(() => scratch[Symbol.dispose]());
  const clock = manualClock("2026-03-01T12:00:00Z");
  const log = createLog({ level: "error", clock, sink: () => undefined });
  const blobs = folderBlobs({ folder: scratch.path, key, clock });
  const server = listenHttp([blobRoutes({ blobs, key, clock, log, maxBytes })], {
    hostname: "127.0.0.1",
    port: 0,
    portSetting: "PORT",
    corsOrigins: () => [],
    maxBodyBytes: 1024,
    largestBodyBytes: maxBytes,
    idleTimeoutS: 30,
    shape: detailShape,
    log,
    metrics: createMetrics("0"),
  });
  atTestEnd(() => server.stop(100));
  const link = (op: "put" | "get", name: string, more: object = {}) =>
    blobs.presign({ op, key: name, ttlS: 60, origin: server.url, ...more });
  return { blobs, clock, link, server, files: () => readdirSync(scratch.path, { recursive: true, encoding: "utf8" }) };
}
