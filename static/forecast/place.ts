import type { ReadingOptions } from "../../src/systems/forecasting/page/schema";
import { type Codec, choiceCodec, namesCodec, numberCodec, textCodec, urlStore } from "../common/url-state";

/** What a view of this page is made of; all of it stands in the address. */

export const FIRST_SAMPLE = "shop_daily";

/** The sample that is shown while no file is. */
export const sampleName = () => urlStore("sample", textCodec(FIRST_SAMPLE));
/** The name of the file that was dropped; empty for none. */
export const fileName = () => urlStore("file", textCodec());

/** What overrules the guesses of the reader. */
export const readingChoices = () => urlStore("read", choicesCodec);

const choicesCodec: Codec<ReadingOptions> = {
  fallback: {},
  read(text) {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" && value !== null ? (value as ReadingOptions) : undefined;
    } catch {
      return undefined;
    }
  },
  write: (choices) => (Object.keys(choices).length === 0 ? "" : JSON.stringify(choices)),
};

export const FIRST_MODEL = "ensemble";
export const modelId = () => urlStore("model", textCodec(FIRST_MODEL));
/** Models that are drawn beside it. */
export const besideIds = () => urlStore("beside", namesCodec());
/** 0 for what the series suggests. */
export const horizonChoice = () => urlStore("horizon", numberCodec(0, 0, 10_000));
/** Points that the model looks at; 0 for all that it can. */
export const contextChoice = () => urlStore("context", numberCodec(0, 0, 1_000_000));
/** Whether the end of the history is held back, so that the forecast stands beside what came. */
export const startsFrom = () => urlStore("from", choiceCodec(["end", "before"], "end"));
/** How much of the history the chart shows. */
export const shownHistory = () => urlStore("history", choiceCodec(["recent", "all"], "recent"));

/** Values of covariates ahead that somebody changed: by column, by step. */
export type Edits = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const editsAhead = () =>
  urlStore<Edits>("ahead", {
    fallback: {},
    read(text) {
      try {
        return JSON.parse(text) as Edits;
      } catch {
        return undefined;
      }
    },
    write: (edits) => (Object.keys(edits).length === 0 ? "" : JSON.stringify(edits)),
  });

/** Other data: what was chosen for the former says nothing of it. */
export function goTo(source: { sample: string } | { file: string }): void {
  sampleName().set("sample" in source ? source.sample : FIRST_SAMPLE);
  fileName().set("file" in source ? source.file : "");
  readingChoices().set({});
  editsAhead().set({});
  horizonChoice().set(0);
  contextChoice().set(0);
}

/** Changes some of the choices; undefined takes one back. */
export function choose(change: Partial<ReadingOptions>): void {
  const next = Object.entries({ ...readingChoices().get(), ...change }).filter(([, value]) => value !== undefined);
  readingChoices().set(Object.fromEntries(next));
  editsAhead().set({});
}
