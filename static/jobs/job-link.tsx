import type { ComponentChildren } from "preact";
import { goToJob } from "./place";

/** A link to one job. A plain click stays in the page. */
export function JobLink({ id, children }: { id: string; children: ComponentChildren }) {
  function stay(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goToJob(id);
  }
  return (
    <a href={`/jobs?job=${id}`} onClick={stay}>
      <bdi>{children}</bdi>
    </a>
  );
}
