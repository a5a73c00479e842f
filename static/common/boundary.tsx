import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { reportOf } from "./api";
import { Fault } from "./fault";

/** Shows a fault in place of what could not be drawn, so that one broken part does not leave an empty page. */
export function Boundary(props: { where: string; children: ComponentChildren }) {
  const [thrown, tryAgain] = useErrorBoundary();
  if (thrown !== undefined) return <Fault report={reportOf(thrown, props.where)} retry={tryAgain} />;
  return props.children;
}
