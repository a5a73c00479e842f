import type { SimulatorState } from "../../src/systems/market/schema/simulator";
import { type Action, useAction } from "../common/action";
import { postJson } from "../common/api";
import { Fault } from "../common/fault";
import { type Resource, useRefreshed } from "../common/load";
import { toast } from "../common/toast";

const PATH = "/api/simulator";
const REFRESH_MS = 10_000;
const STARTED = 5;

/** Workers that the server itself pretends: what it says of them, and the buttons that bring and remove them. */
export interface Simulator {
  loaded: Resource<SimulatorState>;
  start: Action<[]>;
  stop: Action<[]>;
}

/** `changed` is called when workers have come or gone. */
export function useSimulator(changed: () => void): Simulator {
  const loaded = useRefreshed<SimulatorState>(PATH, REFRESH_MS);
  function useDeed(deed: string, body: object, words: string): Action<[]> {
    return useAction(`POST ${PATH}/${deed}`, async () => {
      try {
        await postJson<SimulatorState>(`${PATH}/${deed}`, body);
        toast(words);
      } finally {
        loaded.reload();
        changed();
      }
    });
  }
  return {
    loaded,
    start: useDeed("start", { workers: STARTED }, `${STARTED} simulated workers have come`),
    stop: useDeed("stop", {}, "The simulated workers have gone"),
  };
}

/** The button that brings simulated workers in. */
export function StartButton({ start: { running, run } }: Simulator) {
  return (
    <button type="button" class="primary" disabled={running} onClick={() => void run()}>
      {running ? "Starting them" : `Start ${STARTED} simulated workers`}
    </button>
  );
}

/** Beside workers: how many are simulated, with the button that stops them; while none is online, the one that starts some. */
export function SimulatorLine(props: { noneOnline: boolean; changed: () => void }) {
  const simulator = useSimulator(props.changed);
  const { start, stop } = simulator;
  const state = simulator.loaded.value;
  if (state === undefined || !state.available) return null;
  const fault = start.fault ?? stop.fault;
  if (state.workers === 0 && !props.noneOnline && fault === undefined) return null;
  return (
    <div class="simulator">
      {state.workers > 0 && (
        <>
          <span class="quiet-text">
            {state.workers === 1 ? "1 worker is simulated" : `${state.workers} workers are simulated`}
          </span>
          <button type="button" disabled={stop.running} onClick={() => void stop.run()}>
            {stop.running ? "Stopping" : "Stop simulating"}
          </button>
        </>
      )}
      {state.workers === 0 && props.noneOnline && (
        <>
          <span class="quiet-text">No worker is online</span>
          <StartButton {...simulator} />
        </>
      )}
      {fault !== undefined && <Fault report={fault} />}
    </div>
  );
}
