import { Fault } from "../common/fault";
import { SHOWN_SERIES } from "./charts";
import { CompareTable } from "./compare";
import { useSight } from "./context";
import { POLICIES, type Scenario } from "./scenario";
import { useRuns } from "./simulate";

const [FIP81, FIP100] = POLICIES;

/** The same scenario without policies, with each and with both: before and after. */
export default function PoliciesTab() {
  const { scenario } = useSight();
  const cases = policyCases(scenario);
  const runs = useRuns(
    cases.map((one) => one.scenario),
    SHOWN_SERIES,
  );
  const compared = cases.flatMap(({ name }, at) => {
    const run = runs.value?.[at];
    return run === undefined ? [] : [{ name, run }];
  });
  return (
    <>
      {runs.fault !== undefined && <Fault report={runs.fault} />}
      <p class="quiet-text">
        {FIP81.title} ({FIP81.effect}) from {scenario.fip81 ?? FIP81.start}; {FIP100.title} ({FIP100.effect}) from{" "}
        {scenario.fip100 ?? FIP100.start}. Switch one on at the left to see it in the charts, beside the line without
        it.
      </p>
      <CompareTable name="policies" caption="policies" runs={compared} />
    </>
  );
}

function policyCases(scenario: Scenario): { name: string; scenario: Scenario }[] {
  const fip81 = scenario.fip81 ?? FIP81.start;
  const fip100 = scenario.fip100 ?? FIP100.start;
  return [
    { name: "Without", scenario: { ...scenario, fip81: null, fip100: null } },
    { name: `With ${FIP81.title}`, scenario: { ...scenario, fip81, fip100: null } },
    { name: `With ${FIP100.title}`, scenario: { ...scenario, fip81: null, fip100 } },
    { name: "With both", scenario: { ...scenario, fip81, fip100 } },
  ];
}
