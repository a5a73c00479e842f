import { useEffect, useState } from "preact/hooks";
import type { ModelFaultAnswer } from "../../src/systems/epistemix/schema/page";
import { postJson } from "../common/api";
import { useComebacks } from "../common/comebacks";
import { MAIN_FILE, type ModelFiles } from "./place";
import { at } from "./session";

/** What is wrong with a model; undefined while that is not known. */
export type Checked = readonly ModelFaultAnswer[] | undefined;

const CHECK_AFTER_MS = 250;

/** Has the model checked once somebody has stopped typing. */
export function useCheck(files: ModelFiles): Checked {
  const [checked, setChecked] = useState<{ files: ModelFiles; faults: Checked }>();
  const comebacks = useComebacks();
  useEffect(() => {
    const calledOff = new AbortController();
    const timer = setTimeout(() => {
      const main = files[MAIN_FILE] === undefined ? Object.keys(files)[0]! : MAIN_FILE;
      postJson<{ faults: ModelFaultAnswer[] }>(at("/check"), { files, main }, calledOff.signal)
        .then(({ faults }) => setChecked({ files, faults }))
        .catch(() => {
          // Nothing is known; the next letter or the server's return asks again.
          if (!calledOff.signal.aborted) setChecked(undefined);
        });
    }, CHECK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      calledOff.abort();
    };
  }, [files, comebacks]);
  return checked?.files === files ? checked.faults : undefined;
}
