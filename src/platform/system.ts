import type { AnyElysia } from "elysia";

/** The state of one part as `/health` shows it. `ready: false` makes `/health/ready` answer 503. */
export interface Health {
  ready: boolean;
  status: "healthy" | "loading" | "degraded" | "unhealthy";
  /** Sentences for whoever looks why it is not healthy. */
  notes?: string[];
  /** Figures and sentences that help whoever looks; never a secret. */
  [detail: string]: unknown;
}

/** What the start page shows of a system: one live figure and one action. */
export interface Card {
  title: string;
  /** The live figure with its unit, such as `603.1 M FIL`; null before there is one. */
  figure: string | null;
  /** What the figure is, in a few words. */
  caption: string;
  action: { label: string; href: string };
}

/** Something of a system that the command palette leads to. */
export interface Found {
  kind: "run" | "worker" | "lease" | "job" | "client" | "doc";
  title: string;
  /** What tells it from others of its kind, in a few words. */
  hint: string;
  /** The address of the view that shows it. */
  href: string;
}

/** All that is known of a system outside its folder. */
export interface System {
  name: string;
  /** The name of its page, which stands at `/page`; absent where it has none. */
  page?: string;
  /** Pages that its original has. They need nothing but this system, and stand on a port of its own too. */
  originalPages?: readonly string[];
  routes: AnyElysia;
  start(): Promise<void>;
  /** Ends cleanly: nothing acknowledged is lost. Called once, also when `start` failed. */
  stop(): Promise<void>;
  health(): Health;
  /** What the original answers at `/` of the port it is asked on; on the main port the union of all systems' facts. */
  about(port: number | null): Record<string, unknown>;
  card(): Card;
  /** What the palette finds of it for a query, the best first; absent where there is nothing to find. */
  find?(query: string): Promise<Found[]>;
}
