import { numberAxis, type SharedAxis, type Zoom } from "../common/chart/axis";
import { createStore } from "../common/store";
import { urlStore } from "../common/url-state";

const DAY_S = 86_400;

const axes = new Map<string, SharedAxis>();

/** The axis of a series: dates as the file writes them, or plain numbers. */
export function seriesAxis(kind: "time" | "number", times: readonly number[], dates: readonly string[]): SharedAxis {
  const axis = axes.get(kind) ?? newAxis(kind);
  axes.set(kind, axis);
  const words = new Map(times.map((time, at) => [time, dates[at]]));
  axis.format = (x) => words.get(x) ?? (kind === "time" ? dateTime(x) : String(x));
  return axis;
}

function newAxis(kind: "time" | "number"): SharedAxis {
  if (kind === "number") return numberAxis("");
  return { kind: "date", unit: "", zoom: zoomStore(), cursor: createStore<number | null>(null), format: dateTime };
}

function zoomStore() {
  return urlStore<Zoom>("zoom", {
    fallback: null,
    read(text) {
      const [from, to] = text.split("..").map((part) => Date.parse(`${part}Z`) / 1000);
      return from! < to! ? [from!, to!] : undefined;
    },
    write: (zoom) =>
      zoom === null ? "" : zoom.map((time) => new Date(time * 1000).toISOString().slice(0, 19)).join(".."),
  });
}

function dateTime(time: number): string {
  const text = new Date(time * 1000).toISOString().slice(0, 16).replace("T", " ");
  return time % DAY_S === 0 ? text.slice(0, 10) : text;
}
