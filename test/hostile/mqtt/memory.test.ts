import { setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { expectPassesAlone } from "../../support/alone";

setDefaultTimeout(60_000);

test("what clients make the broker keep is counted with what it takes, and bounded", () =>
  expectPassesAlone(join(import.meta.dir, "memory.fixture.ts")));
