/** So many small things are done in well under the 5 ms that one turn may take. */
const IN_ONE_TURN = 1000;

/** The same items, with a new turn of the event loop after each `inOneTurn`, so that a long list holds up nobody. */
export async function* inTurns<T>(items: Iterable<T>, inOneTurn = IN_ONE_TURN): AsyncGenerator<T> {
  let count = 0;
  for (const item of items) {
    if (++count % inOneTurn === 0) await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}
