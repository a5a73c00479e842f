import type { AnyElysia } from "elysia";
import type { SettingName } from "../config/settings";
import type { Check } from "./doctor/check";
import type { SimulationHandler } from "./simulations";

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

/** A hit of the command palette: something of a system, and where it is shown. */
export interface Hit {
  /** What it is, in one word of the system's own: `run`, `worker`, `client`. */
  kind: string;
  title: string;
  /** What tells it from others of its kind, in a few words. */
  hint: string;
  /** The address of the view that shows it. */
  href: string;
}

/** Something that lies at the top of the data folder. */
export interface DataFile {
  /** The file's name. What stands beside it and begins with this name, such as `-wal`, is a part of it. */
  name: string;
  /** What is in it, and whose loss would cost what, in a few words. */
  meaning: string;
}

/** How callers prove who they are, in the words of the API description (OpenAPI 3.1, "Security Scheme Object"). */
export type SecurityScheme = { description: string } & (
  | { type: "http"; scheme: "bearer" | "basic" }
  | { type: "apiKey"; in: "header" | "query" | "cookie"; name: string }
);

/**
 * All that is known of a system outside its folder (docs/adding-a-system.md). What several systems bring stands side by
 * side under one roof: two that claim the same name stop the start.
 */
export interface System {
  name: string;
  /** The name of its page, which stands at `/page`; absent where it has none. */
  page?: string;
  /** Pages that its original has. They need nothing but this system, and stand on a port of its own too. */
  originalPages?: readonly string[];
  routes: AnyElysia;
  /** Its original lets pages of any origin call: no cookie counts here, so that no page can borrow anybody's name. */
  anyOrigin?: true;
  start(): Promise<void>;
  /** Ends cleanly: nothing acknowledged is lost. Called once, also when `start` failed. */
  stop(): Promise<void>;
  health(): Health;
  /** What the original answers at `/` of the port it is asked on. */
  about(port: number | null): Record<string, unknown>;
  /** Members of `about` and `health` that its clients also look for at the top of the main port's answers. */
  flat?: readonly string[];
  card(): Card;
  /** Its words in the status bar of every page, such as `sample, to 2025-09-09`; absent where it has none. */
  statusLine?(): readonly string[];
  /** The largest body that its routes take, where that is more than `MAX_BODY_BYTES`. */
  maxBodyBytes?: number;
  /** The largest WebSocket frame that it takes, where it takes any. */
  maxFrameBytes?: number;
  /** What it keeps in the data folder beside the database. */
  files?: readonly DataFile[];
  /** Its lines of `doctor`. */
  checks?: readonly Check[];
  /** How its callers prove who they are, each under a name of the system's own. */
  securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  /** A path under which its API alone is described: `/docs`, `/redoc` and `/openapi.json` below it. */
  docsAt?: string;
  /** Routes that stand nowhere but alone on a port of their own, by the setting of that port. */
  aside?: Readonly<Partial<Record<SettingName, AnyElysia>>>;
  /** What it offers to be submitted and run. */
  handlers?: readonly SimulationHandler[];
  /** What the palette finds of it for a query, the best first; absent where there is nothing to find. */
  find?(query: string): Promise<Hit[]>;
}
