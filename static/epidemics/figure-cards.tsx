import type { ConditionCurvesAnswer, CurvesAnswer, StateCurvesAnswer } from "../../src/systems/epistemix/schema/page";
import { Card } from "../common/card";
import { formatNumber, formatSigned } from "../common/format";
import { useStore } from "../common/store";
import { stateIn } from "./curve-data";
import { chosenState } from "./place";
import { type JobCurves, useShown } from "./shown";
import { dateOf, rangeWords, wholeWords } from "./words";

/** The figures that matter most, with their differences from the other job. */
export function FigureCards() {
  const { own, other, condition } = useShown();
  const state = useStore(chosenState);
  if (own === undefined) return null;
  const mine = sightOf(own, condition, state);
  const theirs = other && sightOf(other, condition, mine?.state.name ?? "");
  if (mine === undefined) return null;
  const differs = (difference: string) =>
    theirs === undefined || other === undefined ? {} : { difference: `${difference} from job ${other.id}` };
  const { exposed } = mine.condition;
  const peak = mine.state.peak.median;
  return (
    <div class="cards figures-cards">
      {exposed !== null && (
        <Card
          title="Exposed"
          figure={wholeWords(exposed.median)}
          caption={`${shareWords(exposed.median, mine.curves)} of ${wholeWords(mine.curves.people)}. ${rangeWords(exposed)}`}
          {...(theirs?.condition.exposed != null &&
            differs(formatSigned(exposed.median - theirs.condition.exposed.median, "")))}
        />
      )}
      <Card
        title={`${mine.state.name}, peak`}
        figure={wholeWords(peak)}
        caption={`people at once. ${rangeWords(mine.state.peak)}`}
        {...(theirs !== undefined && differs(formatSigned(peak - theirs.state.peak.median, "")))}
      />
      <Card
        title={`${mine.state.name}, day of the peak`}
        figure={dateOf(mine.curves.startDate, mine.state.peakDay.median)}
        caption={rangeWords(mine.state.peakDay, (day) => dateOf(mine.curves.startDate, day))}
        {...(theirs !== undefined && differs(daysWords(mine.state.peakDay.median - theirs.state.peakDay.median)))}
      />
    </div>
  );
}

interface Sight {
  curves: CurvesAnswer;
  condition: ConditionCurvesAnswer;
  state: StateCurvesAnswer;
}

function sightOf({ curves }: JobCurves, name: string, stateName: string): Sight | undefined {
  const condition = curves.conditions.find((found) => found.name === name) ?? curves.conditions[0];
  const state = condition && stateIn(condition, stateName);
  return condition === undefined || state === undefined ? undefined : { curves, condition, state };
}

function shareWords(value: number, { people }: CurvesAnswer): string {
  return people === 0 ? "–" : `${formatNumber((100 * value) / people, 1)} %`;
}

function daysWords(days: number): string {
  const whole = Math.round(days);
  return `${whole < 0 ? "" : "+"}${wholeWords(whole)} days`;
}
