import type { Overview } from "../../src/systems/broker/schema";
import { comebacks } from "../common/comebacks";
import { createStore } from "../common/store";
import { createInbox } from "./inbox";
import { type Link, openLink } from "./mqtt/link";
import type { PageQos } from "./mqtt/packets";
import { overview } from "./overview";

export interface PageClientState {
  phase: "off" | "connecting" | "on";
  /** Why it is off, where that was not wished. */
  fault: string | null;
  /** What it has subscribed to, or will again when it connects. */
  subscriptions: readonly { filter: string; qos: PageQos }[];
}

const RANDOM_BYTES = 5;

const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
const clientId = `page-${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
const state = createStore<PageClientState>({ phase: "off", fault: null, subscriptions: [] });
const inbox = createInbox();
let credentials = { username: "", password: "" };
let link: Promise<Link> | undefined;
/** Whether it is meant to be connected: from the first need of it until somebody disconnects it. */
let isWanted = false;

/** The client that this page is to the broker: it connects when it is first needed and stays while the page is open. */
export const pageClient = {
  clientId,
  state,
  inbox,
  /** Connects anew as this user; empty for nobody in particular. */
  async connect(as: { username: string; password: string }): Promise<void> {
    credentials = as;
    await pageClient.disconnect();
    await connected();
  },
  async disconnect(): Promise<void> {
    const open = link;
    isWanted = false;
    link = undefined;
    (await open?.catch(() => undefined))?.close();
    change({ phase: "off", fault: null });
  },
  async publish(topic: string, payload: Uint8Array, options: { qos: PageQos; retain: boolean }): Promise<void> {
    await (await connected()).publish(topic, payload, options);
  },
  async subscribe(filter: string, qos: PageQos): Promise<void> {
    await (await connected()).subscribe(filter, qos);
    change({ subscriptions: [...without(filter), { filter, qos }] });
  },
  async unsubscribe(filter: string): Promise<void> {
    change({ subscriptions: without(filter) });
    if (state.get().phase === "on") await (await connected()).unsubscribe(filter);
  },
};

// Why it could not connect, if it cannot, stands in its state.
comebacks.subscribe(() => void (isWanted && connected().catch(() => undefined)));

// Else the broker would take the end of the page for a fault of the network.
addEventListener("pagehide", () => void link?.then(({ close }) => close()).catch(() => undefined));

function change(to: Partial<PageClientState>): void {
  state.set({ ...state.get(), ...to });
}

function without(filter: string): PageClientState["subscriptions"] {
  return state.get().subscriptions.filter((known) => known.filter !== filter);
}

function ended(why: string): void {
  link = undefined;
  change({ phase: "off", fault: why });
}

function connected(): Promise<Link> {
  isWanted = true;
  link ??= open();
  return link;
}

async function open(): Promise<Link> {
  change({ phase: "connecting", fault: null });
  try {
    const url = websocketUrl(overview.get());
    const opened = await openLink({ url, clientId, ...credentials, onMessage: inbox.take, onEnd: ended });
    change({ phase: "on" });
    await renew(opened);
    return opened;
  } catch (thrown) {
    ended((thrown as Error).message);
    throw thrown;
  }
}

/** Subscribes again to what there was before; what is no longer allowed is let go of, and said. */
async function renew(opened: Link): Promise<void> {
  for (const { filter, qos } of state.get().subscriptions) {
    await opened.subscribe(filter, qos).catch((thrown: Error) => {
      change({ subscriptions: without(filter), fault: `${filter}: ${thrown.message}` });
    });
  }
}

function websocketUrl(now: Overview | null): string {
  return new URL(now?.websocketPath ?? "/mqtt", location.href.replace(/^http/, "ws")).href;
}
