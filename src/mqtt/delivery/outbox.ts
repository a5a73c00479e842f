import { copyFrame, type Frame, type Patch, patchOf } from "../packet/frame";
import { type Connection, Waits } from "../state/connection";
import type { Core } from "../state/core";
import { scheduleTurnEnd } from "../state/turn";

const SCRATCH_BYTES = 256 * 1024;
const MAX_KEPT_SLOTS = 256;
const OWNED_SLACK_BYTES = 256;
/**
 * What a place in the outbox costs beside its frame's bytes. Without it a client that sends pings and reads no answer
 * would take twelve times the memory it is counted with.
 */
const SLOT_BYTES = 24;

/** Where frames are put side by side for one write; used and left within {@link flush}. */
const scratch = new Uint8Array(SCRATCH_BYTES);

/** Puts a frame into a connection's outbox, to be written at the end of this turn of the event loop. */
export function send(core: Core, connection: Connection, frame: Frame, patch: Patch): void {
  if (!connection.isDirty) connection.turnFrom = connection.base + connection.frames.length;
  connection.frames.push(frame);
  connection.patches.push(patch);
  const size = frame.bytes.length + SLOT_BYTES;
  connection.outboxBytes += size;
  core.outboxBytes += size;
  if (!connection.isDirty) {
    connection.isDirty = true;
    core.turn.dirty.push(connection);
    scheduleTurnEnd(core);
  }
}

/** Puts a packet into the outbox that is sent as it was encoded. */
export function sendWhole(core: Core, connection: Connection, frame: Frame): void {
  send(core, connection, frame, patchOf(frame.bytes[0]!, 0));
}

/**
 * Whether a connection's outbox is below the level at which QoS 0 is dropped and QoS 1 and 2 wait in the session. An
 * outbox that is full only because the turn is long is written out first.
 */
export function hasRoom(core: Core, connection: Connection): boolean {
  if (connection.outboxBytes < core.limits.outboxShedBytes) return true;
  flush(core, connection);
  return connection.outboxBytes < core.limits.outboxShedBytes;
}

/**
 * Writes what the socket takes; what it does not take stays, since `socket.write` keeps nothing, until it drains.
 * [MQTT-4.6.0-6]: in the order in which it was put.
 */
export function flush(core: Core, connection: Connection): void {
  if (connection.blockedSinceMs !== 0) return;
  const end = Math.min(connection.frames.length, writableTo(connection) - connection.base);
  while (connection.head < end) {
    const bytes = gather(connection, end);
    const written = Math.max(0, connection.transport.write(bytes));
    advance(core, connection, written);
    if (written < bytes.length) {
      connection.blockedSinceMs = core.clock.now();
      compact(connection);
      return;
    }
  }
  if (connection.head === connection.frames.length) empty(connection);
}

/**
 * The number of the first frame that must not be written yet. A socket may drain and a gate may open in the middle of a
 * turn, so what waits for the turn's end is left out here.
 */
function writableTo(connection: Connection): number {
  if (connection.waits === Waits.nothing) return connection.writableTo;
  return Math.min(connection.writableTo, connection.turnFrom);
}

/** The socket takes bytes again. */
export function unblock(core: Core, connection: Connection): void {
  connection.blockedSinceMs = 0;
  flush(core, connection);
}

/** Frames that wait for a slow socket must not hold the read buffers of the publishers they came from. */
export function ownWaitingFrames(connection: Connection): void {
  const { frames, base } = connection;
  for (let i = Math.max(connection.head, connection.ownedTo - base); i < frames.length; i++) {
    const frame = frames[i]!;
    if (frame.bytes.buffer.byteLength > frame.bytes.length + OWNED_SLACK_BYTES) frame.bytes = frame.bytes.slice();
  }
  connection.ownedTo = base + frames.length;
}

/** Throws away what has not gone out. */
export function clearOutbox(core: Core, connection: Connection): void {
  core.outboxBytes -= connection.outboxBytes;
  connection.outboxBytes = 0;
  empty(connection);
}

/** The next bytes to be written: as many whole frames as the scratch holds, less what of the first has gone out. */
function gather(connection: Connection, end: number): Uint8Array {
  const { frames, patches, head, headSentBytes } = connection;
  const first = frames[head]!;
  if (first.bytes.length > SCRATCH_BYTES) {
    const copy = new Uint8Array(first.bytes.length);
    copyFrame(first, patches[head]!, copy, 0);
    return copy.subarray(headSentBytes);
  }
  let length = 0;
  for (let i = head; i < end && length + frames[i]!.bytes.length <= SCRATCH_BYTES; i++) {
    length = copyFrame(frames[i]!, patches[i]!, scratch, length);
  }
  return scratch.subarray(headSentBytes, length);
}

function advance(core: Core, connection: Connection, written: number): void {
  const { frames } = connection;
  const first = connection.head;
  let sent = connection.headSentBytes + written;
  while (connection.head < frames.length && sent >= frames[connection.head]!.bytes.length) {
    sent -= frames[connection.head]!.bytes.length;
    connection.head++;
  }
  connection.headSentBytes = sent;
  const freed = written + (connection.head - first) * SLOT_BYTES;
  connection.outboxBytes -= freed;
  core.outboxBytes -= freed;
  core.counters.bytesSent += written;
}

function compact(connection: Connection): void {
  if (connection.head < MAX_KEPT_SLOTS || connection.head * 2 < connection.frames.length) return;
  connection.base += connection.head;
  connection.frames = connection.frames.slice(connection.head);
  connection.patches = connection.patches.slice(connection.head);
  connection.head = 0;
}

function empty(connection: Connection): void {
  connection.base += connection.frames.length;
  if (connection.frames.length > MAX_KEPT_SLOTS) {
    connection.frames = [];
    connection.patches = [];
  } else {
    connection.frames.length = 0;
    connection.patches.length = 0;
  }
  connection.head = 0;
  connection.headSentBytes = 0;
}
