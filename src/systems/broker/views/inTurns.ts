/** So many are taken in one turn of the event loop. */
const IN_ONE_TURN = 1000;

/** The same items, with a new turn of the event loop now and then, so that a long list holds up nobody. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  let count = 0;
  for (const item of items) {
    if (++count % IN_ONE_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}
