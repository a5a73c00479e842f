import { useMemo } from "preact/hooks";
import type { RatePoint } from "../../src/systems/broker/schema";
import { numberAxis } from "../common/chart/axis";
import { Chart } from "../common/chart/chart";
import { useStore } from "../common/store";
import { rates } from "./overview";

const SECONDS = 300;

const axis = { ...numberAxis("s"), format: (x: number) => (x === 0 ? "now" : `${-x} s ago`) };

/** Messages in and out over the last five minutes. */
export default function RatesChart() {
  const recent = useStore(rates);
  const chart = useMemo(() => columnsOf(recent), [recent]);
  return (
    <Chart
      name="rates"
      title="Messages, the last five minutes"
      unit="messages/s"
      axis={axis}
      fromZero
      heightPx={200}
      curl={`curl ${location.origin}/api/broker/rates`}
      {...chart}
    />
  );
}

/** One row for each of the last seconds, so that the scale stands still; what is not known of them is a gap. */
function columnsOf(recent: readonly RatePoint[]) {
  const x = Float64Array.from({ length: SECONDS }, (_, i) => i + 1 - SECONDS);
  const [messagesIn, messagesOut] = [gaps(), gaps()];
  const lastMs = recent.at(-1)?.timeMs ?? 0;
  for (const point of recent) {
    const row = SECONDS - 1 - Math.round((lastMs - point.timeMs) / 1000);
    if (row < 0) continue;
    messagesIn[row] = point.messagesIn;
    messagesOut[row] = point.messagesOut;
  }
  return {
    x,
    series: [
      { label: "in", values: messagesIn },
      { label: "out", values: messagesOut },
    ],
  };
}

function gaps(): Float64Array<ArrayBuffer> {
  return new Float64Array(SECONDS).fill(Number.NaN);
}
