import { useState } from "preact/hooks";
import { type FaultReport, reportOf } from "./api";

/** Something that somebody does with a button: whether it is under way, and what went wrong with the last try. */
export interface Action<Arguments extends unknown[]> {
  running: boolean;
  fault: FaultReport | undefined;
  run(...given: Arguments): Promise<void>;
}

/** `where` names the request in the report of a fault. */
export function useAction<Arguments extends unknown[]>(
  where: string,
  act: (...given: Arguments) => Promise<void>,
): Action<Arguments> {
  const [running, setRunning] = useState(false);
  const [fault, setFault] = useState<FaultReport | undefined>();
  async function run(...given: Arguments): Promise<void> {
    setRunning(true);
    setFault(undefined);
    try {
      await act(...given);
    } catch (thrown) {
      setFault(reportOf(thrown, where));
    }
    setRunning(false);
  }
  return { running, fault, run };
}
