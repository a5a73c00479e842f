/** Work that Ctrl-C ends in good order. @param told what then is with what was to be written */
export async function interruptible<Value>(
  work: (signal: AbortSignal) => Promise<Value>,
  told: string,
): Promise<Value> {
  const leaving = new AbortController();
  const leave = () => leaving.abort(new Error(`interrupted; ${told}`));
  process.once("SIGINT", leave);
  process.once("SIGTERM", leave);
  try {
    return await work(leaving.signal);
  } finally {
    process.off("SIGINT", leave);
    process.off("SIGTERM", leave);
  }
}
