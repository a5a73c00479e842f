import { httpUrl, text } from "../kinds";
import type { Settings } from "../setting";

/** Time-series forecasting, and where its models come from. */
export const forecastingSettings = {
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
