import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type FaultReport, getJson, reportOf } from "./api";
import { comebacks, useComebacks } from "./comebacks";
import { Fault } from "./fault";

/**
 * A component whose script is fetched when it is first shown: what stands behind a tab costs nothing until it is asked
 * for. `load` imports a module that has the component as its default; `Waiting` stands in its place meanwhile. What
 * failed is fetched when the server comes back.
 */
export function lazy<Props extends object>(
  load: () => Promise<{ default: FunctionComponent<Props> }>,
  Waiting: FunctionComponent<Props> = () => <p class="quiet-text loading">Loading</p>,
): FunctionComponent<Props> {
  let Component: FunctionComponent<Props> | undefined;
  return function Lazy(props: Props) {
    const [fault, setFault] = useState<FaultReport>();
    const [, redraw] = useState({});
    const returns = useComebacks();
    const fetchIt = () => {
      fetched(load).then(
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
    }, [returns]);
    if (fault !== undefined) return <Fault report={fault} retry={fetchIt} />;
    return Component === undefined ? <Waiting {...props} /> : <Component {...props} />;
  };
}

/**
 * The module. A browser remembers for as long as the page is open that it could not have a script, so no script is
 * asked for before the server is known to answer. A script that the server lacks after a comeback is that of an older
 * version, and the page is loaded anew.
 */
async function fetched<Module>(load: () => Promise<Module>): Promise<Module> {
  await getJson("/");
  return load().catch((thrown: unknown) => {
    if (comebacks.get() > 0) location.reload();
    throw thrown;
  });
}
