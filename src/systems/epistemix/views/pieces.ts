import { jsonBytes } from "../../../platform/simulations";
import type { ModelFault, ModelSource } from "../fred";
import { InputFault, unpackInput } from "../input/unpack";
import type { FileAnswer, PlaceRowAnswer } from "../schema/page";
import { curvesOf, type RunResult } from "./curves";
import { type ReportContent, type ReportInput, reportContent } from "./report";
import { type FileSize, sizesIn, textsIn } from "./resultFiles";

/** What the page asks for is calculated in threads: values in, values or bytes of JSON out. */

const MAX_SHOWN_CHARACTERS = 200_000;
const MAX_MODEL_CHARACTERS = 1_000_000;

export const viewWork = {
  "epistemix.check": async (source: ModelSource): Promise<readonly ModelFault[]> => {
    const { checkModel } = await import("../fred");
    return checkModel(source);
  },
  "epistemix.curves": (results: readonly RunResult[]): Uint8Array => jsonBytes(curvesOf(results)),
  "epistemix.reportContent": (input: ReportInput): ReportContent => reportContent(input),
  "epistemix.places": (zip: Uint8Array): PlaceRowAnswer[] => placesIn(zip),
  "epistemix.files": (zip: Uint8Array): FileSize[] => sizesIn(zip),
  "epistemix.file": ({ zip, path }: { zip: Uint8Array; path: string }): FileAnswer | undefined => {
    const text = textsIn(zip, (name) => name === path).get(path);
    if (text === undefined) return undefined;
    return { path, text: text.slice(0, MAX_SHOWN_CHARACTERS), isCut: text.length > MAX_SHOWN_CHARACTERS };
  },
  "epistemix.model": (zip: Uint8Array): Record<string, string> => modelIn(zip),
};

function placesIn(zip: Uint8Array): PlaceRowAnswer[] {
  const rows: PlaceRowAnswer[] = [];
  for (const [path, text] of textsIn(zip, (name) => name.startsWith("PLACES/"))) {
    const condition = path.slice("PLACES/".length, -".csv".length);
    for (const line of text.trimEnd().split("\n").slice(1)) {
      const [kind, place, people, exposures, exposed] = line.split(",") as [string, string, string, string, string];
      rows.push({
        condition,
        kind,
        place,
        people: Number(people),
        exposures: Number(exposures),
        exposed: Number(exposed),
      });
    }
  }
  return rows;
}

/** The programs of an input, as many as can be shown; none where it is no ZIP. */
function modelIn(zip: Uint8Array): Record<string, string> {
  try {
    const texts = Object.entries(unpackInput(zip)).filter(([name]) => name.endsWith(".fred"));
    let left = MAX_MODEL_CHARACTERS;
    return Object.fromEntries(
      texts.filter(([, text]) => {
        left -= text.length;
        return left >= 0;
      }),
    );
  } catch (error) {
    if (error instanceof InputFault) return {};
    throw error;
  }
}
