import { RequestError } from "../../../platform/errors";
import type { Model } from "../model";
import { encodedList } from "../native/encode";
import type { Means } from "../native/forecastTask";
import type { OpenedModel } from "../native/openedModel";
import { type Columns, forecastColumnsOf, pastColumnsOf, windowColumnsOf } from "./tasks";

export interface NixtlaOptions {
  means: Omit<Means, "signal">;
  openModel: (id: string) => Promise<OpenedModel>;
  /** Ids of all models that can be asked for. */
  modelIds: () => Promise<string[]>;
  /** The model that stands for the client's own names. */
  standIn: string;
}

/** What the client asks for by the path of a request. */
export type NixtlaTask = "forecast" | "cross_validation" | "anomaly_detection" | "online_anomaly_detection";

/** The `nixtla` client's API (docs/forecasting.md, "The nixtla client"). */
export interface NixtlaService {
  /** The pieces of the answer's JSON to the bytes of a payload's. @throws RequestError */
  run(task: NixtlaTask, body: Uint8Array, signal: AbortSignal): Promise<Uint8Array[]>;
  models(): Promise<{ name: string; runs: string }[]>;
  /** Points that are worth being sent, and steps that one run gives. */
  modelParams(model: string): Promise<{ input_size: number; horizon: number }>;
}

/** Names that the client has for models of its maker. */
const THEIR_NAMES = [
  "timegpt-1",
  "timegpt-1-long-horizon",
  "timegpt-2",
  "timegpt-2.1",
  "timegpt-2-mini",
  "timegpt-2-standard",
  "timegpt-2-pro",
];
const THEIRS = /^(timegpt-|azureai$)/;

/** Points that built-in models make use of, of which there is no end. */
const MAX_USEFUL_POINTS = 100_000;
const USUAL_HORIZON = 128;

export function createNixtlaService({ means, openModel, modelIds, standIn }: NixtlaOptions): NixtlaService {
  const ourId = (name: string) => (THEIRS.test(name) ? standIn : name);

  return {
    async run(task, body, signal) {
      const all = { ...means, signal };
      if (task === "forecast") {
        const read = await means.threads.read({ kind: "v2_forecast", body }, signal);
        return answerOf("forecast", await forecastColumnsOf(read, await openModel(ourId(read.head.model)), all));
      }
      if (task === "cross_validation") {
        const read = await means.threads.read({ kind: "v2_cross_validation", body }, signal);
        const columns = read.head.past === "full" ? pastColumnsOf : windowColumnsOf;
        return answerOf("windows", await columns(read, await openModel(ourId(read.head.model)), all));
      }
      const read = await means.threads.read({ kind: "v2_anomaly", body }, signal);
      if (task === "online_anomaly_detection" && read.head.last === undefined) {
        throw new RequestError(422, "detection_size is missing: say how many points at the end are to be judged.");
      }
      return answerOf("anomalies", await pastColumnsOf(read, await openModel(ourId(read.head.model)), all));
    },
    async models() {
      const theirs = THEIR_NAMES.map((name) => ({ name, runs: standIn }));
      return [...theirs, ...(await modelIds()).map((name) => ({ name, runs: name }))];
    },
    async modelParams(model) {
      const { traits } = (await openModel(ourId(model))).model;
      return paramsOf(traits);
    },
  };
}

function paramsOf({ maxContext, runHorizon }: Model["traits"]) {
  return {
    input_size: Number.isFinite(maxContext) ? maxContext : MAX_USEFUL_POINTS,
    horizon: Number.isFinite(runHorizon) ? runHorizon : USUAL_HORIZON,
  };
}

type Kind = "forecast" | "windows" | "anomalies";

const encoder = new TextEncoder();
const BAND = /^(lo|hi)-/;

/** `{mean, intervals, ...}`, each a list over all series, as the client takes it. */
function answerOf(kind: Kind, { columns, sizes, rest }: Columns): Uint8Array[] {
  const list = (name: string) => `[${(columns.get(name) ?? []).join(",")}]`;
  const bands = [...columns.keys()].filter((name) => BAND.test(name));
  const intervals = bands.map((name) => `${JSON.stringify(name)}:${list(name)}`).join(",");
  const { stamp, shares, ...others } = rest as { stamp: { model: string }; shares?: string[] };
  const members = [
    `"mean":${list("mean")}`,
    `"intervals":${bands.length === 0 ? "null" : `{${intervals}}`}`,
    ...(kind === "forecast" ? [] : [`"sizes":${JSON.stringify(sizes)}`]),
    ...(kind === "anomalies" ? [`"anomaly":${list("anomaly")}`, `"anomaly_score":${list("anomaly_score")}`] : []),
    ...(shares === undefined ? [] : [`"feature_contributions":[${shares.map(list).join(",")}]`]),
  ];
  const told = encodedList([{ weights_x: null, model: stamp.model, ...others, stamp }]);
  return [encoder.encode(`{${members.join(",")},`), told.subarray(1)];
}
