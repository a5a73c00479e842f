import { choice, httpUrl, integer, port, text, toggle } from "../kinds";
import type { Settings } from "../setting";

/** Time-series forecasting, and where its models come from (docs/forecasting.md). */
export const forecastingSettings = {
  FORECASTING_PORT: { kind: port, meaning: "A port of its own for forecasting, alone at the root." },
  TIMESFM20_MODEL_PORT: { kind: port, meaning: "A port for the model `timesfm20` alone, with its own `/health`." },
  TIMESFM25_MODEL_PORT: { kind: port, meaning: "A port for the model `timesfm25` alone, with its own `/health`." },
  RATE_LIMIT_ENABLED: {
    kind: toggle,
    meaning: "Limits how often a key may call the original's routes of forecasting; default only while closed.",
  },
  RATE_LIMIT_PER_MINUTE: {
    kind: integer(1, 1_000_000),
    default: "60",
    meaning: "Calls of one key in a minute for the state of a model and its shutdown; more are answered with 429.",
  },
  RATE_LIMIT_INFERENCE_PER_MINUTE: {
    kind: integer(1, 1_000_000),
    default: "10",
    meaning: "Inferences of one key in a minute.",
  },
  API_SECRET_KEY: {
    kind: text,
    meaning:
      "The key that callers of forecasting send as a bearer; default the original's known key while open, made at first start while closed.",
    secret: true,
    made: true,
  },
  FORECAST_COMPAT: {
    kind: choice("newest", "2.0.0"),
    default: "newest",
    meaning: "`2.0.0` answers on the original's routes as its version 2.0.0 does, defects and all.",
  },
  MAX_REQUEST_SIZE: {
    kind: integer(1024, 1024 * 1024 * 1024),
    default: String(10 * 1024 * 1024),
    unit: "bytes",
    meaning: "The largest request of the original's routes of forecasting; more is answered with 413.",
  },
  FORECAST_ALLOW_PRIVATE: {
    kind: toggle,
    default: "false",
    meaning: "Data to forecast may be fetched from addresses of this machine and of private networks.",
  },
  TIMESFM20_DEFAULT_BACKEND: {
    kind: choice("cpu", "gpu", "tpu"),
    default: "cpu",
    meaning: "What the original's model is computed on, where an initialization leaves it open.",
  },
  TIMESFM20_DEFAULT_CONTEXT_LEN: {
    kind: integer(32, 2048),
    default: "64",
    meaning: "The points that it looks at, where an initialization leaves it open.",
  },
  TIMESFM20_DEFAULT_HORIZON_LEN: {
    kind: integer(1, 128),
    default: "24",
    meaning: "The steps that it forecasts, where an initialization leaves it open.",
  },
  TIMESFM20_DEFAULT_CHECKPOINT: {
    kind: text,
    default: "google/timesfm-2.0-500m-pytorch",
    meaning: "The model of the library that is loaded for it, where an initialization leaves it open.",
  },
  TIMESFM20_DEFAULT_LOCAL_PATH: {
    kind: text,
    meaning: "Weights below the folder of local models, which go before the checkpoint.",
  },
  FORECAST_BACKEND: {
    kind: choice("cpu", "gpu"),
    default: "cpu",
    meaning:
      "What models are computed on; `gpu` where a graphics card gives the processor's numbers, else the processor.",
  },
  FORECAST_PRECISION: {
    kind: choice("f32", "int8"),
    default: "f32",
    meaning: "`int8` computes models faster and in less memory, somewhat less exactly.",
  },
  FORECAST_THREADS: {
    kind: integer(0, 1024),
    default: "0",
    meaning: "Threads that a batch of a model is computed on; 0 takes every core.",
  },
  FORECAST_BATCH_WAIT_MS: {
    kind: integer(0, 1000),
    default: "3",
    unit: "ms",
    meaning: "How long a series waits for others to be computed with.",
  },
  FORECAST_MAX_WAITING_ROWS: {
    kind: integer(1, 10_000_000),
    default: "100000",
    meaning: "Rows that may wait for one model; more are refused with 503.",
  },
  FORECAST_RUN_TIMEOUT_S: {
    kind: integer(1, 3600),
    default: "120",
    unit: "s",
    meaning: "A batch of a model that takes longer counts as hung.",
  },
  FORECAST_MAX_LOADED: {
    kind: integer(1, 64),
    default: "2",
    meaning: "Models with weights in memory at a time; a further one takes the place of the one unused for longest.",
  },
  FORECAST_MAX_BODY_BYTES: {
    kind: integer(1024, 1024 * 1024 * 1024),
    default: String(64 * 1024 * 1024),
    unit: "bytes",
    meaning: "The largest request of the forecasting service's own routes; more is answered with 413.",
  },
  FORECAST_RATE_PER_MINUTE: {
    kind: integer(1, 1_000_000),
    meaning:
      "Requests of one key in a minute to the service's own routes; more are answered with 429. No limit where absent.",
  },
  FORECAST_RATE_PER_MONTH: {
    kind: integer(1, 1_000_000_000),
    meaning: "The same in a month of the calendar, counted from the start of the program on.",
  },
  FORECAST_TIMEGPT_MODEL: {
    kind: text,
    default: "ensemble",
    meaning: "The model that runs for the names that the `nixtla` client has for models of its maker.",
  },
  MLFLOW_TRACKING_URI: {
    kind: httpUrl,
    meaning: "An MLflow server that records inferences on the original's routes which ask for it (`?track=true`).",
  },
  MODEL_PULL: {
    kind: toggle,
    default: "false",
    meaning: "An initialization on the original's routes pulls weights that are not here from the hub.",
  },
  HF_ENDPOINT: {
    kind: httpUrl,
    default: "https://huggingface.co",
    meaning: "The hub that `model pull` asks.",
  },
  HF_TOKEN: {
    kind: text,
    meaning: "Proves to that hub who asks, for models that are not public; never sent to another host.",
    secret: true,
  },
} satisfies Settings;
