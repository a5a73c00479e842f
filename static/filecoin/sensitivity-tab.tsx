import type { SensitivityAnswer } from "../../src/systems/filecoin/batch/schema/answers";
import { csvOf } from "../common/csv";
import { Fault } from "../common/fault";
import { formatNumber } from "../common/format";
import { choiceCodec, numberCodec, useUrlState } from "../common/url-state";
import { useStudy } from "./batch";
import { useSight } from "./context";
import { COMPARED_YEARS, dayAhead, measureWords, whenWords } from "./measures";
import { Picture } from "./picture";
import { RangeInput } from "./range-input";
import { type Range, useRange, VARIED, VARIED_NAMES, type VariedName } from "./ranges";
import { NoResult, ResultChoice, YearChoice } from "./result-choice";
import { RESULT_NAMES, type Result, resultOf } from "./results";
import { scenarioBody } from "./scenario";
import { curlOf } from "./simulate";
import { Tornado, type TornadoBar } from "./tornado";

const PATH = "/simulate/sensitivity";
const SAMPLES = 256;

type Effect = SensitivityAnswer["effects"][number];

/** Which input matters most: a tornado of the ends of their ranges, and how much of the spread each one explains. */
export default function SensitivityTab() {
  const { scenario, histories } = useSight();
  const [name, setName] = useUrlState("sens.of", choiceCodec(RESULT_NAMES, "circ_supply"));
  const [years, setYears] = useUrlState("sens.years", numberCodec(3, 1, 10));
  const ranges = VARIED_NAMES.map((input) => [input, useRange(input, histories)] as const);
  const isReady = ranges.every(([, range]) => range !== undefined);
  const given = Object.fromEntries(ranges) as Record<VariedName, Range>;
  const at_days = [...new Set(COMPARED_YEARS.map((after) => dayAhead(after, scenario.days)))];
  const body = { ...scenarioBody(scenario), ranges: given, output: RESULT_NAMES, at_days, samples: SAMPLES };
  const study = useStudy<SensitivityAnswer>(PATH, isReady ? body : undefined);
  const day = dayAhead(years, scenario.days);
  const answer = study.value?.answer;
  const result = resultOf(name);
  const effects = answer?.effects.filter((effect) => effect.series === name && effect.day === day) ?? [];
  const centre = answer?.centres.find((one) => one.series === name && one.day === day)?.value;
  const label = `${result.title} ${whenWords(years, scenario.days)}`;
  return (
    <>
      <div class="settings">
        <ResultChoice name={name} onChange={setName} />
        <YearChoice years={years} choices={COMPARED_YEARS} onChange={setYears} />
      </div>
      <div class="ranges">
        {ranges.map(([input, range]) => range && <RangeInput key={input} name={input} range={range} />)}
      </div>
      {study.fault !== undefined && <Fault report={study.fault} />}
      {effects.length > 0 && (
        <Effects {...{ label, result, effects, given, centre }} curl={curlOf(PATH, JSON.stringify(body))} />
      )}
    </>
  );
}

interface EffectsProps {
  label: string;
  result: Result;
  effects: readonly Effect[];
  given: Record<VariedName, Range>;
  centre: number | null | undefined;
  curl: string;
}

function Effects({ label, result, effects, given, centre, curl }: EffectsProps) {
  const resultWords = (value: number) => measureWords(value, result.unit);
  const ordered = effects
    .map((effect) => ({ effect, bar: barOf(effect, given[effect.input], result.factor) }))
    .sort((a, b) => widthOf(b.bar) - widthOf(a.bar));
  const bars = ordered.map(({ bar }) => bar);
  if (bars.every((bar) => !Number.isFinite(bar.atLow) && !Number.isFinite(bar.atHigh))) {
    return <NoResult label={label} />;
  }
  return (
    <>
      <Picture
        name="tornado"
        title={`${label}, each input from end to end`}
        unit={result.unit}
        csv={() =>
          csvOf(
            [
              ...["Input", "From", "To", `At the low end (${result.unit})`, `At the high end (${result.unit})`],
              ...["Rank correlation", "S1", "S1 error", "ST", "ST error"],
            ],
            ordered.map(({ bar, effect }) => [
              ...[bar.label, bar.lowWords, bar.highWords, bar.atLow, bar.atHigh],
              ...INDICES.flatMap(({ of }) => of(effect)),
            ]),
          )
        }
        curl={curl}
        draw={(widthPx) => (
          <Tornado {...{ widthPx, bars }} words={resultWords} centre={(centre ?? Number.NaN) * result.factor} />
        )}
      />
      <p class="quiet-text">
        <span class="swatch tornado-low" /> at the low end of the input <span class="swatch tornado-high" /> at the high
        end, the others as on the page. Below: how much of the spread of {label.toLowerCase()} each input explains when
        all of them vary.
      </p>
      <IndexTable effects={effects} />
    </>
  );
}

function barOf({ input, at_low, at_high }: Effect, { low, high }: Range, factor: number): TornadoBar {
  const { label, unit } = VARIED[input];
  return {
    name: input,
    label,
    lowWords: String(low),
    highWords: unit === "share" ? String(high) : `${high} ${unit}`,
    atLow: (at_low ?? Number.NaN) * factor,
    atHigh: (at_high ?? Number.NaN) * factor,
  };
}

function widthOf({ atLow, atHigh }: TornadoBar): number {
  const width = Math.abs(atHigh - atLow);
  return Number.isFinite(width) ? width : -1;
}

/** How much of the spread each input explains: at most five rows, widest first. */
function IndexTable({ effects }: { effects: readonly Effect[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section class="table-scroll" aria-label="Effects of the inputs" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Input</th>
            {INDICES.map(({ title }) => (
              <th key={title} scope="col" class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {effects
            .toSorted((a, b) => (b.total ?? -Infinity) - (a.total ?? -Infinity))
            .map((effect) => (
              <tr key={effect.input}>
                <td>{VARIED[effect.input].label}</td>
                {INDICES.map(({ title, of }) => (
                  <td key={title} class="number">
                    {words(of(effect))}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

const INDICES: { title: string; of: (effect: Effect) => (number | null)[] }[] = [
  { title: "Rank correlation", of: ({ rank_correlation }) => [rank_correlation] },
  { title: "First-order effect (S1)", of: ({ first_order, first_order_error }) => [first_order, first_order_error] },
  { title: "Total effect (ST)", of: ({ total, total_error }) => [total, total_error] },
];

/** A value, and where there is one its error. */
function words([value, error]: (number | null | undefined)[]): string {
  const shown = formatNumber(value, 2);
  return value == null || error == null ? shown : `${shown} ± ${formatNumber(error, 2)}`;
}
