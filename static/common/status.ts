import type { Status } from "./api";
import { noteComeback } from "./comebacks";
import { openLive } from "./live";
import { createStore } from "./store";

/** What the server last said of itself; null until it has. */
export const status = createStore<Status | null>(null);

/** The connection it comes by. One for the whole page, open as long as the page is. */
export const statusLine = openLive("/api/system/events", {
  onMessage: ({ data }) => status.set(data as Status),
  onReturn: noteComeback,
}).state;
