import type { Clock } from "../../../platform/clock";
import type { EventWriter } from "../../../platform/http/eventStream";

/** Runs may be run by another process: what is watched is looked at that often. */
const LOOK_EVERY_MS = 250;
const PING_EVERY_LOOKS = 20;

/** Sends what `look` gives whenever it is another than before, until it says that it is final or the reader has gone. */
export async function watchState(
  look: () => Promise<{ state: object; isFinal: boolean }>,
  clock: Clock,
  writer: EventWriter,
): Promise<void> {
  let sent = "";
  for (let looks = 1; !writer.signal.aborted; looks++) {
    const { state, isFinal } = await look();
    const data = JSON.stringify(state);
    const isNew = data !== sent;
    if (isNew && writer.hasRoom()) {
      writer.send({ event: "state", data });
      sent = data;
    } else if (looks % PING_EVERY_LOOKS === 0) writer.send({ event: "ping", data: "1" });
    if (isFinal && sent === data) return;
    await pause(clock, writer.signal);
  }
}

async function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(LOOK_EVERY_MS, resolve);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  cancel();
}
