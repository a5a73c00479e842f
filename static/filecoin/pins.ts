import { useStore } from "../common/store";
import { textCodec, urlStore } from "../common/url-state";
import { type Scenario, scenarioOf, scenarioText } from "./scenario";

/** A scenario that was set aside, to be held against that of the page. */
export interface Pin {
  letter: string;
  /** Its place in the order of colours. */
  look: number;
  scenario: Scenario;
}

/** Four places; a pin keeps its place and so its colour. */
const PLACES = ["A", "B", "C", "D"].map((letter, at) => ({ letter, look: 3 + at }));

/** In the address, since an empty text is an empty place. */
const ALL_DEFAULTS = "defaults";

const storeOf = (letter: string) => urlStore(`pin${letter}`, textCodec());

/** The pins, in the order of their letters. */
export function usePins(): Pin[] {
  return PLACES.flatMap((place) => {
    const text = useStore(storeOf(place.letter));
    return text === "" ? [] : [{ ...place, scenario: scenarioOf(text) }];
  });
}

/** Sets the scenario aside in the first free place. Gives its letter, undefined when all are taken. */
export function pin(scenario: Scenario): string | undefined {
  const free = PLACES.find(({ letter }) => storeOf(letter).get() === "");
  if (free === undefined) return undefined;
  storeOf(free.letter).set(scenarioText(scenario) || ALL_DEFAULTS);
  return free.letter;
}

export function unpin(letter: string): void {
  storeOf(letter).set("");
}
