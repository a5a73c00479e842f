import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type FaultReport, reportOf } from "./api";
import { Fault } from "./fault";

/**
 * A component whose script is fetched when it is first shown: what stands behind a tab costs nothing until it is asked
 * for. `load` imports a module that has the component as its default.
 */
export function lazy<Props extends object>(
  load: () => Promise<{ default: FunctionComponent<Props> }>,
): FunctionComponent<Props> {
  let Component: FunctionComponent<Props> | undefined;
  return function Lazy(props: Props) {
    const [fault, setFault] = useState<FaultReport>();
    const [, redraw] = useState({});
    const fetchIt = () => {
      load().then(
        (module) => {
          Component = module.default;
          setFault(undefined);
          redraw({});
        },
        (thrown: unknown) => setFault(reportOf(thrown, "a part of the page")),
      );
    };
    useEffect(() => {
      if (Component === undefined) fetchIt();
    }, []);
    if (fault !== undefined) return <Fault report={fault} retry={fetchIt} />;
    return Component === undefined ? <p class="quiet-text loading">Loading</p> : <Component {...props} />;
  };
}
