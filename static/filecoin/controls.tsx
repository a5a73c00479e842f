import { seriesLook } from "../common/chart/colours";
import { Slider } from "../common/slider";
import { useStore } from "../common/store";
import type { RateHistory } from "./history";
import { type Pin, pin, unpin } from "./pins";
import { isKnots } from "./rate";
import {
  applyScenario,
  DEFAULTS,
  INPUTS,
  member,
  RATE_NAMES,
  type RateName,
  type Scenario,
  scenarioText,
  scenarioWords,
} from "./scenario";

type Histories = Record<RateName, RateHistory>;

/** Everything that a forecast assumes, and what was set aside for comparison. */
export function Controls(props: { scenario: Scenario; histories: Histories | undefined; pins: readonly Pin[] }) {
  const { scenario, histories } = props;
  const changed = scenarioText(scenario) !== "";
  return (
    <section class="panel controls" aria-label="Assumptions">
      <header class="panel-head">
        <h2>Assumptions</h2>
        <button type="button" class="quiet" disabled={!changed} onClick={() => applyScenario(DEFAULTS)}>
          Reset
        </button>
      </header>
      {RATE_NAMES.map((name) => (
        <RateInput key={name} name={name} history={histories?.[name]} />
      ))}
      <DaysInput name="days" />
      <DaysInput name="sector" />
      <Policies />
      <Pins scenario={scenario} pins={props.pins} />
    </section>
  );
}

function RateInput({ name, history }: { name: RateName; history: RateHistory | undefined }) {
  const store = member(name);
  const rate = useStore(store);
  const value = isKnots(rate) ? rate[0]![1] : (rate ?? history?.usual ?? 0);
  return (
    <Slider
      {...INPUTS[name]}
      value={Number(value.toPrecision(6))}
      {...(history && { history })}
      onChange={(next) => store.set(next)}
    />
  );
}

function DaysInput({ name }: { name: "days" | "sector" }) {
  const store = member(name);
  return <Slider {...INPUTS[name]} value={useStore(store)} onChange={(next) => store.set(Math.round(next))} />;
}

/** The protocol's own dates, from which a policy counts when it is switched on. */
const POLICIES = [
  { name: "fip81", title: "FIP-81", words: "pledge looks less at the baseline", start: "2024-11-21" },
  { name: "fip100", title: "FIP-100", words: "a daily fee on sectors is burnt", start: "2025-04-14" },
] as const;

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

function Policy({ name, title, words, start }: (typeof POLICIES)[number]) {
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
        <span class="quiet-text">{words}</span>
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
            <svg width="20" height="8" aria-hidden="true">
              <line {...keyLine(look)} />
            </svg>
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

function keyLine(look: number) {
  const { colour, dash } = seriesLook(look, "currentColor");
  return { x1: 0, y1: 4, x2: 20, y2: 4, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash.join(" ") };
}
