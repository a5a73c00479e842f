import { useMemo, useState } from "preact/hooks";
import type { SweepAnswer } from "../../src/systems/filecoin/batch/schema/answers";
import { csvOf } from "../common/csv";
import { Fault } from "../common/fault";
import { choiceCodec, numberCodec, useUrlState } from "../common/url-state";
import { useStudy } from "./batch";
import { useSight } from "./context";
import { type Cell, HeatMap } from "./heat-map";
import { COMPARED_YEARS, dayAhead, measureWords, whenWords } from "./measures";
import { Picture } from "./picture";
import { RangeInput } from "./range-input";
import { useRange, VARIED, VARIED_NAMES, type VariedName } from "./ranges";
import { isKnots } from "./rate";
import { NoResult, ResultChoice, YearChoice } from "./result-choice";
import { RESULT_NAMES, type Result, resultOf } from "./results";
import { member, type Scenario, scenarioBody } from "./scenario";
import { curlOf } from "./simulate";

const PATH = "/simulate/sweep";
const STEPS = 21;

/** Two inputs over their ranges: what comes of each pair, as a map. */
export default function SweepTab() {
  const { scenario, histories } = useSight();
  const [x, setX] = useUrlState("sweep.x", choiceCodec(VARIED_NAMES, "rbp"));
  const [y, setY] = useUrlState("sweep.y", choiceCodec(VARIED_NAMES, "rr"));
  const [name, setName] = useUrlState("sweep.of", choiceCodec(RESULT_NAMES, "circ_supply"));
  const [years, setYears] = useUrlState("sweep.years", numberCodec(3, 1, 10));
  const [xRange, yRange] = [useRange(x, histories), useRange(y, histories)];
  const body =
    xRange === undefined || yRange === undefined || x === y
      ? undefined
      : sweepBody(scenario, { [x]: { ...xRange, steps: STEPS }, [y]: { ...yRange, steps: STEPS } });
  const sweep = useStudy<SweepAnswer>(PATH, body);
  const answer = sweep.value?.answer;
  return (
    <>
      <div class="settings">
        <InputChoice words="Across" name={x} other={y} onChange={setX} />
        <InputChoice words="Upwards" name={y} other={x} onChange={setY} />
        <ResultChoice name={name} onChange={setName} />
        <YearChoice years={years} choices={COMPARED_YEARS} onChange={setYears} />
      </div>
      <div class="ranges">
        {xRange !== undefined && <RangeInput key={x} name={x} range={xRange} />}
        {yRange !== undefined && <RangeInput key={y} name={y} range={yRange} />}
      </div>
      {sweep.fault !== undefined && <Fault report={sweep.fault} />}
      {answer?.points?.inputs[x] !== undefined && answer.points.inputs[y] !== undefined && (
        <SweepMap {...{ answer, x, y, years }} result={resultOf(name)} curl={curlOf(PATH, JSON.stringify(body))} />
      )}
    </>
  );
}

function sweepBody(scenario: Scenario, axes: object): object {
  const at_days = [...new Set(COMPARED_YEARS.map((years) => dayAhead(years, scenario.days)))];
  // One day of bands, since only the points are looked at.
  return { ...scenarioBody(scenario), axes, output: RESULT_NAMES, at_days, step_days: scenario.days };
}

interface InputChoiceProps {
  words: string;
  name: VariedName;
  other: VariedName;
  onChange(name: VariedName): void;
}

