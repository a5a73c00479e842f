/**
 * Works on items, `width` at a time, and gives what comes of them in their order, each as soon as it and those before it
 * are done. Where one fails, or nobody asks on, no further item is begun; `stop` ends those that are being worked on.
 */
export async function* inOrder<Item, Made>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Made>,
  stop: () => void,
): AsyncGenerator<Made> {
  const running: Promise<Made>[] = [];
  let next = 0;
  try {
    while (running.length > 0 || next < items.length) {
      while (running.length < width && next < items.length) {
        const made = work(items[next++]!);
        // A failure is thrown in its turn; until then nobody else listens.
        made.catch(() => undefined);
        running.push(made);
      }
      yield await running.shift()!;
    }
  } finally {
    stop();
  }
}
