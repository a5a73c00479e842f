import { afterEach } from "bun:test";

// Loaded before all test files, as bunfig.toml says: a hook that a shared module sets counts only for the file that
// imports it first.

const endings: (() => unknown)[] = [];

/** Has something done when the present test is over, the last first; what it throws fails that test. */
export function atTestEnd(end: () => unknown): void {
  endings.push(end);
}

afterEach(async () => {
  const faults: unknown[] = [];
  for (const end of endings.splice(0).reverse()) {
    try {
      await end();
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw faults[0];
});
