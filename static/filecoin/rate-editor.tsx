import { useId, useState } from "preact/hooks";
import { Dialog } from "../common/dialog";
import { useStore } from "../common/store";
import type { RateHistory } from "./history";
import { isKnots, type Knots } from "./rate";
import { RateDrawing } from "./rate-drawing";
import { rateText, readRateText } from "./rate-text";
import { INPUTS, member, type RateName } from "./scenario";

const SPACINGS = [
  { days: 1, words: "a day apart" },
  { days: 7, words: "a week apart" },
  { days: 30, words: "30 days apart" },
  { days: 365, words: "a year apart" },
];

export interface RateEditorProps {
  name: RateName;
  history: RateHistory;
  days: number;
  todayS: number;
  onClose(): void;
}

/** A rate over time, drawn or typed; the forecast follows every change. */
export default function RateEditor({ name, history, days, todayS, onClose }: RateEditorProps) {
  const { label, unit, min, max, step } = INPUTS[name];
  const store = member(name);
  const rate = useStore(store);
  const knots: Knots = isKnots(rate) ? rate : [[0, rate ?? history.usual]];
  const [top, setTop] = useState(() =>
    Math.min(max, niceAbove(Math.max(1.5 * history.high, ...knots.map(([, v]) => v)))),
  );
  return (
    <Dialog title={`${label} over time, ${unit}`} onClose={onClose}>
      <RateDrawing {...{ label, knots, days, todayS, top, step }} onDraw={(drawn) => store.set(drawn)} />
      <div class="drawing-tools">
        {max > 1 && (
          <label class="choice">
            Scale to, {unit}
            <input
              type="number"
              min={step}
              max={max}
              value={top}
              onChange={({ currentTarget: { valueAsNumber } }) => {
                if (valueAsNumber > 0 && valueAsNumber <= max) setTop(valueAsNumber);
              }}
            />
          </label>
        )}
        <button type="button" onClick={() => store.set(null)}>
          Level again
        </button>
      </div>
      <RateText knots={knots} limits={{ min, max, days, todayS }} onChange={(read) => store.set(read)} />
    </Dialog>
  );
}

interface RateTextProps {
  knots: Knots;
  limits: Parameters<typeof readRateText>[1];
  onChange(knots: Knots): void;
}

/** The line in words: what is typed or pasted is taken as soon as it can be read. */
function RateText({ knots, limits, onChange }: RateTextProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [spacing, setSpacing] = useState(1);
  const [fault, setFault] = useState("");
  const [id, noteId] = [useId(), useId()];
  function read(text: string, spacingDays: number): void {
    setTyped(text);
    setSpacing(spacingDays);
    const found = readRateText(text, limits, spacingDays);
    setFault(typeof found === "string" ? found : "");
    if (typeof found !== "string") onChange(found);
  }
  return (
    <div class="rate-text">
      <label for={id}>Values</label>
      <textarea
        id={id}
        rows={6}
        class="mono"
        spellcheck={false}
        aria-invalid={fault !== ""}
        aria-describedby={noteId}
        value={typed ?? rateText(knots)}
        onInput={(event) => read(event.currentTarget.value, spacing)}
        onBlur={() => fault === "" && setTyped(null)}
      />
      <small id={noteId} class={fault === "" ? "" : "wrong"}>
        {fault ||
          "Paste values, or points as day: value or date, value. Between points the line is straight, after the last it is level."}
      </small>
      <label class="choice">
        Bare values are
        <select value={spacing} onChange={(event) => read(typed ?? rateText(knots), Number(event.currentTarget.value))}>
          {SPACINGS.map(({ days, words }) => (
            <option key={days} value={days}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** The next of 1, 2, 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((nice) => nice >= value)!;
}
