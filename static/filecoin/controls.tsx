import type { FunctionComponent } from "preact";
import { useState } from "preact/hooks";
import { LineKey } from "../common/chart/line-key";
import { formatNumber } from "../common/format";
import { Slider } from "../common/slider";
import { Sparkline } from "../common/sparkline";
import { useStore } from "../common/store";
import { BAND_CHOICES, bandChoice } from "./band-choice";
import { useSight } from "./context";
import { DataAge } from "./data-age";
import type { RateHistory } from "./history";
import { type Pin, pin, unpin } from "./pins";
import { isKnots, type Knots, spreadKnots } from "./rate";
import type { RateEditorProps } from "./rate-editor";
import {
  applyScenario,
  DEFAULT_WORDS,
  DEFAULTS,
  INPUTS,
  member,
  POLICIES,
  RATE_NAMES,
  type RateName,
  type Scenario,
  scenarioWords,
} from "./scenario";

type Histories = Record<RateName, RateHistory>;

/**
 * Everything that a forecast assumes, and what was set aside for comparison. On a narrow screen it is folded away; when
 * it is open it stays in sight above the charts.
 */
export function Controls(props: { scenario: Scenario; histories: Histories | undefined; pins: readonly Pin[] }) {
  const { scenario, histories } = props;
  const [open, setOpen] = useState(false);
  const words = scenarioWords(scenario);
  return (
    <section class={open ? "panel controls open" : "panel controls"} aria-label="Assumptions">
      <header class="panel-head">
        <h2>Assumptions</h2>
        <span class="quiet-text controls-words">{words}</span>
        <button type="button" class="quiet" disabled={words === DEFAULT_WORDS} onClick={() => applyScenario(DEFAULTS)}>
          Reset
        </button>
        <button type="button" class="quiet controls-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Done" : "Change"}
        </button>
      </header>
      <div class="controls-body">
        {RATE_NAMES.map((name) => (
          <RateInput key={name} name={name} history={histories?.[name]} />
        ))}
        <DaysInput name="days" />
        <DaysInput name="sector" />
        <Policies />
        <BandsInput />
        <Pins scenario={scenario} pins={props.pins} />
        <DataAge />
      </div>
    </section>
  );
}

function RateInput({ name, history }: { name: RateName; history: RateHistory | undefined }) {
  const store = member(name);
  const rate = useStore(store);
  return (
    <div class="rate">
      {isKnots(rate) ? (
        <LineOverTime name={name} knots={rate} />
      ) : (
        <Slider
          {...INPUTS[name]}
          value={Number((rate ?? history?.usual ?? 0).toPrecision(6))}
          {...(history && { history })}
          onChange={(next) => store.set(next)}
        />
      )}
      {history !== undefined && <DrawButton name={name} history={history} />}
    </div>
  );
}

/** In place of the slider where the rate is drawn. */
function LineOverTime({ name, knots }: { name: RateName; knots: Knots }) {
  const { label, unit } = INPUTS[name];
  const days = useStore(member("days"));
  const values = knots.map(([, value]) => value);
  const shown = (value: number) => formatNumber(value, 2);
  return (
    <div class="over-time">
      <span>{label}</span>
      <Sparkline values={spreadKnots(knots, days)} />
      <small>
        {shown(Math.min(...values))} to {shown(Math.max(...values))} {unit} over time
      </small>
      <button type="button" class="quiet" onClick={() => member(name).set(null)}>
        Level again
      </button>
    </div>
  );
}

const editor = () => import("./rate-editor");

function DrawButton({ name, history }: { name: RateName; history: RateHistory }) {
  const { run, scenario } = useSight();
  const [Editor, setEditor] = useState<{ Component: FunctionComponent<RateEditorProps> }>();
  const today = run.value;
  if (today === undefined) return null;
  return (
    <>
      <button
        type="button"
        class="quiet draw"
        aria-label={`Draw ${INPUTS[name].label} over time`}
        onClick={() => void editor().then(({ default: Component }) => setEditor({ Component }))}
      >
        Draw
      </button>
      {Editor !== undefined && (
        <Editor.Component
          {...{ name, history }}
          days={scenario.days}
          todayS={today.x[today.historyDays]!}
          onClose={() => setEditor(undefined)}
        />
      )}
    </>
  );
}

function DaysInput({ name }: { name: "days" | "sector" }) {
  const store = member(name);
  return <Slider {...INPUTS[name]} value={useStore(store)} onChange={(next) => store.set(Math.round(next))} />;
}

function BandsInput() {
  const store = bandChoice();
  return (
    <label class="bands-choice">
      Bands
      <select
        value={useStore(store)}
        onChange={({ currentTarget }) => store.set(BAND_CHOICES[currentTarget.selectedIndex]!.name)}
      >
        {BAND_CHOICES.map(({ name, words }) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function Policies() {
  return (
    <fieldset class="policies">
      <legend>Policies</legend>
      {POLICIES.map((policy) => (
        <Policy key={policy.name} {...policy} />
      ))}
    </fieldset>
  );
}

function Policy({ name, title, effect, start }: (typeof POLICIES)[number]) {
  const store = member(name);
  const since = useStore(store);
  return (
    <div class="policy">
      <label class="check">
        <input
          type="checkbox"
          checked={since !== null}
          onChange={(event) => store.set(event.currentTarget.checked ? start : null)}
        />
        {title}
      </label>
      {since === null ? (
        <span class="quiet-text">{effect}</span>
      ) : (
        <input
          type="date"
          aria-label={`${title} in force from`}
          value={since}
          onChange={(event) => event.currentTarget.value !== "" && store.set(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

function Pins({ scenario, pins }: { scenario: Scenario; pins: readonly Pin[] }) {
  return (
    <div class="pins">
      <header class="panel-head">
        <h2>Pins</h2>
        <button type="button" class="quiet" disabled={pins.length === 4} onClick={() => pin(scenario)}>
          Pin this
        </button>
      </header>
      <ul>
        {pins.map(({ letter, look, scenario: pinned }) => (
          <li key={letter}>
            <LineKey place={look} />
            <button
              type="button"
              class="link"
              title="Make it the scenario of the page"
              onClick={() => applyScenario(pinned)}
            >
              {letter}: {scenarioWords(pinned)}
            </button>
            <button type="button" class="quiet" aria-label={`Remove pin ${letter}`} onClick={() => unpin(letter)}>
              ×
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
