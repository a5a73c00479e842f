const DEADLINE_MS = 15_000;

/** Ends when the condition holds. @throws Error that names what was waited for, after fifteen seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await Bun.sleep(1);
  }
}