function InputChoice({ words, name, other, onChange }: InputChoiceProps) {
  return (
    <label class="choice">
      {words}
      <select value={name} onChange={(event) => onChange(event.currentTarget.value as VariedName)}>
        {VARIED_NAMES.filter((input) => input !== other).map((input) => (
          <option key={input} value={input}>
            {VARIED[input].label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SweepMapProps {
  answer: SweepAnswer;
  x: VariedName;
  y: VariedName;
  years: number;
  result: Result;
  curl: string;
}

function SweepMap({ answer, x, y, years, result, curl }: SweepMapProps) {
  const { scenario, histories } = useSight();
  const [read, setRead] = useState<Cell | null>(null);
  const grid = useMemo(() => gridOf(answer, x, y), [answer, x, y]);
  const day = dayAhead(years, scenario.days);
  const values = answer.points!.series[result.series]?.[answer.points!.days.indexOf(day)];
  const valueAt = (cell: Cell) => (values?.[grid.runOf(cell)] ?? Number.NaN) * result.factor;
  const words = (value: number) => measureWords(value, result.unit);
  const label = `${result.title} ${whenWords(years, scenario.days)}`;
  if (values?.every((value) => value === null)) return <NoResult label={label} />;
  return (
    <>
      <Picture
        name="sweep"
        title={label}
        unit={result.unit}
        csv={() =>
          csvOf(
            [VARIED[x].label, VARIED[y].label, `${label} (${result.unit})`],
            grid.cells.map((cell) => [grid.xs[cell.column], grid.ys[cell.row], valueAt(cell)]),
          )
        }
        curl={curl}
        draw={(widthPx) => (
          <HeatMap
            {...{ label, widthPx, valueAt, words }}
            xs={grid.xs}
            ys={grid.ys}
            xLabel={`${VARIED[x].label}, ${VARIED[x].unit}`}
            yLabel={`${VARIED[y].label}, ${VARIED[y].unit}`}
            here={hereIn(scenario, x, y, grid, histories)}
            onRead={setRead}
            onPick={({ column, row }) => {
              setInput(x, grid.xs[column]!);
              setInput(y, grid.ys[row]!);
            }}
          />
        )}
      />
      <p class="quiet-text" role="status">
        {read === null || !Number.isFinite(valueAt(read))
          ? "Point at a cell to read it, click to make it the scenario of the page. The ring is where the page is now."
          : `${VARIED[x].label} ${short(grid.xs[read.column]!)}, ${VARIED[y].label.toLowerCase()} ${short(grid.ys[read.row]!)}: ${words(valueAt(read))}`}
      </p>
    </>
  );
}

interface Grid {
  xs: number[];
  ys: number[];
  cells: Cell[];
  /** The number of the run of a cell. */
  runOf(cell: Cell): number;
}

/** The runs of a sweep by the values of their two inputs. */
function gridOf({ points }: SweepAnswer, x: VariedName, y: VariedName): Grid {
  const [ofX, ofY] = [points!.inputs[x]!, points!.inputs[y]!];
  const ascending = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
  const [xs, ys] = [ascending(ofX), ascending(ofY)];
  const runs = new Map(ofX.map((value, run) => [`${value} ${ofY[run]}`, run]));
  return {
    xs,
    ys,
    cells: ys.flatMap((_, row) => xs.map((_, column) => ({ column, row }))),
    runOf: ({ column, row }) => runs.get(`${xs[column]} ${ys[row]}`)!,
  };
}

/** The members of the page's scenario that the API's names stand for. */
const MEMBERS = { rbp: "rbp", rr: "rr", fpr: "fpr", lock_target: "lock", sector_duration_days: "sector" } as const;

function setInput(name: VariedName, value: number): void {
  const input = MEMBERS[name];
  if (input === "sector") member(input).set(Math.round(value));
  else member(input).set(Number(value.toPrecision(6)));
}

/** Where the page's scenario is on the map; nowhere when it is outside, or an input is drawn over time. */
function hereIn(
  scenario: Scenario,
  x: VariedName,
  y: VariedName,
  { xs, ys }: Grid,
  histories: ReturnType<typeof useSight>["histories"],
): { x: number; y: number } | undefined {
  const valueAt = (name: VariedName): number => {
    const input = MEMBERS[name];
    if (input === "sector") return scenario.sector;
    const rate = scenario[input];
    return isKnots(rate) ? Number.NaN : (rate ?? histories?.[input].usual ?? Number.NaN);
  };
  const here = { x: valueAt(x), y: valueAt(y) };
  const isInside = here.x >= xs[0]! && here.x <= xs.at(-1)! && here.y >= ys[0]! && here.y <= ys.at(-1)!;
  return isInside ? here : undefined;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
