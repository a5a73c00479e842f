import { choiceCodec, urlStore } from "../common/url-state";

/** What is drawn about the lines of the four charts. */
export const BAND_CHOICES = [
  { name: "none", words: "none" },
  { name: "futures", words: "futures by chance" },
  { name: "errors", words: "errors of past forecasts" },
] as const;

export const bandChoice = () =>
  urlStore(
    "bands",
    choiceCodec(
      BAND_CHOICES.map(({ name }) => name),
      "none",
    ),
  );

export type BandChoice = (typeof BAND_CHOICES)[number]["name"];
